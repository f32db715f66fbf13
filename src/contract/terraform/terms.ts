import type { Path } from '../../base/finding.ts';
import { compact } from '../../base/record.ts';
import type { ClusterRole } from '../../fleet/fleet.ts';
import type { Graph } from './graph.ts';
import type { Instance } from './shown-file.ts';
import { textAt } from './values.ts';

/** What a fleet file says of a cluster that Terraform knows by its Azure name only. */
export type KnownCluster = {
  readonly resourceName: string;
  readonly resourceGroup: string;
  readonly role: ClusterRole;
  readonly tier: number;
};

/** What every reader of the graph speaks in. */
export type Terms = {
  readonly graph: Graph;
  readonly known: readonly KnownCluster[];
  /** A name that is one resource's alone among those of its type: its own, or its address. */
  readonly labelOf: (instance: Instance) => string;
};

export const CLUSTER = 'azurerm_kubernetes_cluster';
export const SUBNET = 'azurerm_subnet';

export function termsOf(graph: Graph, known: readonly KnownCluster[]): Terms {
  const owners = new Map<string, Set<Instance>>();
  for (const file of graph.files) {
    for (const instance of file.instances) {
      const name = nameKey(instance);
      const owner = graph.canonical(instance);
      const all = owners.get(name);
      if (all) all.add(owner);
      else owners.set(name, new Set([owner]));
    }
  }
  return {
    graph,
    known,
    labelOf: (instance) => {
      const name = textAt(instance.values, 'name');
      if (name === undefined || name === '') return instance.address;
      return owners.get(nameKey(instance))!.size > 1 ? `${name} (${instance.address})` : name;
    },
  };
}

/** The way to an attribute: the file first, then the address of the resource. */
export function place({ file, address }: Instance, ...attribute: Path): Path {
  return [file, address, ...attribute];
}

/**
 * Where attributes stand below an item's path, written down once for all items. A plan has some twenty for each
 * of thousands of pools, of which next to none is ever asked for: each is made when it is.
 */
export function placesBelow<Key extends string>(
  attributes: Readonly<Record<Key, Path>>,
): (path: Path) => { readonly [One in Key]: Path } {
  const handler: ProxyHandler<{ readonly path: Path }> = {
    get: ({ path }, key) => {
      const attribute = Object.hasOwn(attributes, key) ? attributes[key as Key] : undefined;
      return attribute && [...path, ...attribute];
    },
  };
  // The handler answers for every key of the table, whatever the object behind it holds.
  return (path) => new Proxy({ path }, handler) as unknown as { readonly [One in Key]: Path };
}

/** An item of evidence without the properties that are not known. */
export function known<One extends object>(item: {
  readonly [Key in keyof One]: One[Key] | undefined;
}): One {
  return compact(item) as One;
}

/** The last part of an Azure id, by which people know what has it. */
export function lastStep(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function nameKey({ type, values }: Instance): string {
  return `${type} ${textAt(values, 'name')?.toLowerCase() ?? ''}`;
}
