import type { LeafScore } from './review.ts';

/** Of documents, also how many mutants change nothing that is read. */
type Score = LeafScore & { readonly unread?: number };

/** A line of sums, then a line for each leaf: what was caught, by whom, and what was not. */
export function scoreText(scores: readonly Score[]): string {
  const table = scores.some(({ unread }) => unread !== undefined)
    ? documentTable(scores)
    : evidenceTable(scores);
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column > 0 && column < row.length - 1 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${headOf(scores)}\n\n${lines.join('\n')}\n`;
}

function headOf(scores: readonly Score[]): string {
  const sum = (key: 'mutants' | 'caught' | 'undetermined' | 'survived' | 'unread'): number =>
    scores.reduce((total, score) => total + (score[key] ?? 0), 0);
  const unread = sum('unread');
  return (
    `${sum('caught')} of ${sum('mutants')} caught, ${sum('undetermined')} drops undetermined, ` +
    `${sum('survived')} reviewed survivors${unread === 0 ? '' : `, ${unread} of what nobody reads`}`
  );
}

function evidenceTable(scores: readonly Score[]): readonly (readonly string[])[] {
  const rows = scores.map(({ leaf, mutants, caught, undetermined, survived, by }) =>
    [leaf, mutants, caught, undetermined, survived, by.join(' ')].map(String),
  );
  return [['leaf', 'mutants', 'caught', 'undetermined', 'survive', 'by'], ...rows];
}

function documentTable(scores: readonly Score[]): readonly (readonly string[])[] {
  const rows = scores.map(({ leaf, mutants, unread = 0, caught, undetermined, survived, by }) =>
    [leaf, mutants, unread, caught, undetermined, survived, by.join(' ')].map(String),
  );
  return [['leaf', 'mutants', 'unread', 'caught', 'undetermined', 'survive', 'by'], ...rows];
}
