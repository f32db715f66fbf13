import { formatUsd } from '../base/money.ts';
import type { Finding } from '../base/finding.ts';
import type { ObjectChange } from '../plan/diff/object-diff.ts';
import type { EnvironmentDiff, PlanDiff } from '../plan/diff/plan-diff.ts';
import type { PriceDiff } from '../plan/diff/price-diff.ts';
import type { ResourceChange } from '../plan/diff/resource-diff.ts';
import { deltaText } from './cost-text.ts';
import { renderFindings, renderSummary } from './findings-text.ts';
import { heading, sections } from './plan-text.ts';
import { printable, type Style, type Tone } from './style.ts';
import { type Cell, renderTable } from './table.ts';

type Action = ResourceChange['action'] | ObjectChange['action'];

/** Marks as Terraform's own plans have them. */
export const MARKS = { create: '+', update: '~', replace: '-/+', delete: '-', forget: '.' } as const;
const TONES = {
  create: 'green',
  update: 'yellow',
  replace: 'red',
  delete: 'red',
  forget: 'yellow',
} as const satisfies Record<Action, Tone>;

/** Behind an object that leaves the tree and not the cluster. */
export const FORGOTTEN = 'stays in the cluster';

/** Values longer than this are cut: a reviewer reads them in the files. In characters. */
const VALUE_MAX = 60;
/** More arguments of one resource, or more objects, are counted. */
const SHOWN_MAX = 12;

/** A diff for people: per environment what Terraform and Argo CD would do and what it costs; then the findings. */
export function renderDiff(diff: PlanDiff, sources: ReadonlyMap<string, string>, style: Style): string {
  return sections([
    ...diff.environments.map((environment) => renderEnvironment(environment, style)),
    findingSection('New findings', diff.newFindings, sources, style),
    goneSection(diff.goneFindings, style),
    `${style.bold(diffSummary(diff))}\n`,
  ]);
}

/** `demo: 3 to create, 1 to replace, +$12.00 a month; production: no change; 1 new error`. */
export function diffSummary({ environments, newFindings, goneFindings }: PlanDiff): string {
  const parts = environments.map((one) => `${one.environment}: ${changeSummary(one)}`);
  if (newFindings.length > 0) parts.push(`new: ${renderSummary(newFindings)}`);
  if (goneFindings.length > 0) parts.push(`gone: ${renderSummary(goneFindings)}`);
  return parts.join('; ');
}

