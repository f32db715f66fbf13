import { groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'mesh-needs-cilium',
  title: 'A mesh stands on Cilium that the fleet installs itself',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Azure CNI Overlay runs on Cilium, too, with its eBPF data plane and its policies, and has no Cluster ' +
    'Mesh: its pods are not reachable from another cluster. The managed mesh of Fleet Manager is a preview ' +
    'and refuses overlays. What BYO Cilium costs is the support of Microsoft for the network.',
  source:
    'learn.microsoft.com, kubernetes-fleet/concepts-cross-cluster-networking and aks/use-byo-cni, 2026.',
  // Ids, mesh and the names in it are Cilium's: Terraform knows none of them.
  kinds: ['fleet', 'gitops', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const { place, items } of groupByPlace(clusters, (cluster) => placeOf(cluster, 'isMeshed'))) {
      for (const cluster of items) {
        if (!hasAll(cluster, 'cni', 'isMeshed')) yield unsaid(cluster, 'cni', 'isMeshed');
        else if (cluster.isMeshed && cluster.cni !== 'cilium') {
          yield broken(place, 'there is no mesh over Azure CNI Overlay', {
            help: 'write `cni: cilium`, or `clusterMesh: false` where clusters need not reach each other',
          });
        } else if (cluster.isMeshed) yield held(place);
      }
    }
  },
});
