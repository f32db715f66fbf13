import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'registry-fits-its-tier',
  title: 'A registry below Premium does without what only Premium has',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Private endpoints, a closed public address, zone redundancy, retention and copies in other regions are of the ' +
    'Premium tier. azurerm refuses some of them when it plans, one when it applies, and a private endpoint never: ' +
    'that one Azure refuses itself.',
  source:
    'azurerm 5.2.0, container_registry, four gates, 2026-11-22; learn.microsoft.com, container-registry-skus.',
  kinds: ['terraform'],
  needs: ['registries'],
  *check({ registries }) {
    for (const registry of registries) {
      if (!hasAll(registry, 'name', 'sku', 'premiumFeatures')) {
        yield unsaid(registry, 'name', 'sku', 'premiumFeatures');
        continue;
      }
      const { name, sku, premiumFeatures } = registry;
      const place = placeOf(registry, 'sku');
      if (sku === 'Premium' || premiumFeatures.length === 0) yield held(place);
      else {
        yield broken(place, `the ${sku} registry ${name} is to have ${listText(premiumFeatures)}`, {
          help: 'write `sku = "Premium"`, or do without',
        });
      }
    }
  },
});
