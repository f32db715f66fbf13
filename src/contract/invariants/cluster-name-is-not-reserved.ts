import { meshLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const RESERVED: Readonly<Record<string, string>> = {
  [meshLimits.clusterName.reserved]: 'Cilium keeps it for clusters outside of any mesh',
  services: '`network.subnets.services` is the subnet that all clusters share',
};

export default invariant({
  id: 'cluster-name-is-not-reserved',
  title: 'No cluster has a name that means something else',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Cilium refuses a mesh whose cluster is called default. A cluster called services would share its node ' +
    'subnet with the private endpoints of all clusters. The name of a cluster cannot be changed later.',
  source: 'docs.cilium.io, network/clustermesh, 1.20.',
  // Ids, mesh and the names in it are Cilium's: Terraform knows none of them.
  kinds: ['fleet', 'gitops', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'name');
      if (!hasAll(cluster, 'name')) yield unsaid(cluster, 'name');
      else if (!Object.hasOwn(RESERVED, cluster.name)) yield held(place);
      else {
        yield broken(place, `no cluster can be called ${cluster.name}: ${RESERVED[cluster.name]}`, {
          at: 'key',
          help: 'give it another name',
        });
      }
    }
  },
});
