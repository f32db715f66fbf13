import type { Identity, Platform } from '../../model/platform.ts';
import { type Block, type Remark, block, ref, remark } from '../block.ts';
import { type ScopeAddresses, identityLabel, roleLabel, scopeAddresses } from '../addresses.ts';
import { roleAssignmentBlock } from '../role-assignment.ts';
import { inFleetGroup } from './groups.ts';

/** Who acts in Azure. Each has its rights before the cluster that it serves exists. */
export function identityBlocks(platform: Platform): readonly (Block | Remark)[] {
  const addressOf = scopeAddresses(platform);
  return [
    remark(
      'Entra learns of a new identity late: `principal_type` and `skip_service_principal_aad_check` keep an ' +
        'assignment from looking it up too early.',
    ),
    remark(
      'The `name` of an assignment is computed: Azure takes the same grant only once, and one that a lost state ' +
        'forgot is found by it.',
    ),
    ...platform.identities.flatMap((identity) => [
      identityBlock(identity),
      ...identity.roles.map((role) => roleBlock(identity, role, addressOf)),
    ]),
  ];
}

const PURPOSE = {
  'control-plane': 'The control plane of',
  kubelet: 'The nodes of',
  'vault-reader': 'What reads the vault on',
  'argo-cd': 'Argo CD on',
  keeper: 'What starts and stops the clusters',
} as const satisfies Record<Identity['purpose'], string>;

function identityBlock(identity: Identity): Block {
  const { name, purpose, cluster } = identity;
  return block(
    'resource',
    ['azurerm_user_assigned_identity', identityLabel(identity)],
    [...inFleetGroup(name)],
    cluster === undefined ? `${PURPOSE[purpose]}.` : `${PURPOSE[purpose]} ${cluster}.`,
  );
}

function roleBlock(identity: Identity, role: Identity['roles'][number], addressOf: ScopeAddresses): Block {
  const own = identityLabel(identity);
  const scope = addressOf(role.scope);
  return roleAssignmentBlock(
    {
      label: roleLabel(identity, scope),
      scope: ref(scope.id),
      role: role.role,
      principal: ref(`azurerm_user_assigned_identity.${own}.principal_id`),
      principalType: 'ServicePrincipal',
    },
    `${role.why.charAt(0).toUpperCase()}${role.why.slice(1)}.`,
  );
}
