import type { EnvironmentPlan } from '../plan/plan.ts';
import { codeMarkdown, inlineMarkdown, markdownTable } from './markdown-text.ts';
import { makerText, onlyIn, READERS_COLUMNS, ROWS_SHOWN, secretRows } from './secrets-text.ts';

/** What the platform reads from its vaults, for a pull request. Empty where it reads nothing. */
export function secretsMarkdown(environments: readonly EnvironmentPlan[]): string {
  const rows = secretRows(environments);
  if (rows.length === 0) return '';
  const isSame = rows.every((row) => onlyIn(row, environments) === '');
  const cells = rows
    .slice(0, ROWS_SHOWN)
    .map((row) => [
      codeMarkdown(row.need.name),
      inlineMarkdown(clipped(row.need.readBy.join(', '))),
      inlineMarkdown(makerText(row.need)),
      ...(isSame ? [] : [onlyIn(row, environments)]),
    ]);
  const titles = ['secret', 'read by', 'made by', ...(isSame ? [] : ['only in'])];
  const table = markdownTable(
    titles.map((title) => ({ title, align: 'left' })),
    cells,
  );
  const hidden = rows.length - cells.length;
  const more = hidden > 0 ? `\n${hidden} more: \`bulkhead plan --format json\` lists them all.\n` : '';
  return `\n### Secrets in the vault\n\n${table}${more}`;
}

function clipped(text: string): string {
  return text.length > READERS_COLUMNS ? `${text.slice(0, READERS_COLUMNS - 1)}…` : text;
}
