import type { Path } from '../../base/finding.ts';
import { systemPoolLimits } from '../../catalog/limits.ts';
import { parseVmSizeName } from '../../catalog/vm-size-name.ts';
import { type VmSize, vmSize } from '../../catalog/vm-sizes.ts';
import { groupBy, groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

const { enforced, documented } = systemPoolLimits;
const HELP = 'write `system: { vmSize: Standard_D4s_v3 }`, or another size of four vCPUs';
const NOT_BURSTABLE = 'which AKS does not support there';

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
  kinds: ['fleet', 'terraform', 'live'],
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
        else yield judgeByName(clusters, name, place);
      }
    }
  },
});

/** Of a size that is not on record, its name tells what can never do: a single core, or a burstable one. */
function judgeByName(clusters: string, name: string, place: Path): Observation {
  const parsed = parseVmSizeName(name);
  const nodes = `the system nodes of ${clusters} are ${nameText(name)}`;
  if (parsed?.family === 'B')
    return broken(place, `${nodes}, a burstable size, ${NOT_BURSTABLE}`, { help: HELP });
  if (parsed && (parsed.activeVcpus ?? parsed.vcpus) < enforced.minVcpus) {
    return broken(place, `${nodes} with one vCPU; AKS refuses less than ${enforced.minVcpus}`, {
      help: HELP,
    });
  }
  return undetermined(place, `the vCPUs and memory of ${nameText(name)} are not on record`);
}

function judge(clusters: string, size: VmSize, place: Path): Observation {
  const nodes = `the system nodes of ${clusters} are ${size.name}`;
  if (size.vcpus < enforced.minVcpus || size.memoryGiB < enforced.minMemoryGiB) {
    const has = `${size.vcpus} vCPU and ${size.memoryGiB} GiB`;
    const least = `${enforced.minVcpus} and ${enforced.minMemoryGiB}`;
    return broken(place, `${nodes} with ${has}; AKS refuses less than ${least}`, { help: HELP });
  }
  if (size.burstable) {
    return broken(place, `${nodes}, a burstable size, ${NOT_BURSTABLE}`, { help: HELP });
  }
  if (size.vcpus >= documented.minVcpus) return held(place);
  const has = `${size.vcpus} vCPUs; AKS accepts them and documents ${documented.minVcpus} as the floor`;
  return broken(place, `${nodes} with ${has}`, { severity: 'warning', help: HELP });
}
