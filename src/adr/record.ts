import type { Span } from '../base/finding.ts';
import { compareText } from '../base/order.ts';
import { sourceText } from '../fleet/source-text.ts';
import { readFields } from './fields.ts';
import { parseStatus, parseSuccessor, type Status } from './status.ts';

/** A Markdown file of a record folder, as the disk gave it. */
export type RecordFile = {
  /** As the user would name it: `docs/adr/0005-queue.md`. */
  readonly file: string;
  readonly text: string;
};

/** The files of one folder of decision records. */
export type RecordFolder = { readonly folder: string; readonly files: readonly RecordFile[] };

/** One decision, as its file tells it. */
export type DecisionRecord = {
  readonly file: string;
  /** The file's name alone. */
  readonly name: string;
  /** `ADR-A01`, `ADR-0005`: from the name, since that is what links lead to. */
  readonly id: string;
  readonly title: string;
  readonly status?: Status & { readonly text: string; readonly span: Span };
  readonly date?: { readonly text: string; readonly span: Span; readonly isValid: boolean };
  /** The title, else the first line: where things are said of the whole record. */
  readonly head: Span;
};

export type Records = {
  readonly folder: string;
  /** By id. */
  readonly records: readonly DecisionRecord[];
  /** Files that have a status, as a record has, and no number that anything could cite. */
  readonly unnumbered: readonly { readonly file: string; readonly head: Span }[];
};

/** `ADR-A01-spot-tiers.md`, `adr-7.md`, `0005-queue.md`; a day, `2026-11-22-minutes.md`, is no number. */
const NUMBERED = /^(?!\d{4}-\d{2}-\d{2})(?:(adr[-_ ]?)([a-z]?\d{1,6})|(\d{1,6}))(?=[-_. ])/i;

/** Reads what is a decision record among the files. */
export function readRecords({ folder, files }: RecordFolder): Records {
  const records: DecisionRecord[] = [];
  const unnumbered: { file: string; head: Span }[] = [];
  for (const file of files) {
    const name = file.file.slice(file.file.lastIndexOf('/') + 1);
    const id = idOf(name);
    const record = readRecord(file, name, id ?? '');
    if (id !== undefined) records.push(record);
    else if (record.status?.kind !== undefined) unnumbered.push({ file: file.file, head: record.head });
  }
  return {
    folder,
    records: records.toSorted((a, b) => compareText(a.id, b.id) || compareText(a.name, b.name)),
    unnumbered,
  };
}

/** The id that a file's name gives, or undefined when it is no name of a record. */
export function idOf(name: string): string | undefined {
  const parts = NUMBERED.exec(name);
  return parts ? `ADR-${(parts[2] ?? parts[3]!).toUpperCase()}` : undefined;
}

/** One form for all ways to write an id: `ADR-0005`, `adr 5` and `5` are the same record. */
export function keyOf(id: string): string {
  const [, letter, digits] = /^(?:adr[-_ ]?)?([a-z]?)(\d+)$/i.exec(id) ?? ['', '', id];
  return `${letter!.toUpperCase()}${digits!.replace(/^0+(?=\d)/, '')}`;
}

function readRecord({ file, text }: RecordFile, name: string, id: string): DecisionRecord {
  const source = sourceText(file, text);
  const { title, status, date, successor } = readFields(text);
  const named = successor && parseSuccessor(successor.text);
  const first = Math.max(text.indexOf('\n'), 0);
  return {
    file,
    name,
    id,
    title: title ? titleText(title.text) : name.replace(NUMBERED, '').replaceAll(/^[-_. ]+|\.md$/gi, ''),
    ...(status
      ? {
          status: {
            ...(named ? { successor: named } : {}),
            ...parseStatus(status.text),
            text: status.text,
            span: source.spanOf(...status.range),
          },
        }
      : {}),
    ...(date
      ? { date: { text: date.text, span: source.spanOf(...date.range), isValid: isDate(date.text) } }
      : {}),
    head: source.spanOf(...(title?.range ?? ([0, first] as const))),
  };
}

/** A title without the number that its file's name has already: `ADR-0007: Queues`, `7. Queues`. */
function titleText(title: string): string {
  return title.replace(/^(?:adr[-_ ]?[a-z]?\d{1,6}|\d{1,6})\s*[:.\u2013\u2014-]\s+/i, '');
}

/** A day of the calendar, as ISO 8601 writes it; words may follow. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
