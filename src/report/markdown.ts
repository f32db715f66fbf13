import type { Finding, Severity } from '../base/finding.ts';
import { formatUsd } from '../base/money.ts';
import type { Verdict } from '../contract/check.ts';
import { SERVICES } from '../cost/component.ts';
import type { Estimate, Subtotal } from '../cost/estimate.ts';
import type { EnvironmentPlan, Plan } from '../plan/plan.ts';
import { type ContractColumn, contractColumns, resultsAsked, verdictCell } from './contract-text.ts';
import { deltaText } from './cost-text.ts';
import { docsUrl } from './docs-url.ts';
import { oneLine, renderFrames, renderSummary, type Sources, splitSources } from './findings-text.ts';
import { codeBlock, codeMarkdown, inlineMarkdown, markdownTable } from './markdown-text.ts';
import { placeText } from './place-text.ts';
import { secretsMarkdown } from './secrets-markdown.ts';
import { plainStyle } from './style.ts';

/** What GitHub takes as the body of a comment, in characters; GitLab and Azure DevOps take more. */
export const LENGTH_MAX = 65_536;
/** Room for the line that says how much was cut. */
const CUT_LENGTH = 300;

/** A comment outlives the commit that takes the secret out, so it never shows the line. */
const NEVER_QUOTED = 'secrets-in-key-vault';

/** By it, a workflow finds the comment that it has to replace. Markdown does not show it. */
const MARKER = '<!-- bulkhead -->\n';

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/**
 * A comment for a pull request: what was found, C1 to C5, each finding with its line, and the price where it is asked
 * for. The gravest findings come first, since a long list is cut at what a comment can hold. Text from the fleet file
 * is shown as it is: it formats, links and notifies nothing.
 */
export function renderMarkdown(
  plan: Plan,
  sources: ReadonlyMap<string, string>,
  parts: ReadonlySet<'contract' | 'cost' | 'notes' | 'secrets'>,
): string {
  const [first] = plan.environments;
  const fleet = first ? ` on ${inlineMarkdown(first.platform.fleet.name)}` : '';
  const columns = contractColumns(plan);
  const contract = columns.length > 0 && parts.has('contract') ? contractSection(columns) : '';
  const head = `${MARKER}## Bulkhead${fleet}: ${renderSummary(plan.findings)}\n${contract}`;
  const notes = parts.has('notes') ? noteSection(plan) : '';
  const secrets = parts.has('secrets') ? secretsMarkdown(plan.environments) : '';
  const tail = notes + secrets + (parts.has('cost') ? priceSection(plan.environments) : '');
  const room = LENGTH_MAX - CUT_LENGTH - head.length - tail.length;
  return head + findingBlocks(plan.findings, splitSources(sources), room) + tail;
}

/** C1 to C5 by name, the others counted: what is broken of them is among the findings. */
function contractSection(columns: readonly ContractColumn[]): string {
  const asked = resultsAsked(columns);
  const rows = asked.flatMap((results): string[][] => {
    const { invariant } = results[0]!;
    if (invariant.alias === undefined) return [];
    const verdicts = results.map((result) => verdictCell(result).text);
    const page = docsUrl(invariant.id);
    const title = inlineMarkdown(invariant.title);
    return [
      [invariant.alias, page === undefined ? title : `[${title}](${page})`, invariant.adr, ...verdicts],
    ];
  });
  const titles = ['', 'must hold', 'decided in', ...columns.map((column) => column.title)];
  const table = markdownTable(
    titles.map((title) => ({ title, align: 'left' })),
    rows,
  );
  const others = asked.length - rows.length;
  const counts = columns.map((column, index) => {
    const count = (verdict: Verdict): number =>
      asked.filter(
        (results) => results[0]!.invariant.alias === undefined && results[index]!.verdict === verdict,
      ).length;
    const unsettled = (['broken', 'undetermined'] as const)
      .filter((verdict) => count(verdict) > 0)
      .map((verdict) => `, ${count(verdict)} ${verdict}`);
    return `${column.title}: ${count('held')} held${unsettled.join('')}`;
  });
  return `\n${table}\nOf ${others} other invariants, ${counts.join('; ')}; the rest has nothing to say here.\n`;
}

/** Findings, the gravest first, as far as there is room. */
export function findingBlocks(findings: readonly Finding[], files: Sources, room: number): string {
  const ordered = findings.toSorted((a, b) => rankOf(a) - rankOf(b));
  let text = '';
  for (const [index, finding] of ordered.entries()) {
    const block = findingBlock(finding, files);
    if (text.length + block.length > room) {
      const rest = ordered.slice(index);
      const what = index === 0 ? 'No room' : 'Cut here: no room';
      return `${text}\n${what} for ${index === 0 ? '' : 'more: '}${renderSummary(rest)}. \`bulkhead check\` prints them all.\n`;
    }
    text += block;
  }
  return text;
}

