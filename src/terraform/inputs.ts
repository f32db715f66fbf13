import type { Fleet } from '../fleet/fleet.ts';
import { formatCidr } from '../base/cidr.ts';
import { type Block, type Code, attr, block, raw, ref } from './block.ts';

/**
 * A variable of a root: who and where. What is built stands in the files themselves, where a reviewer sees it change.
 * `value` is what the fleet file knows; without one, whoever applies supplies it.
 */
export type Input = {
  readonly name: string;
  readonly type: Code;
  readonly description: string;
  readonly value?: string | readonly string[] | Readonly<Record<string, string>> | undefined;
  /** The output of the foundation that it is copied from, as a file of variables. */
  readonly from?: string;
  readonly check?: { readonly condition: string; readonly message: string };
};

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** The subscription, which every id is computed from. */
export function subscriptionId({ azure }: Fleet): Input {
  return {
    name: 'subscription_id',
    type: ref('string'),
    description: 'Azure subscription of the fleet; every id and every global name is computed from it.',
    value: azure.subscription,
    check: {
      condition: isUuid('var.subscription_id'),
      message: 'Write the id of a subscription, like 00000000-0000-0000-0000-000000000000.',
    },
  };
}

export function tenantId({ azure }: Fleet): Input {
  return {
    name: 'tenant_id',
    type: ref('string'),
    description: 'Entra tenant whose people and identities may reach the fleet.',
    value: azure.tenant,
    check: {
      condition: isUuid('var.tenant_id'),
      message: 'Write the id of a tenant, like 00000000-0000-0000-0000-000000000000.',
    },
  };
}

export function operatorIpRanges({ operators }: Fleet, reaches: string): Input {
  return {
    name: 'operator_ip_ranges',
    type: raw('list(string)'),
    description: `Addresses of people and CI that may reach ${reaches}.`,
    value: operators.ipRanges.map(formatCidr),
    check: {
      condition:
        'alltrue([for range in var.operator_ip_ranges : can(cidrhost(range, 0)) && !endswith(range, "/0")])',
      message: 'Write ranges like 203.0.113.0/24; one of /0 would let everybody in.',
    },
  };
}

export function adminGroupIds({ admins }: Fleet): Input {
  return {
    name: 'admin_group_ids',
    type: raw('list(string)'),
    description: 'Entra groups that administer the fleet.',
    value: admins,
    check: {
      condition: `alltrue([for id in var.admin_group_ids : ${isUuid('id')}])`,
      message: 'Write object ids of groups, like 00000000-0000-0000-0000-000000000000.',
    },
  };
}

/** A condition that holds for the id of something in Entra. */
export function isUuid(expression: string): string {
  return `can(regex("${UUID}", ${expression}))`;
}

/** `variables.tf`. */
export function variableBlocks(inputs: readonly Input[]): readonly Block[] {
  return inputs.map(({ name, type, description, check }) =>
    block(
      'variable',
      [name],
      [
        attr('description', description),
        attr('type', type),
        attr('nullable', false),
        check &&
          block(
            'validation',
            [],
            [attr('condition', raw(check.condition)), attr('error_message', check.message)],
          ),
      ],
    ),
  );
}

/** `fleet.auto.tfvars.json`, or undefined when the fleet file knows none of the inputs. */
export function knownValues(inputs: readonly Input[]): string | undefined {
  const known = inputs.filter(({ value }) => value !== undefined);
  if (known.length === 0) return undefined;
  return `${JSON.stringify(Object.fromEntries(known.map(({ name, value }) => [name, value])), null, 2)}\n`;
}
