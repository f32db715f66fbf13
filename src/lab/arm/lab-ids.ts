/**
 * The subscription and the tenant that `bulkhead lab arm` answers for unless it is told others: well-formed, so that
 * whatever refuses a placeholder takes them, and plainly nobody's where they are left in a fleet file.
 */
export const LAB_SUBSCRIPTION_ID = '1ab00000-0000-4000-8000-000000000001';
export const LAB_TENANT_ID = '1ab00000-0000-4000-8000-000000000002';
