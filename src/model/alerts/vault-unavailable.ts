import type { MetricAlert } from './alert.ts';

export const vaultUnavailable: MetricAlert = {
  kind: 'metric',
  id: 'vault-unavailable',
  description:
    'Key Vault fails one request in ten or more: existing secrets stay (C5), but no new or changed one arrives.',
  severity: 2,
  watches: 'fleet',
  target: 'vault',
  namespace: 'Microsoft.KeyVault/vaults',
  metric: 'Availability',
  aggregation: 'Average',
  operator: 'LessThan',
  threshold: 90,
  frequencyMinutes: 5,
  windowMinutes: 15,
  why: 'Not 100: operations that run long are counted as failures, and a fleet asks seldom.',
  source: 'learn.microsoft.com, key-vault/general/alert',
};
