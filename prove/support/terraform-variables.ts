import type { Arm } from '../../src/lab/arm/start.ts';

/** What whoever applies a root is asked for, where neither a fleet file nor the lab says it. */
const ASKED_FOR: Readonly<Record<string, unknown>> = {
  admin_group_ids: ['11111111-1111-1111-1111-111111111111'],
  alert_email: 'platform@acme.example',
  budget_start: '2026-12-01T00:00:00Z',
  keeper_image: 'registry.example/bulkhead:1',
  operator_ip_ranges: ['203.0.113.0/24'],
};

/**
 * The environment in which terraform reaches a lab and is asked for nothing. Values that stand in a file of variables
 * count more than these.
 */
export function environmentWithVariables(
  arm: Pick<Arm, 'environment'>,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  const variables = Object.entries({ ...ASKED_FOR, ...more }).map(([name, value]) => [
    `TF_VAR_${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { ...arm.environment(), ...Object.fromEntries(variables) };
}
