import type { Finding, Path, Position, Related, Span } from '../base/finding.ts';
import { compareText } from '../base/order.ts';
import { compact } from '../base/record.ts';

/** A finding whose place is known and whose words are written only when it is among those shown. */
export type Draft = {
  readonly id: string;
  readonly path: Path;
  readonly at?: 'key' | 'value';
  readonly span: Span;
  /** As in `Finding`. */
  readonly isSecret?: true;
  readonly words: () => {
    readonly message: string;
    readonly help: string;
    readonly related?: readonly Related[];
  };
};

/** Findings of one kind that are shown. A person reads a screen of them, mends the cause and runs again. */
const SHOWN_MAX = 200;

/**
 * The findings of the drafts in document order: one for each kind and place (the last one drafted), at most
 * 200 of a kind, and then one that says how many more there are.
 */
export function findingsOf(drafts: readonly Draft[]): Finding[] {
  const byPlace = new Map<string, Draft>();
  for (const draft of drafts) byPlace.set(placeKey(draft), draft);
  const countById = new Map<string, number>();
  const shown: Draft[] = [];
  const firstHiddenById = new Map<string, Draft>();
  for (const draft of inDocumentOrder([...byPlace.values()])) {
    const count = (countById.get(draft.id) ?? 0) + 1;
    countById.set(draft.id, count);
    if (count <= SHOWN_MAX) shown.push(draft);
    else if (count === SHOWN_MAX + 1) firstHiddenById.set(draft.id, draft);
  }
  for (const [id, draft] of firstHiddenById) {
    shown.push(restOf(draft, (countById.get(id) ?? 0) - SHOWN_MAX));
  }
  return inDocumentOrder(shown).map(write);
}

/** By place in the file, then by id; what has no place comes last. */
export function inDocumentOrder<T extends { readonly id: string; readonly span?: Span }>(
  findings: readonly T[],
): T[] {
  return findings.toSorted((a, b) => compareSpans(a.span, b.span) || compareText(a.id, b.id));
}

function compareSpans(a: Span | undefined, b: Span | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return comparePositions(a.start, b.start) || comparePositions(a.end, b.end);
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

function placeKey({ id, span, path }: Draft): string {
  const { start, end } = span;
  // Two keys that are missing from one map share its place.
  const name = id === 'fleet/missing' ? path.at(-1) : '';
  return `${id} ${start.line}:${start.column}-${end.line}:${end.column} ${name}`;
}

function restOf(first: Draft, count: number): Draft {
  return {
    ...first,
    words: () => ({
      message: `${count} more findings of this kind begin here and are not listed`,
      help: 'mend the ones above first; they often have one cause',
    }),
  };
}

function write({ id, path, at, span, isSecret, words }: Draft): Finding {
  return { id, severity: 'error', path, span, ...compact({ at, isSecret }), ...words() };
}
