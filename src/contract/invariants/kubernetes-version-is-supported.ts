import { aksVersions, aksVersionsProvenance, aksVersionStatus } from '../../catalog/aks-versions.ts';
import { groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'kubernetes-version-is-supported',
  title: 'AKS supports the Kubernetes version',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'AKS creates clusters of the three newest minors only and answers K8sVersionNotSupported for others. ' +
    'Older ones live on under long-term support, which takes the Premium tier. A version that the ' +
    'catalogue does not know cannot be held against the charts that the platform pins.',
  source: 'learn.microsoft.com, aks/supported-kubernetes-versions, 2026-08; AKS release 2026-07-17.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    const minors = listText(aksVersions().map(({ minor }) => minor));
    const help = `write one of ${minors}`;
    for (const { place, items } of groupByPlace(clusters, (cluster) =>
      placeOf(cluster, 'kubernetesVersion'),
    )) {
      for (const cluster of items) {
        if (!hasAll(cluster, 'name', 'kubernetesVersion')) {
          yield unsaid(cluster, 'name', 'kubernetesVersion');
          continue;
        }
        const version = cluster.kubernetesVersion;
        const status = aksVersionStatus(version);
        const { date } = aksVersionsProvenance();
        if (status === 'supported') yield held(place);
        else if (status === 'unknown') {
          const record = `the versions of AKS on record (${date})`;
          yield broken(place, `Kubernetes ${version} of ${cluster.name} is not among ${record}`, {
            severity: version.startsWith('1.') ? 'warning' : 'error',
            help,
          });
        } else if (cluster.skuTier === 'Premium') {
          yield broken(
            place,
            `Kubernetes ${version} of ${cluster.name} lives on under long-term support alone`,
            {
              severity: 'warning',
              help,
            },
          );
        } else {
          yield broken(place, `Kubernetes ${version} of ${cluster.name} is out of support`, {
            help: `${help}; \`sku: Premium\` with long-term support would be the other way`,
          });
        }
      }
    }
  },
});
