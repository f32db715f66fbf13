import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'kube-proxy-is-kept',
  title: 'Cilium leaves services to the kube-proxy that AKS runs',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'AKS runs kube-proxy on every node, and turning it off is a preview that Terraform cannot reach. Two ' +
    'things that both translate the addresses of services are no supported mix: connections break when one ' +
    'of them changes its mind.',
  source: 'learn.microsoft.com, aks/configure-kube-proxy; docs.cilium.io, kubeproxy-free, 1.20.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    for (const side of ciliums) {
      const place = placeOf(side, 'replacesKubeProxy');
      if (!hasAll(side, 'cluster', 'replacesKubeProxy')) yield unsaid(side, 'cluster', 'replacesKubeProxy');
      else if (!side.replacesKubeProxy) yield held(place);
      else {
        yield broken(place, `Cilium on ${side.cluster} replaces the kube-proxy that AKS runs beside it`, {
          help: 'write `kubeProxyReplacement: "false"`',
        });
      }
    }
  },
});
