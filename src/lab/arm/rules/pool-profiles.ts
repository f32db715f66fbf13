import { listAt, objectAt, textAt, valueAt } from '../body.ts';
import type { ArmBody, ArmStore } from '../resource.ts';
import type { ArmRule, ArmWorld, ArmWrite, Refusal } from '../rule.ts';
import { isSame, numberAt } from './body-values.ts';
import { isUpsert } from './judgement.ts';

export const CLUSTER = 'microsoft.containerservice/managedclusters';
export const POOL = `${CLUSTER}/agentpools`;

/** A node pool that a write asks for, alone or in the body of its cluster. */
export type AskedPool = {
  readonly name: string;
  /** Its properties; those of a pool in its cluster's body stand beside its name. */
  readonly profile: ArmBody;
  /** What it is now. */
  readonly current: ArmBody | undefined;
  readonly clusterKey: string;
  /** As it will be after the write. */
  readonly cluster: ArmBody | undefined;
};

/** Judges every node pool that a write to a cluster or a pool asks for; the first refusal stands. */
export function eachPool(
  judge: (pool: AskedPool, write: ArmWrite, world: ArmWorld) => Refusal | undefined,
): ArmRule['check'] {
  return (write, world) => {
    for (const pool of askedPools(write, world)) {
      const refusal = judge(pool, write, world);
      if (refusal) return refusal;
    }
    return undefined;
  };
}

/** The pools that a write asks for; none of a DELETE or a POST. */
export function askedPools(write: ArmWrite, { store }: ArmWorld): readonly AskedPool[] {
  if (!isUpsert(write)) return [];
  const { id, body } = write;
  if (id.type === POOL) {
    const clusterKey = (id.parent ?? '').toLowerCase();
    const cluster = store.get(clusterKey)?.body;
    const current = write.current && objectAt(write.current, 'properties');
    return [{ name: id.name, profile: objectAt(body, 'properties'), current, clusterKey, cluster }];
  }
  const stored = poolsOf(id.key, store);
  return listAt(body, 'properties', 'agentPoolProfiles').map((profile) => {
    const name = textAt(profile, 'name') ?? '';
    return { name, profile, current: stored.get(name.toLowerCase()), clusterKey: id.key, cluster: body };
  });
}

/** The pools of a stored cluster by name, in lower case: those in its body, and those that stand alone. */
export function poolsOf(clusterKey: string, store: ArmStore): ReadonlyMap<string, ArmBody> {
  const inline = listAt(store.get(clusterKey)?.body, 'properties', 'agentPoolProfiles');
  const alone = store.below(clusterKey).filter(({ id }) => id.type === POOL);
  return new Map([
    ...inline.map((profile) => [(textAt(profile, 'name') ?? '').toLowerCase(), profile] as const),
    ...alone.map(({ id, body }) => [id.name.toLowerCase(), objectAt(body, 'properties')] as const),
  ]);
}

/** All pools as they will be after a write, with their clusters' bodies; none of stopped clusters. */
export function poolsAfter(
  write: ArmWrite,
  world: ArmWorld,
): readonly { readonly profile: ArmBody; readonly cluster: ArmBody }[] {
  const asked = askedPools(write, world);
  const clusterKeys = new Set([
    ...world.store.ofType(CLUSTER).map(({ id }) => id.key),
    ...asked.map(({ clusterKey }) => clusterKey),
  ]);
  return [...clusterKeys].flatMap((key) => {
    const own = asked.filter(({ clusterKey }) => clusterKey === key);
    const cluster = own[0]?.cluster ?? world.store.get(key)?.body ?? {};
    if (isStopped(cluster)) return [];
    const pools = new Map([
      ...poolsOf(key, world.store),
      ...own.map(({ name, profile }) => [name.toLowerCase(), profile] as const),
    ]);
    return [...pools.values()].map((profile) => ({ profile, cluster }));
  });
}

/** True for a pool of mode System. One that states no mode may be either, and is not taken for one. */
export function isSystem(profile: ArmBody): boolean {
  return isSame(textAt(profile, 'mode'), 'System');
}

/** True for a pool of surplus capacity. */
export function isSpot(profile: ArmBody): boolean {
  return isSame(textAt(profile, 'scaleSetPriority'), 'Spot');
}

/** Nodes that a pool asks for. AKS begins with one where nothing is said. */
export function nodesOf(profile: ArmBody): number {
  return numberAt(profile, 'count') ?? numberAt(profile, 'minCount') ?? 1;
}

/** True for a cluster that was stopped, and not for one that is stopping. */
export function isStopped(cluster: ArmBody | undefined): boolean {
  return isSame(textAt(cluster, 'properties', 'powerState', 'code'), 'Stopped');
}

/** True when a write changes a Kubernetes version that is there, of the control plane or of a pool. */
export function isUpgrade(write: ArmWrite, world: ArmWorld): boolean {
  if (write.method === 'POST') return write.action?.toLowerCase() === 'upgradenodeimageversion';
  const versions = (body: ArmBody | undefined, key: string): unknown => valueAt(body, 'properties', key);
  const before = versions(write.current, 'kubernetesVersion');
  const after = versions(write.body, 'kubernetesVersion');
  if (before !== undefined && after !== undefined && before !== after) return true;
  return askedPools(write, world).some(({ profile, current }) => isPoolUpgrade(profile, current));
}

/** True when a pool that is there is to run another Kubernetes version. */
export function isPoolUpgrade(profile: ArmBody, current: ArmBody | undefined): boolean {
  const before = textAt(current, 'orchestratorVersion');
  const after = textAt(profile, 'orchestratorVersion');
  return before !== undefined && after !== undefined && before !== after;
}
