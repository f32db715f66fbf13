import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'cilium-operator-tolerates-system-nodes',
  title: "Cilium's operator tolerates the taint of the system pool",
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Since chart 1.18 the operator no longer tolerates every taint. With CriticalAddonsOnly on the system ' +
    'pool and the Spot taint on all others it stays Pending, no node gets a range for its pods, and the ' +
    'cluster never has a network.',
  source: 'Cilium chart 1.18.0 to 1.20.0, operator.tolerations; learn.microsoft.com, aks/use-system-pools.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    for (const side of ciliums) {
      const place = placeOf(side, 'operatorToleratesSystem');
      if (!hasAll(side, 'cluster', 'operatorToleratesSystem')) {
        yield unsaid(side, 'cluster', 'operatorToleratesSystem');
      } else if (side.operatorToleratesSystem) yield held(place);
      else {
        yield broken(
          place,
          `the operator of Cilium on ${side.cluster} does not tolerate CriticalAddonsOnly`,
          {
            help:
              "add {key: CriticalAddonsOnly, operator: Exists} to `operator.tolerations`, beside the chart's " +
              'own, which a list replaces',
          },
        );
      }
    }
  },
});
