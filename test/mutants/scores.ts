import type { LeafScore } from './review.ts';

/** A line of sums, then a line for each leaf: what was caught, by whom, and what was not. */
export function scoreText(scores: readonly LeafScore[]): string {
  const sum = (key: 'mutants' | 'caught' | 'undetermined' | 'survived'): number =>
    scores.reduce((total, score) => total + score[key], 0);
  const head =
    `${sum('caught')} of ${sum('mutants')} caught, ${sum('undetermined')} drops undetermined, ` +
    `${sum('survived')} reviewed survivors`;
  const rows = scores.map(({ leaf, mutants, caught, undetermined, survived, by }) =>
    [leaf, mutants, caught, undetermined, survived, by.join(' ')].map(String),
  );
  const table = [['leaf', 'mutants', 'caught', 'undetermined', 'survive', 'by'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column > 0 && column < 5 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${head}\n\n${lines.join('\n')}\n`;
}
