import type { Finding, Span } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import { type DecisionRecord, keyOf, type Records } from './record.ts';
import { STATUS_WORDS, type Successor } from './status.ts';

/** An invariant, as far as its decision is concerned. */
export type Standing = { readonly id: string; readonly alias?: string; readonly adr: string };

/**
 * What is said of a decision that invariants stand on. A fleet may accept these in a waiver, like what an invariant
 * says; the rest is a slip of the pen, and is mended.
 */
export const DECISION_RULES: readonly { readonly id: string }[] = [
  { id: 'adr-missing' },
  { id: 'adr-rejected' },
  { id: 'adr-superseded' },
  { id: 'adr-deprecated' },
  { id: 'adr-proposed' },
];

/**
 * Whether a fleet must hold the record itself. The decisions with an A are about fleets; the numbered ones are how
 * Bulkhead is built, their records come with it, and a fleet's own `0005-….md` is another decision.
 */
export function isFleetDecision(id: string): boolean {
  return /^ADR-A\d+$/.test(id);
}

/** The invariants that stand on a record. */
export function standersOn<T extends Standing>(id: string, standing: readonly T[]): readonly T[] {
  return standing.filter(({ adr }) => isFleetDecision(adr) && keyOf(adr) === keyOf(id));
}

/**
 * What is wrong with the decisions that these invariants stand on. A record that is not there has no place; it is told
 * at `place`, where the fleet that needs it is declared. In the order of the records' ids.
 */
export function judgeDecisions(records: Records, standing: readonly Standing[], place: Span): Finding[] {
  const index = indexOf(records);
  return [
    ...missing(records, standing, place),
    ...records.records
      .filter(({ id }) => standersOn(id, standing).length > 0)
      .flatMap((record) => [...judgeRecord(record, index, standing)]),
  ];
}

/** What is wrong with any record of the folder, whether invariants stand on it or not. */
export function judgeRecords(records: Records, standing: readonly Standing[], place: Span): Finding[] {
  const index = indexOf(records);
  return [
    ...missing(records, standing, place),
    ...records.records.flatMap((record) => [...judgeRecord(record, index, standing)]),
    ...records.unnumbered.map(({ file, head }) =>
      findingAt(head, file, {
        id: 'adr-unnumbered',
        severity: 'note',
        message: 'this file has a status and no number in its name, so nothing can cite it',
        help: `name it like ${'`0001-its-title.md`'}; \`bulkhead adr new\` takes the next number`,
      }),
    ),
  ];
}

type Index = {
  readonly byKey: ReadonlyMap<string, readonly DecisionRecord[]>;
  readonly byName: ReadonlyMap<string, DecisionRecord>;
};

function indexOf({ records }: Records): Index {
  const byKey = new Map<string, DecisionRecord[]>();
  for (const record of records) {
    const key = keyOf(record.id);
    byKey.set(key, [...(byKey.get(key) ?? []), record]);
  }
  return { byKey, byName: new Map(records.map((record) => [record.name, record])) };
}

function missing(records: Records, standing: readonly Standing[], place: Span): Finding[] {
  const present = new Set(records.records.map(({ id }) => keyOf(id)));
  const wanted = [...new Set(standing.map(({ adr }) => adr))]
    .filter((id) => isFleetDecision(id) && !present.has(keyOf(id)))
    .toSorted();
  // A folder with none of them is somebody's log of other decisions: it was never meant to hold these.
  if (wanted.length > 0 && !records.records.some(({ id }) => isFleetDecision(id))) {
    return [noneOf(records, wanted, place)];
  }
  return wanted.map((id) => ({
    id: 'adr-missing',
    severity: 'error',
    message: `${records.folder} has no ${id}, and ${standersText(standersOn(id, standing))}`,
    path: [id],
    span: place,
    help: `\`bulkhead adr new ${id}\` writes the one that comes with Bulkhead, to read and to keep`,
  }));
}

function noneOf({ folder }: Records, wanted: readonly string[], place: Span): Finding {
  return {
    id: 'adr-missing',
    severity: 'note',
    message: `${folder} holds none of the decisions that the contract stands on: ${wanted.join(', ')}`,
    path: [],
    span: place,
    help: `to keep them with yours, \`bulkhead adr new ${wanted[0]}\` writes the first; from then on each must be there`,
  };
}

function* judgeRecord(
  record: DecisionRecord,
  index: Index,
  standing: readonly Standing[],
): Iterable<Finding> {
  const standers = standersOn(record.id, standing);
  yield* judgeNumber(record, index);
  yield* judgeStatus(record);
  if (record.status?.kind === 'superseded') yield* judgeSuccessor(record, record.status.successor, index);
  if (standers.length > 0) yield* judgeStanding(record, standersText(standers));
  if (record.date && !record.date.isValid) {
    yield findingAt(record.date.span, record.id, {
      id: 'adr-date',
      severity: 'warning',
      message: `${quote(record.date.text)} is no day`,
      help: 'write year, month and day, like 2026-11-22',
    });
  }
}

function* judgeNumber(record: DecisionRecord, { byKey }: Index): Iterable<Finding> {
  const [first, ...others] = byKey.get(keyOf(record.id)) ?? [];
  // Told once, at the second file: the first had the number before.
  if (first === undefined || others[0] !== record) return;
  const names = others.map(({ name }) => name).join(', ');
  yield {
    ...findingAt(record.head, record.id, {
      id: 'adr-duplicate',
      severity: 'error',
      message: `${names} and ${first.name} are both ${record.id}: who cites it means either`,
      help: 'give one of them the next free number, in its name and where it is cited',
    }),
    related: [{ message: `${first.id} is here too`, path: [first.id], span: first.head }],
  };
}

