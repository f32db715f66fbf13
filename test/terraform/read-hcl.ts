import { synthesizeTerraform } from '../../src/terraform/tree.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { type FleetData, platformOf } from '../support/fleets.ts';

/** One block at the left margin: `resource "azurerm_subnet" "nodes_mgmt" {`. */
export type TopBlock = {
  readonly type: string;
  readonly labels: readonly string[];
  readonly text: string;
  readonly file: string;
};

/** A root as it was written: its blocks and its values. */
export type WrittenRoot = {
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
  readonly blocks: readonly TopBlock[];
};

/** The roots of a fleet, by path. */
export function rootsOf(
  data: FleetData,
  environment: Environment = 'demo',
): ReadonlyMap<string, WrittenRoot> {
  const filesByRoot = new Map<string, Map<string, string>>();
  for (const [path, text] of synthesizeTerraform(platformOf(data, environment))) {
    const match = /^(.+?)\/((?:tests\/)?[^/]+)$/.exec(path);
    if (!match) continue;
    const [, root, file] = match;
    const files = filesByRoot.get(root!) ?? new Map<string, string>();
    filesByRoot.set(root!, files.set(file!, text));
  }
  return new Map(
    [...filesByRoot].map(([path, files]) => [
      path,
      { path, files, blocks: [...files].flatMap(([file, text]) => topBlocks(file, text)) },
    ]),
  );
}

/** The blocks of one resource type, by label. */
export function resources(root: WrittenRoot | undefined, type: string): ReadonlyMap<string, string> {
  return new Map(
    (root?.blocks ?? [])
      .filter((block) => block.type === 'resource' && block.labels[0] === type)
      .map(({ labels, text }) => [labels[1]!, text]),
  );
}

/** The text of the first block of that type within another one. */
export function inner(text: string, type: string): string | undefined {
  return inners(text, type)[0];
}

export function inners(text: string, type: string): string[] {
  const blocks: string[] = [];
  let margin: string | undefined;
  for (const line of text.split('\n')) {
    const opening = margin === undefined ? new RegExp(`^( +)${type} \\{`).exec(line) : null;
    if (opening) {
      blocks.push('');
      margin = opening[1]!;
    }
    if (margin === undefined) continue;
    blocks[blocks.length - 1] += `${line}\n`;
    if (line.endsWith('{}') || line === `${margin}}`) margin = undefined;
  }
  return blocks;
}

/** The value of an attribute as it stands on its line, without a comment beside it. */
export function value(text: string | undefined, name: string): string | undefined {
  const line = new RegExp(`^ *${name} += (.*)$`, 'm').exec(text ?? '')?.[1];
  return line?.replace(/ +# .*$/, '');
}

function topBlocks(file: string, text: string): TopBlock[] {
  if (!file.endsWith('.tf')) return [];
  return [...text.matchAll(/^([a-z]+)((?: "[^"]+")*) \{\n[^]*?^\}$/gm)].map((match) => ({
    type: match[1]!,
    labels: [...match[2]!.matchAll(/"([^"]+)"/g)].map((label) => label[1]!),
    text: match[0],
    file,
  }));
}
