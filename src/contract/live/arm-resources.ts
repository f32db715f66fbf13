import type { Path } from '../../base/finding.ts';
import { type Cidr, parseCidr } from '../../base/cidr.ts';
import { compact } from '../../base/record.ts';
import type { ObjectDocument } from '../kubernetes/documents.ts';
import { listOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';

/** One resource as the Azure Resource Manager gives it. */
export type ArmResource = {
  readonly path: Path;
  /** In lower case, as in the id: `microsoft.containerservice/managedclusters`. */
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly value: unknown;
};

/** The resources of a snapshot, each once, by type. */
export type ArmResources = {
  readonly ofType: (...types: readonly string[]) => readonly ArmResource[];
  /** Whether the snapshot has one of these types at all: of others it says nothing. */
  readonly hasType: (...types: readonly string[]) => boolean;
};

export const CLUSTER = 'microsoft.containerservice/managedclusters';
export const SUBNET = 'microsoft.network/virtualnetworks/subnets';

/**
 * Resources in documents: one, a list, or a page of a list (`value`). Parts that only stand within another
 * resource, such as the subnets of a network, count as resources of their own.
 */
export function armResourcesOf(documents: readonly ObjectDocument[]): ArmResources {
  const byType = new Map<string, Map<string, ArmResource>>();
  const add = (path: Path, value: unknown): void => {
    const resource = resourceAt(path, value);
    if (resource === undefined) return;
    const resources = byType.get(resource.type) ?? new Map<string, ArmResource>();
    byType.set(resource.type, resources);
    // What was asked for by itself says more than what another resource shows of it.
    if (!resources.has(resource.id)) resources.set(resource.id, resource);
  };
  const tops = documents.flatMap(({ file, index, value }) => topsIn([file, index], value));
  for (const { path, value } of tops) add(path, value);
  for (const { path, value } of tops) {
    for (const part of ['subnets', 'securityRules', 'agentPoolProfiles'] as const) {
      for (const [index, inner] of (listOf(valueAt(value, 'properties', part)) ?? []).entries()) {
        add([...path, 'properties', part, index], inner);
      }
    }
  }
  const ofType = (...types: readonly string[]): readonly ArmResource[] =>
    types.flatMap((type) => [...(byType.get(type)?.values() ?? [])]);
  return { ofType, hasType: (...types) => types.some((type) => byType.has(type)) };
}

/** The id of the resource that this one is a part of. */
export function parentId(id: string): string {
  return id.split('/').slice(0, -2).join('/');
}

/** The last step of an id: the resource's name. */
export function lastStep(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** An id that a property names, in the form in which ids are compared. */
export function idAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  return textOf(valueAt(value, ...path))
    ?.toLowerCase()
    .replace(/\/+$/, '');
}

/** Whether a key is there, if only to say that nothing is set: `az` writes null. */
export function isSaid(value: unknown, ...path: readonly string[]): boolean {
  const outer = valueAt(value, ...path.slice(0, -1));
  return typeof outer === 'object' && outer !== null && Object.hasOwn(outer, path.at(-1)!);
}

/** An IPv4 range; undefined where the text is none. */
export function rangeAt(value: unknown): Cidr | undefined {
  const parsed = parseCidr(textOf(value) ?? '');
  return parsed.ok ? parsed.value : undefined;
}

/** Azure has much in two spellings: one value, or several. */
export function eitherAt(value: unknown, one: string, several: string): readonly string[] | undefined {
  const single = textOf(valueAt(value, one));
  if (single !== undefined && single !== '') return [single];
  const list = textsOf(valueAt(value, several));
  return list !== undefined && list.length > 0 ? list : undefined;
}

/** An item of evidence without the properties that are not known. */
export function known<One extends object>(item: { readonly [Key in keyof One]: One[Key] | undefined }): One {
  return compact(item) as One;
}

function topsIn(path: Path, value: unknown): readonly { readonly path: Path; readonly value: unknown }[] {
  const page = listOf(valueAt(value, 'value'));
  const list = listOf(value) ?? page;
  if (list === undefined) return [{ path, value }];
  const inner = page === undefined ? path : [...path, 'value'];
  return list.map((item, index) => ({ path: [...inner, index], value: item }));
}

function resourceAt(path: Path, value: unknown): ArmResource | undefined {
  const id = idAt(value, 'id');
  if (id === undefined) return undefined;
  const type = typeOf(id);
  if (type === undefined) return undefined;
  return { path, type, id, name: textOf(valueAt(value, 'name')) ?? lastStep(id), value };
}

/** The types in an id, each of which stands before a name. */
function typeOf(id: string): string | undefined {
  const after = id.split('/providers/').at(-1);
  const [namespace, ...steps] = after?.split('/') ?? [];
  if (namespace === undefined || steps.length < 2 || id === after) return undefined;
  return [namespace, ...steps.filter((_, index) => index % 2 === 0)].join('/');
}
