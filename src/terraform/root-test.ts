import { type Block, type Code, type Expression, attr, block, ref } from './block.ts';
import type { Input } from './inputs.ts';

/** One thing that a run of `terraform test` holds. */
export type Claim = {
  readonly holds: Code;
  /** What is wrong where it does not hold, and why that matters. */
  readonly otherwise: string;
};

/** Addresses, ids and dates of nobody (RFC 5737, RFC 2606): what a test gives each variable. */
const SAMPLES: Readonly<Record<string, Expression>> = {
  subscription_id: '00000000-0000-0000-0000-000000000000',
  tenant_id: '00000000-0000-0000-0000-000000000001',
  admin_group_ids: ['00000000-0000-0000-0000-000000000002'],
  operator_ip_ranges: ['203.0.113.0/24'],
  egress_ip_addresses: ['198.51.100.1'],
  kubelet_identity: {
    client_id: '00000000-0000-0000-0000-000000000003',
    object_id: '00000000-0000-0000-0000-000000000004',
  },
  identity_client_id: '00000000-0000-0000-0000-000000000005',
  keeper_image: 'registry.example/bulkhead:1.0.0',
  alert_email: 'platform@example.com',
  budget_start: '2026-01-01T00:00:00Z',
};

/** The head of a test file: no provider that asks Azure, and a value for every variable. */
export function testHead(inputs: readonly Input[]): readonly Block[] {
  return [
    block('mock_provider', ['azurerm'], []),
    block(
      'variables',
      [],
      inputs.map(({ name, value }) => attr(name, SAMPLES[name] ?? value ?? 'sample')),
    ),
  ];
}

/** A run that plans the root as it stands; its label reads as what it holds. */
export function planRun(label: string, claims: readonly Claim[], why?: string): Block {
  const asserts = claims.map(({ holds, otherwise }) =>
    block('assert', [], [attr('condition', holds), attr('error_message', otherwise)]),
  );
  return block('run', [label], [attr('command', ref('plan')), ...asserts], why);
}

/** A run that gives one variable a value that must be refused. */
export function refusalRun(label: string, variable: string, value: Expression): Block {
  return block(
    'run',
    [label],
    [
      attr('command', ref('plan')),
      block('variables', [], [attr(variable, value)]),
      attr('expect_failures', [ref(`var.${variable}`)]),
    ],
  );
}
