import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'cluster-id-is-stable',
  title: "No cluster's id depends on which other clusters there are",
  adr: 'ADR-A02',
  severity: 'warning',
  why:
    'An id comes from the name alone unless another cluster has it; then the next free one is taken. ' +
    'Adding or removing a cluster may then move this one to another id, and with it its pod range, which ' +
    'Azure changes only by replacing the cluster.',
  source: 'docs.cilium.io, network/clustermesh, 1.20; azurerm 5.2.0, kubernetes_cluster, pod_cidr.',
  kinds: ['fleet'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'id', 'idMoved')) yield unsaid(cluster, 'name', 'id', 'idMoved');
      else if (!cluster.idMoved) yield held(placeOf(cluster, 'id'));
      else {
        const message = `${cluster.name} has the id ${cluster.id} because the id of its name is taken`;
        yield broken(placeOf(cluster, 'id'), message, {
          help: `write \`id: ${cluster.id}\` for ${cluster.name}, so that it stays`,
        });
      }
    }
  },
});