function* judgeStatus({ id, status, head }: DecisionRecord): Iterable<Finding> {
  if (status === undefined) {
    yield findingAt(head, id, {
      id: 'adr-status',
      severity: 'warning',
      message: `${id} has no status, so nobody can tell whether it is decided`,
      help: 'write `status: accepted` in its front matter, or a line `- Status: accepted` below its title',
    });
  } else if (status.kind === undefined) {
    const near = nearest(/\p{L}+/u.exec(status.text)?.[0] ?? '', STATUS_WORDS);
    yield findingAt(status.span, id, {
      id: 'adr-status',
      severity: 'warning',
      message: `${quote(status.text)} is no status of a decision`,
      help:
        near === undefined
          ? 'write proposed, accepted, rejected, deprecated, or superseded by the id of another record'
          : `write ${near}, if that is what you mean`,
    });
  }
}

/** A record that was superseded leads to what holds now, in however many steps. */
function* judgeSuccessor(
  record: DecisionRecord,
  successor: Successor | undefined,
  index: Index,
): Iterable<Finding> {
  const { id, status, head } = record;
  const at = status?.span ?? head;
  if (successor === undefined) {
    yield findingAt(at, id, {
      id: 'adr-successor',
      severity: 'warning',
      message: `${id} is superseded, and does not say by what`,
      help: 'write which: `superseded by ADR-0007`',
    });
    return;
  }
  const seen = new Set([record]);
  let next = follow(successor, index);
  if (next === undefined) {
    yield findingAt(at, id, {
      id: 'adr-successor',
      severity: 'error',
      message: `${id} is superseded by ${quote(successor.text)}, and there is no such record in its folder`,
      help: 'write the id of a record that is there, or link to its file',
    });
  }
  while (next !== undefined && next !== 'elsewhere' && !seen.has(next)) {
    seen.add(next);
    next = next.status?.successor && follow(next.status.successor, index);
  }
  if (next === record) {
    yield findingAt(at, id, {
      id: 'adr-successor',
      severity: 'error',
      message:
        seen.size === 1
          ? `${id} is superseded by itself`
          : `${[...seen].map((one) => one.id).join(' → ')} → ${id}: each is superseded, and none holds`,
      help: 'set the status of the one that holds to accepted',
    });
  }
}

/** The record that is named; `elsewhere` when it is none of this folder's files, which nobody here can look at. */
function follow(successor: Successor, { byKey, byName }: Index): DecisionRecord | 'elsewhere' | undefined {
  if (successor.kind === 'id') return byKey.get(keyOf(successor.text))?.[0];
  const path = decoded(successor.text.replace(/[#?].*$/, '')).replace(/^(\.\/)+/, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.includes('/')) return 'elsewhere';
  return byName.get(path);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function* judgeStanding({ id, status }: DecisionRecord, standers: string): Iterable<Finding> {
  if (status === undefined || status.kind === undefined || status.kind === 'accepted') return;
  const waiver = `\`{ invariant: adr-${status.kind}, at: ${id}, … }\``;
  const amend = `Bulkhead goes on holding fleets to ${id}: `;
  const told = {
    proposed: {
      severity: 'note',
      state: 'is only proposed',
      help: 'decide: set its status to accepted, or to rejected',
    },
    deprecated: {
      severity: 'warning',
      state: 'is deprecated',
      help: `${amend}accept it again, or accept the difference in a waiver, ${waiver}`,
    },
    rejected: {
      severity: 'error',
      state: 'is rejected',
      help: `${amend}accept it, or accept the difference in a waiver, ${waiver}`,
    },
    superseded: {
      severity: 'error',
      state: status.successor ? `is superseded by ${quote(status.successor.text)}` : 'is superseded',
      help: `${amend}let the newer record amend it and set it back to accepted, or accept the difference in a waiver, ${waiver}`,
    },
  } as const;
  const { severity, state, help } = told[status.kind];
  yield findingAt(status.span, id, {
    id: `adr-${status.kind}`,
    severity,
    message: `${id} ${state}, and ${standers}`,
    help,
  });
}

/** `C1, C2, C3 and 18 other invariants stand on it`. */
function standersText(standers: readonly Standing[]): string {
  const known = [...new Set(standers.flatMap(({ alias }) => alias ?? []))];
  const shown = known.length > 0 ? known : standers.slice(0, 3).map(({ id }) => id);
  const rest = standers.filter(({ id, alias }) => !shown.includes(alias ?? id)).length;
  if (rest > 0) {
    const others = `${rest} other ${rest === 1 ? 'invariant' : 'invariants'}`;
    return `${shown.join(', ')} and ${others} stand on it`;
  }
  const last = shown.at(-1);
  return shown.length === 1
    ? `${last} stands on it`
    : `${shown.slice(0, -1).join(', ')} and ${last} stand on it`;
}

function findingAt(
  span: Span,
  step: string,
  told: Pick<Finding, 'id' | 'severity' | 'message'> & { readonly help: string },
): Finding {
  return { ...told, path: [step], span };
}