/** `3 to create, 1 to replace, 2 objects, +$12.00 a month`, or `no change`. */
export function changeSummary({ resources, objects, price }: EnvironmentDiff): string {
  const counts = (['create', 'update', 'replace', 'delete'] as const).flatMap((action) => {
    const count = resources.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} to ${action}`];
  });
  const delta = price ? deltaText(price.after - price.before) : '';
  const parts = [
    ...counts,
    ...(objects.length === 0 ? [] : [`${objects.length} object${objects.length === 1 ? '' : 's'}`]),
    ...(delta === '' ? [] : [`${delta} a month`]),
  ];
  return parts.length === 0 ? 'no change' : parts.join(', ');
}

function renderEnvironment(diff: EnvironmentDiff, style: Style): string {
  const { environment, resources, objects, price } = diff;
  const title = `${environment}: ${changeSummary(diff)}`;
  const roots = [...new Set(resources.map(({ root }) => root))];
  return [
    heading(title, style),
    sections([
      ...roots.map((root) =>
        renderRoot(
          root,
          resources.filter((change) => change.root === root),
          style,
        ),
      ),
      objects.length === 0 ? '' : renderObjects(diff, style),
      price && price.lines.length > 0 ? renderPrice(price, style) : '',
    ]),
  ].join('');
}

function renderRoot(root: string, resources: readonly ResourceChange[], style: Style): string {
  const lines = resources.flatMap(({ action, address, changes }) => {
    const why = action === 'replace' ? style.red(' is made anew: what it holds is lost') : '';
    const shown = changes.slice(0, SHOWN_MAX);
    const rest = changes.length - shown.length;
    return [
      `    ${style[TONES[action]](MARKS[action].padEnd(3))} ${printable(address)}${why}\n`,
      ...shown.map((change) => {
        const mark = change.isReplacing ? style.red('  # cannot be changed in place') : '';
        return `${changeText(change)}${mark}\n`;
      }),
      ...(rest > 0 ? [`          ... and ${rest} more\n`] : []),
    ];
  });
  return `  ${style.bold(`terraform/${printable(root)}`)}\n${lines.join('')}`;
}

function renderObjects({ objects }: EnvironmentDiff, style: Style): string {
  const lines = objects.flatMap(({ action, object, file, fields }) => {
    const shown = fields.slice(0, SHOWN_MAX);
    const rest = fields.length - shown.length;
    const what = `${printable(object)}${action === 'forget' ? style.yellow(` ${FORGOTTEN}`) : ''}`;
    return [
      `    ${style[TONES[action]](MARKS[action].padEnd(3))} ${what} ${style.dim(printable(file))}\n`,
      ...shown.map((change) => `${changeText(change)}\n`),
      ...(rest > 0 ? [`          ... and ${rest} more\n`] : []),
    ];
  });
  return `  ${style.bold('Argo CD and charts')}\n${lines.join('')}`;
}

/** Two values, each on one line: of long ones the part where they differ. */
export function valueTexts(before: string | undefined, after: string | undefined): [string, string] {
  const [old, now] = [before, after].map((value) => (value === undefined ? '(none)' : printable(value))) as [
    string,
    string,
  ];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  const isLong = old.length > VALUE_MAX || now.length > VALUE_MAX;
  const from = isLong ? Math.max(0, same - CONTEXT) : 0;
  return [clip(old, from), clip(now, from)];
}

/** Characters before the first difference that are shown of long values. */
const CONTEXT = 20;

function clip(text: string, from: number): string {
  const end = from + VALUE_MAX;
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
}

function changeText(change: {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}): string {
  const [before, after] = valueTexts(change.before, change.after);
  return `          ${printable(change.path)}: ${before} -> ${after}`;
}

/** The lines whose amount differs, with the total; then what cannot be counted, with what bounds it. */
function renderPrice(price: PriceDiff, style: Style): string {
  const counted = price.lines.filter(({ before, after }) => before !== undefined || after !== undefined);
  const rows = counted.map(({ name, cluster, before, after, basis }): Cell[] => [
    cluster ?? '',
    name,
    basis,
    before === undefined ? { text: '-', tone: 'dim' } : formatUsd(before),
    after === undefined ? { text: '-', tone: 'dim' } : formatUsd(after),
    deltaText((after ?? 0) - (before ?? 0)),
  ]);
  const columns = ['cluster', 'a month', 'quantity', 'before', 'after', 'adds'].map((title, index) => ({
    title,
    align: index > 2 ? ('right' as const) : ('left' as const),
    maxWidth: 48,
  }));
  const footer = [
    price.isComplete ? 'total' : 'at least',
    '',
    '',
    formatUsd(price.before),
    formatUsd(price.after),
    deltaText(price.after - price.before),
  ];
  const table = rows.length === 0 ? '' : renderTable({ columns, rows, footer, indent: 2 }, style);
  const notes = uncounted(price).map((line) => `  ${printable(line)}\n`);
  return table + notes.join('');
}

/** `log ingestion: at most $442.32 -> $552.90 a month` for lines whose amount nobody knows. */
export function uncounted({ lines }: PriceDiff): string[] {
  return lines.flatMap(({ name, cluster, before, after, basis, ceilingBefore, ceilingAfter }): string[] => {
    if (before !== undefined || after !== undefined) return [];
    const [old, now] = [ceilingBefore, ceilingAfter].map((money) =>
      money === undefined ? 'nothing known' : formatUsd(money),
    );
    const what = cluster === undefined ? name : `${name}, ${cluster}`;
    if (old === now) return [`${what}: ${basis}`];
    return [`${what}: at most ${old} -> ${now} a month`];
  });
}

function findingSection(
  title: string,
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  style: Style,
): string {
  if (findings.length === 0) return '';
  return `${heading(`${title}: ${renderSummary(findings)}`, style)}${renderFindings(findings, sources, style)}`;
}

/** Their lines are in the old file, which nobody has open: a line each. */
function goneSection(findings: readonly Finding[], style: Style): string {
  if (findings.length === 0) return '';
  const lines = findings.map(
    ({ severity, id, environment, message }) =>
      `  ${severity}[${printable(id)}]${environment === undefined ? '' : ` (${printable(environment)})`}: ${printable(message)}\n`,
  );
  return `${heading(`Findings that are gone: ${renderSummary(findings)}`, style)}${lines.join('')}`;
}
