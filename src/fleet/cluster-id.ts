import { compareText } from '../base/order.ts';

/** Mesh ids run from 1 to 255: `clustermesh.maxConnectedClusters` stays at 255 (Cilium 1.20, setup.rst). */
export const CLUSTER_ID_MAX = 255;

/**
 * The id that a cluster's name alone gives it, so that adding or removing a cluster never moves another one's
 * addresses: mgmt is 1, a name that ends in a number N is N + 1, any other name is hashed (FNV-1a) onto 2 to 255.
 */
export function clusterIdFromName(name: string, isMgmt: boolean): { id: number; rule: string } {
  if (isMgmt) return { id: 1, rule: 'the mgmt cluster has mesh id 1' };
  const number = Number(/(\d{1,3})$/.exec(name)?.[1] ?? '0');
  if (number >= 1 && number < CLUSTER_ID_MAX) {
    return { id: number + 1, rule: 'a name that ends in a number N has mesh id N + 1' };
  }
  return {
    id: 2 + (fnv1a(name) % (CLUSTER_ID_MAX - 1)),
    rule: 'a name without a number is hashed onto 2 to 255',
  };
}

/**
 * Gives each cluster an id. Ids that were written stand, even when they clash (the contract says so); a derived id that
 * is taken moves to the next free one, in order of names.
 */
export function assignClusterIds(
  clusters: readonly { readonly name: string; readonly isMgmt: boolean; readonly id?: number | undefined }[],
): ReadonlyMap<string, { readonly id: number; readonly rule?: string; readonly movedFrom?: number }> {
  const assigned = new Map<string, { id: number; rule?: string; movedFrom?: number }>();
  const taken = new Set<number>();
  for (const { name, id } of clusters) {
    if (id === undefined) continue;
    assigned.set(name, { id });
    taken.add(id);
  }
  const unnumbered = clusters.filter(({ id }) => id === undefined);
  // mgmt first: where there are more clusters than ids, another one goes without.
  const inOrder = unnumbered.toSorted(
    (a, b) => Number(b.isMgmt) - Number(a.isMgmt) || compareText(a.name, b.name),
  );
  for (const { name, isMgmt } of inOrder) {
    const wish = clusterIdFromName(name, isMgmt);
    const id = firstFree(taken, wish.id);
    taken.add(id);
    assigned.set(name, id === wish.id ? wish : { id, rule: wish.rule, movedFrom: wish.id });
  }
  return assigned;
}

function firstFree(taken: ReadonlySet<number>, wish: number): number {
  for (let step = 0; step < CLUSTER_ID_MAX; step++) {
    const id = ((wish - 1 + step) % CLUSTER_ID_MAX) + 1;
    if (!taken.has(id)) return id;
  }
  // More clusters than ids: the address plan refuses them, each under a number of its own.
  return Math.max(CLUSTER_ID_MAX, ...taken) + 1;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
