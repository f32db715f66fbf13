import { nodePoolLimits } from '../../catalog/limits.ts';
import { vmSize } from '../../catalog/vm-sizes.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

const { min } = nodePoolLimits.osDiskGiB;

export default invariant({
  id: 'os-disk-fits',
  title: 'The OS disk fits the machine that it stands on',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'An ephemeral OS disk lives in the cache or the temporary disk of the host, costs nothing, and must ' +
    'fit there: AKS asks for 128 GB by default, and a D2s_v3 has 50. Azure answers ' +
    'VMCannotFitEphemeralOSDisk when the first node starts. No OS disk may be smaller than 30 GB.',
  source: 'learn.microsoft.com, ephemeral-os-disks, 2026-09-08; aks/concepts-storage, 2026-07-30.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'vmSize', 'osDiskSizeGB', 'osDiskType')) {
        yield unsaid(pool, 'vmSize', 'osDiskSizeGB', 'osDiskType');
        continue;
      }
      const place = placeOf(pool, 'osDiskSizeGB');
      const disk = `an OS disk of ${pool.osDiskSizeGB} GB`;
      const size = vmSize(pool.vmSize);
      const room = size?.ephemeralOsDiskGiB;
      if (pool.osDiskSizeGB < min) {
        yield broken(place, `${disk} is below ${min} GB, the least that AKS takes`, {
          help: `write ${min} or more`,
        });
      } else if (pool.osDiskType === 'Managed') yield held(place);
      else if (size && !size.ephemeralOsDisk) {
        yield broken(placeOf(pool, 'osDiskType'), `${pool.vmSize} takes no ephemeral OS disk`, {
          help: 'make it a managed disk, or take a size with a local disk (a d in its name)',
        });
      } else if (room === undefined)
        yield undetermined(
          place,
          `the room of ${nameText(pool.vmSize)} for an ephemeral OS disk is not on record`,
        );
      else if (pool.osDiskSizeGB <= room) yield held(place);
      else {
        yield broken(
          place,
          `${disk} does not fit the ${room} GiB that ${pool.vmSize} has for an ephemeral one`,
          {
            help: `write ${room} or less, or make it a managed disk`,
          },
        );
      }
    }
  },
});
