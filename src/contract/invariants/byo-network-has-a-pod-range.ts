import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'byo-network-has-a-pod-range',
  title: 'A cluster that brings its network along tells AKS the range of its pods',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Without a plugin of its own, AKS still routes from the control plane to the pods by `pod_cidr`: where it ' +
    'is missing, webhooks and aggregated APIs time out. It must be the range that Cilium hands out, and it ' +
    'can be changed only by replacing the cluster.',
  source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16; azurerm 5.2.0, kubernetes_cluster.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'hasPodRange');
      if (cluster.cni === undefined || cluster.cni === 'azure-overlay') continue;
      if (!hasAll(cluster, 'name', 'hasPodRange')) yield unsaid(cluster, 'name', 'hasPodRange');
      else if (cluster.hasPodRange) yield held(place);
      else {
        yield broken(place, `${cluster.name} brings its network along and has no \`pod_cidr\``, {
          help: 'write the range that Cilium hands out, e.g. `pod_cidr = "10.201.0.0/16"`',
        });
      }
    }
  },
});
