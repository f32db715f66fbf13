import { groupBy, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'pools-follow-their-cluster',
  title: 'No node pool has a newer Kubernetes than its control plane',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Kubelets may be older than the API server that they talk to, never newer: Azure refuses such a pool ' +
    '(NodePoolMcVersionIncompatible). An upgrade starts with the control plane.',
  source: 'learn.microsoft.com, error code NodePoolMcVersionIncompatible, 2026-08.',
  kinds: ['terraform'],
  needs: ['clusters', 'nodePools'],
  *check({ clusters, nodePools }) {
    const byName = groupBy(clusters, ({ name }) => name);
    for (const pool of nodePools) {
      if (!hasAll(pool, 'cluster', 'name', 'kubernetesVersion')) {
        yield unsaid(pool, 'cluster', 'name', 'kubernetesVersion');
        continue;
      }
      const place = placeOf(pool, 'kubernetesVersion');
      const own = byName.get(pool.cluster)?.[0]?.kubernetesVersion;
      // A pool that names none gets what its control plane has.
      if (pool.kubernetesVersion === '') yield held(place);
      else if (own === undefined) yield undetermined(place, `which Kubernetes ${pool.cluster} has`);
      else if (!isNewer(pool.kubernetesVersion, own)) yield held(place);
      else {
        const message = `pool ${pool.name} is to have ${pool.kubernetesVersion}, its control plane ${own}`;
        yield broken(place, message, { help: `write "${own}", or leave \`orchestrator_version\` out` });
      }
    }
  },
});

/** By major, minor and, where both say it, patch: `1.35` stands for whichever patch is newest. */
function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (const [index, own] of a!.entries()) {
    const other = b![index];
    if (other === undefined || own !== other) return other !== undefined && own > other;
  }
  return false;
}
