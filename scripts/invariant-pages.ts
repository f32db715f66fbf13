import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invariant } from '../src/contract/invariant.ts';
import { invariants } from '../src/contract/invariants/index.ts';

/** Where the pages stand, one for each invariant, named after its id. */
export const PAGES = 'docs/reference/invariants';

/** Shown as it is written: any day would do. */
const EXPIRES = '2027-01-31';

/** The pages of all invariants and their index, by path below `root`. */
export function invariantPages(root: string): ReadonlyMap<string, string> {
  const records = readdirSync(join(root, 'docs/adr'));
  const pages = invariants.map((one): [string, string] => [
    `${PAGES}/${one.id}.md`,
    page(one, recordOf(one.adr, records), exampleOf(root, one.id)),
  ]);
  return new Map([[`${PAGES}.md`, index(records)], ...pages]);
}

function index(records: readonly string[]): string {
  const rows = invariants.map(
    ({ id, alias, title, adr, severity }) =>
      `| ${alias ?? ''} | ${cell(title)} | [\`${id}\`](invariants/${id}.md) | ${severity} | [${adr}](../adr/${recordOf(adr, records)}) |\n`,
  );
  return `# Invariants

What must hold for every fleet, in the order in which \`bulkhead check\` lists it. A page for each says why, where the
fact comes from, and how to waive it. These pages are generated from the code.

| | must hold | id | severity | decided in |
| --- | --- | --- | --- | --- |
${rows.join('')}`;
}

function page(one: Invariant, record: string, example: string): string {
  const { id, alias, title, adr, severity, why, source, needs, kinds } = one;
  const number = alias === undefined ? '' : ` · ${alias}`;
  const reads = needs.length === 0 ? 'Whatever the evidence holds.' : `${listed(needs.map(partText))}.`;
  const unread =
    needs.length === 0 ? '' : ' Where the evidence does not hold them, the verdict is *undetermined*.';
  const asked = kinds === undefined ? '' : ` It is asked of ${listed(kinds)} evidence only.`;
  return `# ${title}

\`${id}\`${number} · ${severity} · decided in [${adr}](../../adr/${record}) · [all invariants](../invariants.md)

${why}

Source: ${source}

${example}## What it reads

${reads[0]!.toUpperCase()}${reads.slice(1)}${unread}${asked}

## To accept what it finds

A waiver in the fleet file has a reason, an owner and a last day; \`at\` narrows it to one place, as findings print it.
What it accepts stays visible and fails no run.

\`\`\`yaml
waivers:
  - invariant: ${id}
    at: clusters.app1
    reason: why it is right to live with it
    owner: who answers for it
    expires: ${EXPIRES}
\`\`\`
`;
}

/** The first case of the corpus that something is said of, with what is said; nothing where there is none. */
function exampleOf(root: string, id: string): string {
  const folder = join(root, 'corpus/findings', id);
  const cases = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const found = cases.find((name) => name.endsWith('.out'));
  if (found === undefined) return '';
  const name = found.replace(/\.out$/, '.yaml');
  return `## An example

${fenced('yaml', readFileSync(join(folder, name), 'utf8'))}
\`bulkhead check ${name}\` says of it:

${fenced('text', readFileSync(join(folder, found), 'utf8'))}
`;
}

function fenced(language: string, text: string): string {
  const fence = text.includes('```') ? '````' : '```';
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
}

/** The file of a decision: `ADR-A01-….md`, or `0005-….md` for `ADR-0005`. */
function recordOf(adr: string, records: readonly string[]): string {
  const prefixes = [`${adr}-`, `${adr.replace(/^ADR-/, '')}-`];
  const file = records.find((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  if (file === undefined) throw new Error(`docs/adr has no record ${adr}`);
  return file;
}

/** `nodePools` as people say it: `node pools`. */
function partText(part: string): string {
  return part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
