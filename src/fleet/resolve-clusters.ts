import type { Path } from '../base/finding.ts';
import { compareText, sortedEntries } from '../base/order.ts';
import { compact } from '../base/record.ts';
import { assignClusterIds } from './cluster-id.ts';
import type { Cluster, ClusterRole, Environment, UserPoolWish } from './fleet.ts';
import { parseNodeRange } from './node-range.ts';
import { type ClusterFile, type Fill, present, rangeIn, type SoundFile } from './sound-file.ts';

/** AKS 1.35 leaves support in March 2027 (AKS release calendar, 2026-07-17). */
const KUBERNETES_DEFAULT = '1.35';

/** The clusters with their defaults, mgmt first, then by name. */
export function resolveClusters(file: SoundFile, environment: Environment, fill: Fill): readonly Cluster[] {
  const written = sortedEntries(file.clusters ?? {}).map(([name, cluster]) => {
    const role = fill<ClusterRole>(
      ['clusters', name, 'role'],
      cluster?.role,
      name === 'mgmt' ? 'mgmt' : 'app',
      'the cluster named mgmt is the mgmt cluster',
      [{ name: 'name', value: name }],
    );
    return { name, role, cluster: cluster ?? {} };
  });
  const ids = assignClusterIds(
    written.map(({ name, role, cluster }) => ({ name, isMgmt: role === 'mgmt', id: cluster.id })),
  );
  return written
    .map(({ name, role, cluster }) => resolveCluster(name, role, cluster, environment, ids.get(name)!, fill))
    .toSorted((a, b) => Number(b.role === 'mgmt') - Number(a.role === 'mgmt') || compareText(a.name, b.name));
}

function resolveCluster(
  name: string,
  role: ClusterRole,
  file: ClusterFile,
  environment: Environment,
  assigned: { readonly id: number; readonly rule?: string; readonly movedFrom?: number },
  fill: Fill,
): Cluster {
  const at = ['clusters', name];
  const byRole = [{ name: 'role', value: role }];
  const byEnvironment = [{ name: 'environment', value: environment }];
  const moved =
    assigned.movedFrom === undefined
      ? ''
      : `; ${assigned.movedFrom} is taken, so the next free one: write it down`;
  fill([...at, 'id'], file.id, assigned.id, `${assigned.rule}${moved}`, [{ name: 'name', value: name }]);
  return {
    name,
    role,
    tier: fill<number>(
      [...at, 'tier'],
      file.tier,
      role === 'mgmt' ? 1 : 2,
      'platform services are tier 1, workloads tier 2 (ADR-A01)',
      byRole,
    ),
    id: assigned.id,
    ...compact({ idMovedFrom: assigned.movedFrom, pods: rangeIn(file.pods) }),
    kubernetes: fill(
      [...at, 'kubernetes'],
      file.kubernetes,
      KUBERNETES_DEFAULT,
      'a version in support until March 2027',
    ),
    sku: fill(
      [...at, 'sku'],
      file.sku,
      environment === 'demo' ? 'Free' : 'Standard',
      'demo does without an SLA of the API server, production wants one',
      byEnvironment,
    ),
    user: resolveUserPool([...at, 'user'], role, environment, file, fill),
    system: compact({
      vmSize: file.system?.vmSize,
      nodes: file.system?.nodes,
      zones: file.system?.zones && present(file.system.zones).toSorted(),
      maxPods: file.system?.maxPods,
      osDiskGB: file.system?.osDiskGB,
    }),
  };
}

function resolveUserPool(
  at: Path,
  role: ClusterRole,
  environment: Environment,
  file: ClusterFile,
  fill: Fill,
): UserPoolWish {
  const written = file.user ?? {};
  const range = parseNodeRange(
    fill(
      [...at, 'nodes'],
      written.nodes,
      role === 'mgmt' ? '1..3' : '2..5',
      'one node to start with on mgmt, two on app clusters (source design, 5.1)',
      [{ name: 'role', value: role }],
    ),
  );
  return {
    vmSizes: fill<readonly string[]>(
      [...at, 'vmSizes'],
      written.vmSizes && present(written.vmSizes),
      environment === 'production' && role === 'app'
        ? ['Standard_D2s_v3', 'Standard_D2ds_v5']
        : ['Standard_D2s_v3'],
      'the size of the source design; for production Spot one of a second family with it (ADR-A01)',
      [
        { name: 'role', value: role },
        { name: 'environment', value: environment },
      ],
    ),
    nodes: typeof range === 'string' ? { min: 1, max: 1 } : range,
    ...compact({
      capacity: written.capacity,
      zones: written.zones && present(written.zones).toSorted(),
      maxPods: written.maxPods,
      osDiskGB: written.osDiskGB,
    }),
  };
}
