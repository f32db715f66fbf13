import { printable, type Style } from './style.ts';

/** What writing one folder did; the adapter's report fits it. */
type WriteReport = {
  readonly folder: string;
  readonly written: number;
  readonly unchanged: number;
  readonly removed: readonly string[];
  readonly kept: number;
  readonly edited: readonly string[];
};

/** Tells what was written where, and of every file of a person's that was in the way. */
export function renderWriteReports(reports: readonly WriteReport[], style: Style): string {
  const lines = reports.flatMap(({ folder, written, unchanged, removed, kept, edited }) => [
    `  ${printable(folder)}/  ${counts(written, unchanged, removed.length, kept)}\n`,
    ...edited.map((path) =>
      style.yellow(
        `    ${printable(path)} was edited since it was generated: replaced, your text is in ${printable(path)}.edited\n`,
      ),
    ),
  ]);
  return `${style.bold('Files')}\n\n${lines.join('')}`;
}

function counts(written: number, unchanged: number, removed: number, kept: number): string {
  const parts = [`${written} ${written === 1 ? 'file' : 'files'} written`, `${unchanged} unchanged`];
  if (removed > 0) parts.push(`${removed} removed`);
  if (kept > 0) parts.push(`${kept} not ours, kept`);
  return parts.join(', ');
}
