import { parseVmSizeName } from '../../catalog/vm-size-name.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { clustersWithPools, poolsOfCluster } from '../pools-of-cluster.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'spot-has-two-families',
  title: 'Spot nodes of a cluster come from two VM families at least',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Azure takes Spot machines back by size and place: in measured traces, more than nine in ten ' +
    'interruptions of one type come within three minutes of each other, so a pool of one family goes as a ' +
    'whole. A second family has its own capacity, its own quota and its own price.',
  source:
    'Spot-and-Scoot, arXiv 2604.16457, 2026-04; learn.microsoft.com, virtual-machines/spot-vms, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'nodePools'],
  *check({ environment, nodePools }) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'cluster', 'capacityType', 'vmSize'))
        yield unsaid(pool, 'cluster', 'capacityType', 'vmSize');
    }
    const poolsOf = poolsOfCluster(nodePools, 'capacityType', 'vmSize');
    for (const cluster of clustersWithPools(nodePools)) {
      const [first, ...others] =
        poolsOf(cluster)?.filter(({ capacityType }) => capacityType === 'Spot') ?? [];
      if (first === undefined) continue;
      const sizes = [first, ...others].map(({ vmSize }) => vmSize);
      const families = new Set(sizes.map((size) => parseVmSizeName(size)?.series ?? nameText(size)));
      const place = placeOf(first, 'vmSize');
      if (families.size > 1) yield held(place);
      else {
        yield broken(
          place,
          `all Spot nodes of ${cluster} are of one family, ${[...families][0]}, and are evicted together`,
          {
            severity: environment === 'production' ? 'error' : 'warning',
            help: 'list a size of another family, e.g. `vmSizes: [Standard_D2s_v3, Standard_D2as_v5]`',
          },
        );
      }
    }
  },
});
