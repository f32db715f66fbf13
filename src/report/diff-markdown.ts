import { formatUsd } from '../base/money.ts';
import type { Finding } from '../base/finding.ts';
import type { EnvironmentDiff, PlanDiff } from '../plan/diff/plan-diff.ts';
import { deltaText } from './cost-text.ts';
import { changeSummary, diffSummary, FORGOTTEN, MARKS, uncounted, valueTexts } from './diff-text.ts';
import { findingBlocks, LENGTH_MAX } from './markdown.ts';
import { splitSources } from './findings-text.ts';
import { codeMarkdown, inlineMarkdown, markdownTable } from './markdown-text.ts';

/** By it, a workflow finds the comment that it has to replace; the one of `check` is another. */
const MARKER = '<!-- bulkhead diff -->\n';

/** Room for the findings and for the lines that say what was cut, in characters. */
const FINDINGS_ROOM = 20_000;
const CUT_LENGTH = 400;

/**
 * A comment for a pull request: what the change does to each environment, replacements first of all, what it costs,
 * and the findings that it brings and takes away. Cut at what a comment can hold, and says so.
 */
export function renderDiffMarkdown(diff: PlanDiff, sources: ReadonlyMap<string, string>): string {
  const head = `${MARKER}## Bulkhead: ${inlineMarkdown(diffSummary(diff))}\n`;
  const findings = findingsPart(diff, sources);
  let room = LENGTH_MAX - CUT_LENGTH - head.length - findings.length;
  let text = '';
  for (const environment of diff.environments) {
    const part = environmentPart(environment, room);
    room -= part.length;
    text += part;
  }
  return head + text + findings;
}

function environmentPart(diff: EnvironmentDiff, room: number): string {
  const { environment, resources, objects, price } = diff;
  if (resources.length + objects.length === 0 && !price?.lines.length) return '';
  const parts = [`\n### ${environment}: ${inlineMarkdown(changeSummary(diff))}\n`, warning(diff)];
  const lines = [
    ...resources.map(({ action, root, address, changes }) => {
      const fields = changes.map(
        (change) => `${fieldText(change)}${change.isReplacing ? ' <b>cannot be changed in place</b>' : ''}`,
      );
      return row(MARKS[action], `terraform/${root}`, address, fields);
    }),
    ...objects.map(({ action, object, file, fields }) =>
      row(MARKS[action], file, object, action === 'forget' ? [FORGOTTEN] : fields.map(fieldText)),
    ),
  ];
  parts.push(pricePart(diff));
  const used = parts.join('').length;
  const kept: string[] = [];
  let left = room - used;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const cut = lines.length - kept.length;
  const list =
    kept.length + cut === 0
      ? ''
      : `\n<details${kept.length < 30 ? ' open' : ''}><summary>What changes</summary>\n\n${kept.join('\n')}\n` +
        `${cut > 0 ? `\n... and ${cut} more: \`bulkhead diff\` prints them all.\n` : ''}\n</details>\n`;
  return parts.join('') + list;
}

function fieldText(change: {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}): string {
  const [before, after] = valueTexts(change.before, change.after);
  return `${codeMarkdown(change.path)} ${codeMarkdown(before)} → ${codeMarkdown(after)}`;
}

function row(mark: string, where: string, what: string, fields: readonly string[]): string {
  const place = `- <code>${mark}</code> ${codeMarkdown(what)} in ${codeMarkdown(where)}`;
  return fields.length === 0 ? place : `${place}<br>${fields.join('<br>')}`;
}

/** What loses data stands above everything else. */
function warning({ resources }: EnvironmentDiff): string {
  const lost = resources.filter(({ action }) => action === 'replace' || action === 'delete');
  if (lost.length === 0) return '';
  const names = lost.slice(0, 10).map(({ address }) => codeMarkdown(address));
  const rest = lost.length - names.length;
  return `\n> **Destroyed or made anew:** ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}\n`;
}

function pricePart({ price }: EnvironmentDiff): string {
  if (!price || price.lines.length === 0) return '';
  const rows = price.lines
    .filter(({ before, after }) => before !== undefined || after !== undefined)
    .map(({ name, cluster, before, after }) => [
      inlineMarkdown(cluster === undefined ? name : `${name}, ${cluster}`),
      before === undefined ? '-' : formatUsd(before),
      after === undefined ? '-' : formatUsd(after),
      deltaText((after ?? 0) - (before ?? 0)),
    ]);
  const notes = uncounted(price).map((line) => `- ${inlineMarkdown(line)}\n`);
  const list = notes.length === 0 ? '' : `\n${notes.join('')}`;
  if (rows.length === 0) return list;
  rows.push([
    price.isComplete ? '**total**' : '**total, at least**',
    formatUsd(price.before),
    formatUsd(price.after),
    `**${deltaText(price.after - price.before) || '±$0.00'}**`,
  ]);
  const columns = ['USD a month', 'before', 'after', 'adds'].map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  return `\n${markdownTable(columns, rows)}${list}`;
}

function findingsPart({ newFindings, goneFindings }: PlanDiff, sources: ReadonlyMap<string, string>): string {
  const files = splitSources(sources);
  const added =
    newFindings.length === 0 ? '' : `\n### New findings\n${findingBlocks(newFindings, files, FINDINGS_ROOM)}`;
  return added + gonePart(goneFindings);
}

function gonePart(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const lines = findings
    .slice(0, 50)
    .map(({ severity, id, message }) => `- ${severity} ${codeMarkdown(id)}: ${inlineMarkdown(message)}`);
  const rest = findings.length - lines.length;
  return `\n### Findings that are gone\n\n${lines.join('\n')}\n${rest > 0 ? `\n... and ${rest} more.\n` : ''}`;
}
