import { meshLimits } from '../../catalog/limits.ts';
import { type ClusterEvidence, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const { min, max } = meshLimits.clusterId;

export default invariant({
  id: 'cluster-ids-are-unique',
  title: `Cluster ids lie between ${min} and ${max}, each once`,
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Cilium writes the id into every security identity of the mesh: two clusters with one id take each ' +
    "other's pods for their own, and an agent with an id out of range refuses to start. The id also " +
    'chooses the addresses of the cluster, and changing it on a running one means restarting every ' +
    'workload.',
  source: 'docs.cilium.io, network/clustermesh, 1.20.',
  // Ids, mesh and the names in it are Cilium's: Terraform knows none of them.
  kinds: ['fleet', 'gitops', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    const owners = new Map<number, ClusterEvidence>();
    const taken = new Set(clusters.map(({ id }) => id));
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'id')) {
        yield unsaid(cluster, 'name', 'id');
        continue;
      }
      const { name, id } = cluster;
      const place = placeOf(cluster, 'id');
      const owner = owners.get(id);
      const most = cluster.idMax ?? max;
      if (id < min || id > most) {
        yield broken(place, `${name} has the id ${id}, outside of ${min} to ${most}`, {
          help: helpFor(taken),
        });
      } else if (owner) {
        yield broken(place, `${name} has the id ${id}, which is ${owner.name}'s`, {
          help: helpFor(taken),
          related: [{ message: `${owner.name} has it, too`, path: placeOf(owner, 'id') }],
        });
      } else {
        owners.set(id, cluster);
        yield held(place);
      }
    }
  },
});

function helpFor(taken: ReadonlySet<number | undefined>): string {
  for (let id = min; id <= max; id++) if (!taken.has(id)) return `write a free id, e.g. ${id}`;
  return `a mesh holds ${max} clusters: split the fleet`;
}
