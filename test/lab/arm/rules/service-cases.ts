import type { ArmBody } from '../../../../src/lab/arm/resource.ts';
import {
  ASSIGNMENT,
  CREDENTIAL,
  ENDPOINTS,
  GROUP,
  IDENTITY,
  OTHER_GROUP,
  PRINCIPAL,
  type RuleCase,
  SUBSCRIPTION,
  VNET,
  assignment,
  credential,
  role,
} from './sound-world.ts';

const NEW_CREDENTIAL = `${IDENTITY}/federatedIdentityCredentials/second`;
const OTHER_IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/other`;
const NEW_ASSIGNMENT = `${VNET}/providers/Microsoft.Authorization/roleAssignments/another`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-fleet`;
const OTHER_VAULT = `${OTHER_GROUP}/providers/Microsoft.KeyVault/vaults/KV-fleet`;
const DELETED_VAULTS = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/koreacentral/deletedVaults`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/crfleet`;
const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stfleet`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/registry`;

const other = { subject: 'system:serviceaccount:argocd:argocd-server' };
const unprotected = { [VAULT.toLowerCase()]: vault() };

/** Identities, their credentials and their roles. */
export const identityCases: readonly RuleCase[] = [
  {
    name: 'two credentials written at once on one identity',
    rule: 'federated-credentials-are-written-in-turn',
    status: 409,
    code: 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity',
    refused: { id: NEW_CREDENTIAL, body: credential(other), running: { [CREDENTIAL]: 'PUT' } },
    passes: {
      id: NEW_CREDENTIAL,
      body: credential(other),
      running: { [`${OTHER_IDENTITY}/federatedIdentityCredentials/first`]: 'PUT' },
    },
  },
  {
    name: 'issuer and subject twice on one identity',
    rule: 'federated-credentials-differ',
    status: 400,
    code: 'BadRequest',
    refused: { id: NEW_CREDENTIAL, body: credential() },
    passes: { id: CREDENTIAL, body: credential() },
  },
  {
    name: 'a credential with a name of two characters',
    rule: 'federated-credential-name',
    status: 400,
    code: 'BadRequest',
    refused: { id: `${IDENTITY}/federatedIdentityCredentials/ab`, body: credential(other) },
    passes: { id: `${IDENTITY}/federatedIdentityCredentials/a_b`, body: credential(other) },
  },
  {
    name: 'a credential without an audience',
    rule: 'federated-credential-has-one-audience',
    status: 400,
    code: 'BadRequest',
    refused: { id: NEW_CREDENTIAL, body: credential({ ...other, audiences: [] }) },
    passes: { id: NEW_CREDENTIAL, body: credential({ ...other, audiences: ['any'] }) },
  },
  {
    name: 'a credential with an empty issuer',
    rule: 'federated-credential-is-complete',
    status: 400,
    code: 'BadRequest',
    refused: { id: NEW_CREDENTIAL, body: credential({ ...other, issuer: '' }) },
    passes: { id: NEW_CREDENTIAL, body: credential(other) },
  },
  {
    name: 'a credential in a region that takes none',
    rule: 'federated-credentials-by-region',
    status: 405,
    code: 'MethodNotAllowed',
    refused: {
      id: NEW_CREDENTIAL,
      body: credential(other),
      beside: { [IDENTITY]: { location: 'Malaysia South', properties: {} } },
    },
    passes: { id: NEW_CREDENTIAL, body: credential(other) },
  },
  {
    name: 'the 21st credential of an identity',
    rule: 'federated-credentials-are-at-most-20',
    status: 400,
    code: 'TooManyFederatedIdentityCredentials',
    refused: { id: NEW_CREDENTIAL, body: credential(other), beside: credentials(19) },
    passes: { id: NEW_CREDENTIAL, body: credential(other), beside: credentials(18) },
  },
  {
    name: 'a credential of an identity that is not there',
    rule: 'parent-resource-is-there',
    status: 404,
    code: 'ParentResourceNotFound',
    refused: { id: `${OTHER_IDENTITY}/federatedIdentityCredentials/first`, body: credential() },
    passes: { id: CREDENTIAL, body: credential() },
  },
  {
    name: 'a role for nobody',
    rule: 'role-goes-to-a-principal',
    status: 400,
    code: 'InvalidPrincipalId',
    refused: { id: NEW_ASSIGNMENT, body: assignment({ principalId: '' }) },
    passes: { id: NEW_ASSIGNMENT, body: assignment({ principalId: '22222222-2222-2222-2222-222222222222' }) },
  },
  {
    name: 'scope, role and principal twice',
    rule: 'role-assignments-differ',
    status: 409,
    code: 'RoleAssignmentExists',
    refused: {
      id: NEW_ASSIGNMENT,
      body: assignment({ roleDefinitionId: role('Network Contributor').slice(SUBSCRIPTION.length) }),
    },
    passes: { id: ASSIGNMENT, body: assignment() },
  },
  {
    name: 'a principal that the directory does not know yet',
    rule: 'principal-is-in-the-directory',
    status: 400,
    code: 'PrincipalNotFound',
    refused: {
      id: NEW_ASSIGNMENT,
      body: assignment({ roleDefinitionId: role('Reader') }),
      limits: { unknownPrincipals: [PRINCIPAL] },
    },
    passes: {
      id: NEW_ASSIGNMENT,
      body: assignment({ roleDefinitionId: role('Reader'), principalType: 'ServicePrincipal' }),
      limits: { unknownPrincipals: [PRINCIPAL] },
    },
  },
];

