import { metered, type Priced } from '../component.ts';

/** Azure sells a registry by the day; thirty make the month of its price page. */
const DAYS_A_MONTH = 30;

export default {
  id: 'registry',
  *components({ fleet }, book) {
    const { sku } = fleet.registry;
    yield metered(book, `registry-${sku.toLowerCase() as 'basic' | 'standard' | 'premium'}`, {
      id: 'registry',
      service: 'Registry',
      name: `container registry, ${sku}`,
      quantity: DAYS_A_MONTH,
      basis: `${DAYS_A_MONTH} days`,
    });
  },
} satisfies Priced;
