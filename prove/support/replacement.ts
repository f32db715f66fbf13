import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeclaredResource } from '../../src/terraform/resources.ts';
import type { AppliedRoot } from './applied-root.ts';

/** Whether azurerm replaces a resource of a type when this argument changes: by type, by path without places. */
export type Replacements = Map<string, Map<string, boolean>>;

type Attributes = Record<string, unknown>;
type State = {
  resources: { mode: string; type: string; name: string; instances: { attributes: Attributes }[] }[];
};
type Change = {
  readonly address: string;
  readonly change: { readonly replace_paths?: readonly (readonly (string | number)[])[] };
};

/** What Terraform reads itself: no provider sees it. */
const META = /^(?:for_each|count|depends_on|lifecycle|provider)\b|\bdynamic\b/;

/**
 * Changes arguments in the state of an applied root, one of each resource at a time, and reads from plans whether
 * azurerm replaces the resource for it. Nothing in Azure changes. `known` gets what was found and tells what need not be
 * asked again: several roots may share it. `rotation` decides which argument of a resource is the first; after `rounds`
 * plans the rest is left open.
 */
export async function measureReplacements(
  root: AppliedRoot,
  declared: readonly DeclaredResource[],
  known: Replacements,
  { rotation, rounds }: { readonly rotation: number; readonly rounds: number },
): Promise<void> {
  const text = readFileSync(join(root.folder, 'terraform.tfstate'), 'utf8');
  for (let round = 0; round < rounds; round++) {
    const state = JSON.parse(text) as State;
    const picks = new Map<string, { type: string; path: string }>();
    for (const resource of declared) {
      const found = pick(state, resource, known, rotation);
      if (found !== undefined) picks.set(resource.address, { type: resource.type, path: found });
    }
    if (picks.size === 0) return;
    const plan = JSON.parse(await root.planFrom(JSON.stringify(state))) as { resource_changes?: Change[] };
    for (const { address, change } of plan.resource_changes ?? []) {
      const picked = picks.get(address.replace(/\[[^\]]*\]$/, ''));
      if (!picked) continue;
      const { type, path } = picked;
      // Another resource that is replaced may make this one be replaced too, for another argument.
      const isReplaced = (change.replace_paths ?? []).some((own) => meets(plain(own), path));
      if (isReplaced) known.get(type)!.set(path, true);
    }
  }
}

/** As `replacing-arguments.json` has them: types with the arguments that replace, all in order. */
export function replacingByType(known: Replacements): Readonly<Record<string, readonly string[]>> {
  const types = [...known].map(
    ([type, paths]) =>
      [type, [...paths].flatMap(([path, isReplacing]) => (isReplacing ? [path] : []))] as const,
  );
  return Object.fromEntries(
    types
      .filter(([, paths]) => paths.length > 0)
      .map(([type, paths]) => [type, paths.toSorted()] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Changes the first argument of a resource that is not known yet, and says which. Takes it as not replacing until then. */
function pick(
  state: State,
  { type, address, arguments: given }: DeclaredResource,
  known: Replacements,
  rotation: number,
): string | undefined {
  const own = state.resources.find(
    (each) => each.mode === 'managed' && `${each.type}.${each.name}` === address,
  );
  const attributes = own?.instances[0]?.attributes;
  if (!attributes) return undefined;
  const ofType = known.get(type) ?? new Map<string, boolean>();
  known.set(type, ofType);
  const paths = [...new Set([...given.keys()].map((path) => path.replaceAll(/\[[^\]]*\]/g, '')))];
  const start = rotation % Math.max(1, paths.length);
  for (const path of [...paths.slice(start), ...paths.slice(0, start)]) {
    if (META.test(path) || ofType.has(path)) continue;
    if (!changeAt(attributes, path.split('.'))) continue;
    ofType.set(path, false);
    return path;
  }
  return undefined;
}

/** Changes what is at a path, in the first block that has it. False where nothing is. */
function changeAt(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  if (Array.isArray(value)) return value.some((item) => changeAt(item, path));
  if (typeof value !== 'object' || value === null) return false;
  const holder = value as Attributes;
  if (rest.length > 0) return changeAt(holder[key], rest);
  const changed = otherThan(holder[key]);
  if (changed === undefined) return false;
  holder[key] = changed;
  return true;
}

function otherThan(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value + 1;
    case 'string':
      return otherText(value);
    case 'object':
      if (Array.isArray(value))
        return value.length > 0 ? [otherThan(value[0]), ...value.slice(1)] : undefined;
      if (value === null) return undefined;
      return { ...value, 'changed-by-a-proof': 'yes' };
    default:
      return undefined;
  }
}

/** Of the same form, as far as a provider looks at it when it compares. */
function otherText(text: string): string | undefined {
  if (text === '') return undefined;
  if (/^\d+\.\d+\.\d+\.\d+/.test(text))
    return text.replace(/^\d+/, (first) => String((Number(first) % 200) + 1));
  if (/^\d{4}-\d\d-01T/.test(text)) return text.replace(/^\d{4}/, (year) => String(Number(year) - 1));
  if (/^PT?\d+[DHM]$/.test(text)) return text === 'PT1M' ? 'PT5M' : 'PT1M';
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text)) return `${text.startsWith('a') ? 'b' : 'a'}${text.slice(1)}`;
  if (/^\d+$/.test(text)) return String(Number(text) + 1);
  return `${text}x`;
}

function plain(path: readonly (string | number)[]): string {
  return path.filter((part) => typeof part === 'string').join('.');
}

function meets(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
