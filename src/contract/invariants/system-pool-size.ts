import type { Path } from '../../base/finding.ts';
import { systemPoolLimits } from '../../catalog/limits.ts';
import { type VmSize, vmSize } from '../../catalog/vm-sizes.ts';
import { groupBy, groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

const { enforced, documented } = systemPoolLimits;

export default invariant({
  id: 'system-pool-size',
  title: `System nodes have ${documented.minVcpus} vCPUs and are not burstable`,
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'AKS refuses system nodes below 2 vCPUs and 4 GiB, documents 4 vCPUs as the floor and does not support ' +
    'burstable sizes there. What AKS itself runs takes seven tenths of the CPU of a two-core node before ' +
    'anything of ours.',
  source: `${documented.source}; ${enforced.source}.`,
  needs: ['nodePools'],
  *check({ nodePools }) {
    const system = nodePools.filter(({ mode }) => mode !== 'User');
    for (const pool of system) {
      if (!hasAll(pool, 'mode', 'cluster', 'vmSize')) yield unsaid(pool, 'mode', 'cluster', 'vmSize');
    }
    const known = system.filter((pool) => hasAll(pool, 'mode', 'cluster', 'vmSize'));
    for (const { place, items } of groupByPlace(known, (pool) => placeOf(pool, 'vmSize'))) {
      for (const [name, pools] of groupBy(items, (pool) => pool.vmSize)) {
        const size = vmSize(name);
        const clusters = listText(pools.map(({ cluster }) => cluster));
        if (size) yield judge(clusters, size, place);
        else yield undetermined(place, `the vCPUs and memory of ${nameText(name)} are not on record`);
      }
    }
  },
});

function judge(clusters: string, size: VmSize, place: Path): Observation {
  const nodes = `the system nodes of ${clusters} are ${size.name}`;
  const help = 'write `system: { vmSize: Standard_D4s_v3 }`, or another size of four vCPUs';
  if (size.vcpus < enforced.minVcpus || size.memoryGiB < enforced.minMemoryGiB) {
    const has = `${size.vcpus} vCPU and ${size.memoryGiB} GiB`;
    const least = `${enforced.minVcpus} and ${enforced.minMemoryGiB}`;
    return broken(place, `${nodes} with ${has}; AKS refuses less than ${least}`, { help });
  }
  if (size.burstable) {
    return broken(place, `${nodes}, a burstable size, which AKS does not support there`, { help });
  }
  if (size.vcpus >= documented.minVcpus) return held(place);
  const has = `${size.vcpus} vCPUs; AKS accepts them and documents ${documented.minVcpus} as the floor`;
  return broken(place, `${nodes} with ${has}`, { severity: 'warning', help });
}
