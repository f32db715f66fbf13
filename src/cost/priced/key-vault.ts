import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** Secrets that a cluster reads each hour when the fleet names fewer: platform credentials and the first workloads. */
const SECRETS_USUAL = 20;
/** Lists, the mesh CA, a person looking: half as much again. */
const MARGIN = 1.5;
const OPERATIONS_PER_UNIT = 10_000;

/** Vault operations. External Secrets reads every secret of a cluster once an hour, its default refresh. */
export default {
  id: 'key-vault',
  *components({ clusters }, book) {
    let reads = 0;
    for (const { workloads } of clusters) {
      const named = new Set(workloads.flatMap(({ secrets }) => secrets)).size;
      reads += Math.max(SECRETS_USUAL, named) * HOURS_A_MONTH;
    }
    yield metered(book, 'key-vault-operations', {
      id: 'key-vault/operations',
      service: 'Key Vault',
      name: 'vault operations',
      quantity: (reads * MARGIN) / OPERATIONS_PER_UNIT,
      basis: `${SECRETS_USUAL} or more secrets a cluster, read hourly, half as much again`,
    });
  },
} satisfies Priced;
