import type { Path } from '../../base/finding.ts';
import { quote } from '../../base/quote.ts';
import { parseVmSizeName } from '../../catalog/vm-size-name.ts';
import { offeredIn, vmSize, vmSizes, vmSizesProvenance } from '../../catalog/vm-sizes.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameHelp } from '../wording.ts';

export default invariant({
  id: 'vm-size-is-offered',
  title: 'The region offers every VM size, in every zone that its pool names',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure answers VMSizeNotSupported or AvailabilityZoneNotSupported, and not before the network and the ' +
    'vault are made. A size that the catalogue does not know has no price, and nobody can say whether the ' +
    'platform fits it.',
  source: 'Resource SKUs API, 2026-08-01.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['region', 'nodePools'],
  *check({ region, nodePools }) {
    if (!hasAll(region, 'name')) {
      yield unsaid(region, 'name');
      return;
    }
    for (const pool of nodePools) {
      if (!hasAll(pool, 'vmSize', 'zones')) {
        yield unsaid(pool, 'vmSize', 'zones');
        continue;
      }
      const place = placeOf(pool, 'vmSize');
      if (!vmSize(pool.vmSize)) {
        yield unknownSize(pool.vmSize, place);
        continue;
      }
      const offer = offeredIn(region.name, pool.vmSize);
      const missing = pool.zones.filter((zone) => !offer?.zones.includes(zone));
      if (!offer) yield undetermined(place, `whether the region offers ${pool.vmSize}: it is not on record`);
      else if (!offer.offered) {
        yield broken(place, `${region.name} does not offer ${pool.vmSize} (${vmSizesProvenance().date})`, {
          help: 'take a size that it offers, e.g. Standard_D2s_v3 or Standard_D4s_v3',
        });
      } else if (missing.length === 0) yield held(place);
      else yield wrongZones(region.name, pool.vmSize, offer.zones, missing, placeOf(pool, 'zones'));
    }
  },
});

function wrongZones(
  region: string,
  size: string,
  offered: readonly number[],
  missing: readonly number[],
  place: Path,
): Observation {
  const zones = offered.length > 0 ? `in zones ${listText(offered.map(String))} only` : 'without zones only';
  const named = `the pool names ${listText(missing.map(String))}`;
  return broken(place, `${region} offers ${size} ${zones}; ${named}`, {
    help: `write \`zones: [${offered.join(', ')}]\``,
  });
}

/**
 * The catalogue holds the sizes of a series that small fleets use: a larger one of a known series is no
 * mistake.
 */
function unknownSize(name: string, place: Path): Observation {
  const help = nameHelp(
    name,
    vmSizes().map((size) => size.name),
  );
  const series = parseVmSizeName(name)?.series;
  if (series !== undefined && vmSizes().some(({ family }) => family === series)) {
    return broken(place, `${name} has no price and no measures on record (${vmSizesProvenance().date})`, {
      severity: 'warning',
      help: 'the plan cannot price it, nor say whether the platform fits',
    });
  }
  return broken(place, `no VM size is called ${quote(name)}`, { help });
}
