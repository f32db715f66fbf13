import type { Platform } from '../model/platform.ts';
import type { Block, Expression, Item, Remark } from './block.ts';
import { isObject, isNode, presentEntries, printInline } from './hcl-inline.ts';
import type { Root } from './root.ts';
import { terraformRoots } from './tree.ts';

/** A resource as the roots declare it. */
export type DeclaredResource = {
  /** `clusters/app1`. */
  readonly root: string;
  /** `azurerm_subnet.app1_nodes`. */
  readonly address: string;
  readonly type: string;
  /**
   * Arguments by path (`security_rule["mesh"].priority`), as HCL on one line. Variables and locals that the root
   * itself gives stand as their values, so that a change of them is a change of what uses them.
   */
  readonly arguments: ReadonlyMap<string, string>;
};

/** How deep locals may name other locals; ours do so twice. */
const DEPTH_MAX = 8;

/** Every resource of a fleet's Terraform, in the order of roots and files. Pure. */
export function declaredResources(platform: Platform): readonly DeclaredResource[] {
  return terraformRoots(platform).flatMap((root) => resourcesOf(root));
}

function resourcesOf(root: Root): DeclaredResource[] {
  const blocks = Object.values(root.files).flat().filter(isBlock);
  const known = valuesOf(root, blocks);
  return blocks.flatMap((block): DeclaredResource[] => {
    const [type, label] = block.labels;
    if (block.type !== 'resource' || type === undefined || label === undefined) return [];
    const found = new Map<string, string>();
    addBody(found, '', block.body);
    const values = [...found].map(([path, text]) => [path, expand(text, known)] as const);
    return [{ root: root.path, address: `${type}.${label}`, type, arguments: new Map(values) }];
  });
}

function isBlock(item: Block | Remark): item is Block {
  return item.kind === 'block';
}

/** `var.x` and `local.x` with the text that stands for them. */
function valuesOf(root: Root, blocks: readonly Block[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { name, value } of root.frame.inputs) {
    if (value !== undefined) known.set(`var.${name}`, printInline(value));
  }
  for (const { type, body } of blocks) {
    if (type !== 'locals') continue;
    for (const item of body.flatMap(attributesOf)) known.set(`local.${item.name}`, printInline(item.value));
  }
  return known;
}

function attributesOf(item: Item): { readonly name: string; readonly value: Expression }[] {
  if (item.kind === 'attribute') return [item];
  return item.kind === 'group' ? [...item.attributes] : [];
}

function expand(text: string, known: ReadonlyMap<string, string>, depth = 0): string {
  if (depth === DEPTH_MAX) return text;
  return text.replaceAll(/\b(?:var|local)\.[A-Za-z_]\w*/g, (name) => {
    const value = known.get(name);
    return value === undefined ? name : expand(value, known, depth + 1);
  });
}

/** Blocks of one type are told apart by their name where they have one, else by their place. */
function addBody(found: Map<string, string>, prefix: string, body: readonly Item[]): void {
  for (const { name, value } of body.flatMap(attributesOf)) addValue(found, prefix + name, value);
  const blocks = body.filter((item) => item.kind === 'block');
  const seen = new Map<string, number>();
  for (const block of blocks) {
    const { type } = block;
    const place = seen.get(type) ?? 0;
    seen.set(type, place + 1);
    const isAlone = blocks.filter((other) => other.type === type).length === 1;
    const name = block.body.flatMap(attributesOf).find((own) => own.name === 'name')?.value;
    const key = typeof name === 'string' ? JSON.stringify(name) : String(place);
    addBody(found, `${prefix}${type}${isAlone && typeof name !== 'string' ? '' : `[${key}]`}.`, block.body);
  }
}

function addValue(found: Map<string, string>, path: string, value: Expression): void {
  if (!isNode(value) && isObject(value) && presentEntries(value).length > 0) {
    for (const [key, inner] of presentEntries(value)) addValue(found, `${path}.${key}`, inner);
  } else found.set(path, printInline(value));
}