function rankOf({ severity, waivedBy }: Finding): number {
  return waivedBy === undefined ? RANKS[severity] : 3;
}

function findingBlock(finding: Finding, files: Sources): string {
  const { id, alias, environment, severity, waivedBy } = finding;
  const kind = waivedBy === undefined ? severity : 'waived';
  const tags = [alias, environment === undefined ? undefined : `(${environment})`].filter(Boolean);
  const title = [`<b>${kind}</b>`, codeMarkdown(id), ...tags].join(' ');
  const isOpen = kind === 'error' ? ' open' : '';
  return [
    `\n<details${isOpen}><summary>${title}: ${inlineMarkdown(oneLine(finding.message))}</summary>\n\n`,
    placeBlock(finding, files),
    ...notesOf(finding, files).map((note) => `\n${note}\n`),
    '\n</details>\n',
  ].join('');
}

function placeBlock(finding: Finding, files: Sources): string {
  if (isNeverQuoted(finding)) return `${codeMarkdown(placeText(finding))}\n`;
  return codeBlock('text', renderFrames(finding, files, plainStyle).frames);
}

function isNeverQuoted({ id }: Finding): boolean {
  return id === NEVER_QUOTED;
}

function notesOf(finding: Finding, files: Sources): string[] {
  const { id, adr, help, waivedBy } = finding;
  const untold = (finding.related ?? []).filter(
    ({ span }) => span === undefined || !files.has(span.file) || isNeverQuoted(finding),
  );
  const notes = untold.map(
    (other) => `${inlineMarkdown(oneLine(other.message))} (${codeMarkdown(placeText(other))})`,
  );
  if (waivedBy !== undefined) {
    const [owner, reason, expires] = [waivedBy.owner, waivedBy.reason, waivedBy.expires].map((text) =>
      inlineMarkdown(oneLine(text)),
    );
    notes.push(`Waived by ${owner} until ${expires}: ${reason}`);
  }
  if (help !== undefined) {
    const lines = help.trim().split(/\r?\n/).map(inlineMarkdown);
    notes.push(`<b>help:</b> ${lines.join('<br>')}`);
  }
  const page = docsUrl(id);
  const ends = [
    ...(adr === undefined ? [] : [`decided in ${inlineMarkdown(adr)}`]),
    ...(page === undefined ? [] : [`[more](${page})`]),
  ];
  return ends.length === 0 ? notes : [...notes, ends.join(' · ')];
}

/** What an apply needs and the file does not say. */
function noteSection({ notes = [] }: Plan): string {
  const lines = notes.map(({ environments, message }) => {
    const where = environments ? ` (${environments.join(', ')})` : '';
    return `- **note**${where}: ${inlineMarkdown(message)}\n`;
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** The month by service, environments side by side, and what the second adds to the first. */
function priceSection(environments: readonly EnvironmentPlan[]): string {
  const priced = environments.flatMap(({ environment, platform, estimate }) =>
    estimate ? [{ environment, region: platform.fleet.region, estimate }] : [],
  );
  const [first] = priced;
  if (!first) return '';
  const estimates = priced.map(({ estimate }) => estimate);
  const rows = SERVICES.flatMap((service): string[][] => {
    const subtotals = estimates.map(
      ({ byService }) => byService.find((row) => row.service === service)?.subtotal,
    );
    return subtotals.some((subtotal) => subtotal) ? [[service, ...amountCells(subtotals)]] : [];
  });
  const isComplete = estimates.every(({ total }) => total.isComplete);
  const totals = amountCells(estimates.map(({ total }: Estimate) => total)).map((cell) =>
    cell === '' ? '' : `**${cell}**`,
  );
  rows.push([isComplete ? '**total**' : '**total, at least**', ...totals]);
  const added = priced.length === 2 ? [`${priced[1]!.environment} adds`] : [];
  const table = markdownTable(
    [
      { title: '', align: 'left' },
      ...[...priced.map(({ environment }) => environment), ...added].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows,
  );
  const title = `Price of a month around the clock, USD, list prices of ${inlineMarkdown(first.region)}`;
  return `\n### ${title}\n\n${table}`;
}

function amountCells(subtotals: readonly (Subtotal | undefined)[]): string[] {
  const amounts = subtotals.map((subtotal) => {
    if (!subtotal) return '-';
    return subtotal.known === 0 && !subtotal.isComplete ? 'unknown' : formatUsd(subtotal.known);
  });
  const [from, to] = subtotals;
  return subtotals.length === 2 ? [...amounts, deltaText((to?.known ?? 0) - (from?.known ?? 0))] : amounts;
}