/** Vaults, registries and storage accounts. */
export const storeCases: readonly RuleCase[] = [
  {
    name: 'a vault name that somebody has',
    rule: 'vault-name-is-free',
    status: 409,
    code: 'VaultAlreadyExists',
    refused: { id: VAULT, body: vault(), beside: { [OTHER_VAULT]: vault() } },
    passes: { id: VAULT, body: vault(), beside: { [VAULT]: vault() } },
  },
  {
    name: 'a vault name that soft delete holds',
    rule: 'vault-name-is-not-held',
    status: 409,
    code: 'ConflictError',
    refused: { id: VAULT, body: vault(), softDeleted: unprotected },
    passes: { id: VAULT, body: vault({ createMode: 'recover' }), softDeleted: unprotected },
  },
  {
    name: 'a vault recovered into another group',
    rule: 'vault-name-is-not-held',
    status: 409,
    code: 'ConflictError',
    refused: { id: OTHER_VAULT, body: vault({ createMode: 'recover' }), softDeleted: unprotected },
    passes: { id: OTHER_VAULT, body: vault({ createMode: 'default' }) },
  },
  {
    name: 'the purge of a protected vault',
    rule: 'protected-vaults-are-not-purged',
    status: 403,
    code: 'Forbidden',
    refused: {
      method: 'POST',
      id: `${DELETED_VAULTS}/kv-fleet/purge`,
      softDeleted: { [VAULT]: vault({ enablePurgeProtection: true }) },
    },
    passes: { method: 'POST', id: `${DELETED_VAULTS}/kv-fleet/purge`, softDeleted: unprotected },
  },
  {
    name: 'purge protection switched off',
    rule: 'purge-protection-is-never-false',
    status: 400,
    code: 'BadRequest',
    refused: {
      id: VAULT,
      body: vault({ enablePurgeProtection: false }),
      beside: { [VAULT]: vault({ enablePurgeProtection: true }) },
    },
    passes: { id: VAULT, body: vault({ enablePurgeProtection: true }), beside: { [VAULT]: vault() } },
  },
  {
    name: 'the retention of a vault changed',
    rule: 'vault-retention-stays',
    status: 400,
    code: 'BadRequest',
    refused: { id: VAULT, body: vault({ softDeleteRetentionInDays: 90 }), beside: { [VAULT]: vault() } },
    passes: { id: VAULT, body: vault({ softDeleteRetentionInDays: 90 }) },
  },
  {
    name: 'a registry name that somebody has',
    rule: 'registry-name-is-free',
    status: 409,
    code: 'AlreadyInUse',
    refused: { id: REGISTRY, body: registry(), beside: { [elsewhere(REGISTRY)]: registry() } },
    passes: { id: REGISTRY, body: registry(), beside: { [REGISTRY]: registry() } },
  },
  {
    name: 'a storage account name that somebody has',
    rule: 'storage-account-name-is-free',
    status: 409,
    code: 'StorageAccountAlreadyTaken',
    refused: { id: STORAGE, body: {}, beside: { [elsewhere(STORAGE)]: {} } },
    passes: { id: STORAGE, body: {}, beside: { [STORAGE]: {} } },
  },
  {
    name: 'public access off below Premium',
    rule: 'closed-registry-is-premium',
    status: 400,
    code: 'DisablingPublicNetworkAccessNotSupported',
    refused: { id: REGISTRY, body: registry('Standard', { publicNetworkAccess: 'Disabled' }) },
    passes: { id: REGISTRY, body: registry('Premium', { publicNetworkAccess: 'Disabled' }) },
  },
  {
    name: 'retention below Premium',
    rule: 'retention-and-zones-are-premium',
    status: 400,
    code: 'SkuNotSupported',
    refused: {
      id: REGISTRY,
      body: registry('Basic', { policies: { retentionPolicy: { status: 'enabled' } } }),
    },
    passes: {
      id: REGISTRY,
      body: registry('Basic', { policies: { retentionPolicy: { status: 'disabled' } } }),
    },
  },
  {
    name: 'zones below Premium',
    rule: 'retention-and-zones-are-premium',
    status: 400,
    code: 'SkuNotSupported',
    refused: { id: REGISTRY, body: registry('Standard', { zoneRedundancy: 'Enabled' }) },
    passes: { id: REGISTRY, body: registry('Standard', { zoneRedundancy: 'Disabled' }) },
  },
  {
    name: 'a private endpoint of a registry below Premium',
    rule: 'registry-endpoint-needs-premium',
    status: 400,
    code: 'SkuNotSupported',
    refused: { id: ENDPOINT, body: endpointOf(REGISTRY), beside: { [REGISTRY]: registry() } },
    passes: { id: ENDPOINT, body: endpointOf(REGISTRY), beside: { [REGISTRY]: registry('Premium') } },
  },
];

function credentials(count: number): Readonly<Record<string, ArmBody>> {
  const entries = Array.from({ length: count }, (_, index) => [
    `${IDENTITY}/federatedIdentityCredentials/more${index}`,
    credential({ subject: `system:serviceaccount:more:${index}` }),
  ]);
  return Object.fromEntries(entries);
}

function vault(properties: ArmBody = {}): ArmBody {
  return { location: 'koreacentral', properties: { softDeleteRetentionInDays: 7, ...properties } };
}

function registry(name = 'Basic', properties: ArmBody = {}): ArmBody {
  return { location: 'koreacentral', sku: { name }, properties };
}

/** The id of a resource of the same name in another group. */
function elsewhere(id: string): string {
  return id.replace(GROUP, OTHER_GROUP);
}

function endpointOf(privateLinkServiceId: string): ArmBody {
  const connection = { name: 'registry', properties: { privateLinkServiceId } };
  return { properties: { subnet: { id: ENDPOINTS }, privateLinkServiceConnections: [connection] } };
}
