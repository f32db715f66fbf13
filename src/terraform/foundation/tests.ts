import type { Platform, Subnet } from '../../model/platform.ts';
import { raw, rawLines } from '../block.ts';
import { roleLabel, scopeAddresses, subnetLabel } from '../addresses.ts';
import type { Input } from '../inputs.ts';
import { type Claim, planRun, refusalRun, testHead } from '../root-test.ts';
import type { Files } from '../root.ts';

/** What must survive a change by hand: walls, doors and rights. */
export function foundationTests(platform: Platform, inputs: readonly Input[]): Files {
  const head = testHead(inputs);
  const { network } = platform;
  return {
    'network.tftest.hcl': [
      ...head,
      planRun(
        'every_subnet_denies_what_it_does_not_allow',
        network.subnets.map(deniesTheRest),
        "Azure's own rule 65000 lets the whole VNet in: without a deny at the end, no rule above it says anything.",
      ),
      planRun('no_two_subnets_overlap', [areDisjoint()]),
      planRun('nothing_leaves_by_an_address_of_chance', network.subnets.map(hasNoDefaultOutbound)),
    ],
    'vault.tftest.hcl': [...head, planRun('the_vault_answers_named_callers_alone', vaultClaims(platform))],
    'identities.tftest.hcl': [
      ...head,
      planRun('no_identity_administers_the_fleet', [hasNoAdministrators(platform)]),
      planRun('the_registry_has_no_password', [
        {
          holds: raw('!azurerm_container_registry.fleet.admin_enabled'),
          otherwise: 'A password of the registry exists: whoever finds it pushes what all clusters run.',
        },
      ]),
      refusalRun('an_admin_is_a_group_and_no_name', 'admin_group_ids', ['platform-team']),
    ],
  };
}

function deniesTheRest(subnet: Subnet): Claim {
  const rules = `azurerm_network_security_group.${subnetLabel(subnet)}.security_rule`;
  return {
    holds: rawLines(
      '[',
      `  for rule in ${rules} :`,
      '  "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"',
      `  if rule.priority == max(${rules}[*].priority...)`,
      '] == ["Deny * VirtualNetwork:*"]',
    ),
    otherwise: `The last rule of ${subnet.name} is no deny of everything that comes from the VNet.`,
  };
}

/** Two ranges overlap where both begin alike, as far as the wider one goes. */
function areDisjoint(): Claim {
  const bits = 'min(split("/", a)[1], split("/", b)[1])';
  const startOf = (range: string): string => `cidrhost("\${split("/", ${range})[0]}/\${${bits}}", 0)`;
  return {
    holds: rawLines(
      'alltrue(flatten([',
      '  for one, a in output.subnet_ranges : [',
      '    for other, b in output.subnet_ranges :',
      `    one == other || ${startOf('a')} !=`,
      `    ${startOf('b')}`,
      '  ]',
      ']))',
    ),
    otherwise: 'Two subnets overlap, which Azure refuses, and the rules of one would let the other in.',
  };
}

function hasNoDefaultOutbound(subnet: Subnet): Claim {
  return {
    holds: raw(`!azurerm_subnet.${subnetLabel(subnet)}.default_outbound_access_enabled`),
    otherwise: `${subnet.name} has a way out that egress.tf does not say: Azure lends it an address that changes.`,
  };
}

function vaultClaims({ fleet }: Platform): readonly Claim[] {
  const vault = 'azurerm_key_vault.fleet';
  const shared: readonly Claim[] = [
    {
      holds: raw(
        `${vault}.network_acls[0].default_action == "Deny" && ${vault}.network_acls[0].bypass == "None"`,
      ),
      otherwise: 'The vault answers callers that nobody named (C4).',
    },
    {
      holds: raw(`${vault}.rbac_authorization_enabled`),
      otherwise: 'Access policies decide who reads secrets, which no role assignment shows (ADR-A03).',
    },
  ];
  if (fleet.environment === 'production') {
    return [
      ...shared,
      {
        holds: raw(`!${vault}.public_network_access_enabled`),
        otherwise: 'The vault of production has a public address; its private endpoint is the only way in.',
      },
      {
        holds: raw(`${vault}.purge_protection_enabled`),
        otherwise: 'The secrets of production, the mesh CA among them, could be purged for ever.',
      },
    ];
  }
  return [
    ...shared,
    {
      holds: raw(`${vault}.network_acls[0].ip_rules == toset(var.operator_ip_ranges)`),
      otherwise: 'Others than the operators reach the vault.',
    },
  ];
}

function hasNoAdministrators(platform: Platform): Claim {
  const addressOf = scopeAddresses(platform);
  const roles = platform.identities.flatMap((identity) =>
    identity.roles.map(
      ({ scope }) =>
        `  azurerm_role_assignment.${roleLabel(identity, addressOf(scope))}.role_definition_name,`,
    ),
  );
  return {
    holds: rawLines(
      'length(setintersection(["Owner", "Contributor", "User Access Administrator"], [',
      ...roles,
      '])) == 0',
    ),
    otherwise:
      'An identity may change more than what it is there for: each role ends at one cluster or one resource.',
  };
}
