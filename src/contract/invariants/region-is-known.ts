import { quote } from '../../base/quote.ts';
import { isOtherRegion, region as knownRegion, regions, regionsProvenance } from '../../catalog/regions.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameHelp } from '../wording.ts';

export default invariant({
  id: 'region-is-known',
  title: "The region is one of Azure's, with prices and zones on record",
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Every price, every zone and every size on offer belongs to a region. With an unknown one, the plan ' +
    'has no price and cannot say whether the machines exist; with a misspelt one, Azure refuses the first ' +
    'resource group.',
  source: 'learn.microsoft.com, regions-list; Resource SKUs API, 2026-08-01.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['region'],
  *check({ region }) {
    const place = placeOf(region, 'name');
    if (!hasAll(region, 'name')) yield unsaid(region, 'name');
    else if (knownRegion(region.name)) yield held(place);
    else if (isOtherRegion(region.name)) {
      const { date } = regionsProvenance();
      const message = `no prices, zones and sizes of ${region.name} are on record (${date})`;
      yield broken(place, message, {
        severity: 'warning',
        help: 'the plan has no price; see yourself that the region offers the sizes in the zones you name',
      });
    } else {
      const names = regions().map(({ name }) => name);
      yield broken(place, `Azure has no region ${quote(region.name)}`, {
        help: nameHelp(region.name, names),
      });
    }
  },
});
