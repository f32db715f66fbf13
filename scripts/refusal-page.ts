import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PAGES } from './invariant-pages.ts';

/** Something that Azure refuses, and who says so before it does. */
export type Refusal = {
  readonly refuses: string;
  readonly answer?: string;
  readonly invariants?: readonly string[];
  readonly derived?: string;
  readonly azurerm?: string;
  readonly later?: string;
};

export type RefusalGroup = { readonly about: string; readonly rows: readonly Refusal[] };

/** The reviewed list, below the root of this repository. */
export function refusalGroups(root: string): readonly RefusalGroup[] {
  return parse(readFileSync(join(root, 'corpus/refusals.yaml'), 'utf8')) as RefusalGroup[];
}

/** Path and content of the page. */
export function refusalPage(root: string): readonly [path: string, content: string] {
  const groups = refusalGroups(root);
  const rows = groups.flatMap((group) => group.rows);
  const held = rows.filter(({ invariants }) => invariants !== undefined).length;
  return [
    'docs/reference/refusals.md',
    `# What Azure refuses

${rows.length} things that Azure refuses, or takes and does nothing with. ${held} of them an [invariant](invariants.md) says before,
with the place and what to write instead. Of the others the table says why none does: the plan never asks for it,
Terraform's provider refuses it itself, or nobody can know it before. This page is generated from
[corpus/refusals.yaml](../../corpus/refusals.yaml).
${groups.map(table).join('')}`,
  ];
}

function table({ about, rows }: RefusalGroup): string {
  const lines = rows.map((row) => `| ${row.refuses} | ${answer(row)} | ${keepers(row)} |\n`);
  return `
## ${about}

| Azure refuses | with | said before by |
| --- | --- | --- |
${lines.join('')}`;
}

function answer({ answer: said }: Refusal): string {
  return said === undefined ? '' : `\`${said.replaceAll(', ', '`, `')}\``;
}

function keepers({ invariants = [], derived, azurerm, later }: Refusal): string {
  const folder = PAGES.slice(PAGES.lastIndexOf('/') + 1);
  const parts = [
    ...invariants.map((id) => `[\`${id}\`](${folder}/${id}.md)`),
    ...(derived === undefined ? [] : [`the plan: ${derived}`]),
    ...(azurerm === undefined ? [] : [`azurerm ${azurerm}`]),
    ...(later === undefined ? [] : [`nobody: ${later}`]),
  ];
  return parts.join('; ');
}
