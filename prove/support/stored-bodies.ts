import { listAt, objectAt, textAt, valueAt } from '../../src/lab/arm/body.ts';
import { roleIds } from '../../src/lab/arm/kinds/built-in-roles.ts';
import type { ArmResource } from '../../src/lab/arm/resource.ts';
import type { Arm } from '../../src/lab/arm/start.ts';
import { hasContainerInsights } from '../../src/model/fit.ts';
import type { ClusterPlan, Identity, NodePool, Platform, RoleScope } from '../../src/model/platform.ts';

type Kept = Pick<Arm, 'store' | 'requests'>;

const TYPES = {
  assignment: 'microsoft.authorization/roleassignments',
  association: 'microsoft.insights/datacollectionruleassociations',
  cluster: 'microsoft.containerservice/managedclusters',
  credential: 'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials',
  endpoint: 'microsoft.network/privateendpoints',
  group: 'microsoft.resources/resourcegroups',
  identity: 'microsoft.managedidentity/userassignedidentities',
  pool: 'microsoft.containerservice/managedclusters/agentpools',
  publicIp: 'microsoft.network/publicipaddresses',
  registry: 'microsoft.containerregistry/registries',
  securityGroup: 'microsoft.network/networksecuritygroups',
  subnet: 'microsoft.network/virtualnetworks/subnets',
  vault: 'microsoft.keyvault/vaults',
} as const;

/** What azurerm sends where it was given nothing, and what nobody's id looks like. */
const NOBODY = /^0{8}-0{4}-0{4}-0{4}-0{12}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What of one applied fleet is stored otherwise than its model says. azurerm raises no error over an empty principal or
 * issuer, so that an exit code proves little. Empty when all is as it should be.
 */
export function storedComplaints(platform: Platform, kept: Kept): readonly string[] {
  return [
    ...roleComplaints(platform, kept),
    ...credentialComplaints(platform, kept),
    ...subnetComplaints(platform, kept),
    ...platform.clusters.flatMap((cluster) => clusterComplaints(platform, cluster, kept)),
    ...endpointComplaints(kept),
    ...orderComplaints(platform, kept),
  ];
}

function only(kept: Kept, type: keyof typeof TYPES, name?: string): ArmResource {
  const found = kept.store
    .ofType(TYPES[type])
    .filter(({ id }) => name === undefined || id.name.toLowerCase() === name.toLowerCase());
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${name ?? ''}`);
  return found[0]!;
}

function principalOf(kept: Kept, { name }: Identity): string {
  return textAt(only(kept, 'identity', name).body, 'properties', 'principalId') ?? '';
}

function scopeId(kept: Kept, scope: RoleScope, { names }: Platform): string {
  switch (scope.kind) {
    case 'vault':
    case 'registry':
      return only(kept, scope.kind).id.key;
    case 'foundation-group':
      return only(kept, 'group', names.resourceGroup).id.key;
    case 'cluster-group':
      return only(kept, 'group', scope.name).id.key;
    case 'public-ip':
      return only(kept, 'publicIp', scope.name).id.key;
    case 'subnet':
    case 'identity':
      return only(kept, scope.kind, scope.name).id.key;
  }
}

/** Every assignment names somebody, something and a role; and what the model grants to identities is granted. */
function roleComplaints(platform: Platform, kept: Kept): string[] {
  const stored = kept.store.ofType(TYPES.assignment).map(({ id, body }) => ({
    id,
    scope: textAt(body, 'properties', 'scope')?.toLowerCase() ?? '',
    principal: textAt(body, 'properties', 'principalId')?.toLowerCase() ?? '',
    role: textAt(body, 'properties', 'roleDefinitionId')?.split('/').at(-1)?.toLowerCase() ?? '',
  }));
  const hollow = stored.filter(
    ({ scope, principal, role }) =>
      scope === '' || !UUID.test(principal) || NOBODY.test(principal) || !UUID.test(role),
  );
  const granted = new Set(stored.map(({ scope, principal, role }) => `${scope} ${role} ${principal}`));
  const missing = platform.identities.flatMap((identity) =>
    identity.roles
      .filter(({ role, scope }) => {
        const principal = principalOf(kept, identity).toLowerCase();
        return !granted.has(`${scopeId(kept, scope, platform)} ${roleIds[role]} ${principal}`);
      })
      .map(({ role, scope }) => `${identity.name} is not ${role} on ${JSON.stringify(scope)}`),
  );
  return [...hollow.map(({ id }) => `${id.text} names nobody, nothing or no role`), ...missing];
}

function credentialComplaints({ identities, clusters }: Platform, kept: Kept): string[] {
  const issuers = new Map(clusters.map((cluster) => [cluster.name, issuerOf(kept, cluster)]));
  const expected = identities.flatMap(({ name: identity, federations }) =>
    federations.map(({ name, cluster, namespace, serviceAccount, audience }) =>
      JSON.stringify([
        `${only(kept, 'identity', identity).id.key}/federatedidentitycredentials/${name.toLowerCase()}`,
        issuers.get(cluster),
        `system:serviceaccount:${namespace}:${serviceAccount}`,
        [audience],
      ]),
    ),
  );
  const stored = kept.store
    .ofType(TYPES.credential)
    .map(({ id, body }) =>
      JSON.stringify([
        id.key,
        valueAt(body, 'properties', 'issuer'),
        valueAt(body, 'properties', 'subject'),
        valueAt(body, 'properties', 'audiences'),
      ]),
    );
  const isAlike = [...issuers.values()].every((issuer) => issuer?.startsWith('https://') === true);
  return [
    ...(isAlike && new Set(issuers.values()).size === clusters.length
      ? []
      : ['issuers are missing or alike']),
    ...expected.filter((each) => !stored.includes(each)).map((each) => `not stored: ${each}`),
    ...stored.filter((each) => !expected.includes(each)).map((each) => `not in the model: ${each}`),
  ];
}

function issuerOf(kept: Kept, { resourceName }: ClusterPlan): string | undefined {
  return textAt(only(kept, 'cluster', resourceName).body, 'properties', 'oidcIssuerProfile', 'issuerURL');
}

/** Each subnet is guarded by its own list, and the last row of each list denies. */
function subnetComplaints({ network }: Platform, kept: Kept): string[] {
  return network.subnets.flatMap(({ name, rules }) => {
    const group = only(kept, 'securityGroup', `nsg-${name}`);
    const guard = textAt(only(kept, 'subnet', name).body, 'properties', 'networkSecurityGroup', 'id');
    const rows = listAt(group.body, 'properties', 'securityRules')
      .map((row) => objectAt(row, 'properties'))
      .toSorted((a, b) => Number(a['priority']) - Number(b['priority']));
    return [
      ...(guard?.toLowerCase() === group.id.key ? [] : [`${name} is guarded by ${guard}`]),
      ...(rows.length === rules.length ? [] : [`nsg-${name} has ${rows.length} rules, not ${rules.length}`]),
      ...(rows.at(-1)?.['access'] === 'Deny' ? [] : [`nsg-${name} does not end in a deny`]),
    ];
  });
}

function clusterComplaints(platform: Platform, cluster: ClusterPlan, kept: Kept): string[] {
  const { id, body } = only(kept, 'cluster', cluster.resourceName);
  const complaints: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      complaints.push(
        `${cluster.name}: ${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`,
      );
  };
  const own = platform.identities.filter((identity) => identity.cluster === cluster.name);
  const named = (purpose: Identity['purpose']): ArmResource =>
    only(kept, 'identity', own.find((identity) => identity.purpose === purpose)?.name);
  const actsAs = Object.keys(objectAt(body, 'identity', 'userAssignedIdentities'));
  expect(
    'its identity',
    actsAs.map((each) => each.toLowerCase()),
    [named('control-plane').id.key],
  );
  const kubelet = objectAt(body, 'properties', 'identityProfile', 'kubeletidentity');
  const kubeletBody = named('kubelet').body;
  expect('the kubelet client', kubelet['clientId'], textAt(kubeletBody, 'properties', 'clientId'));
  expect('the kubelet principal', kubelet['objectId'], textAt(kubeletBody, 'properties', 'principalId'));

  const pools = kept.store.below(id.text).filter((each) => each.id.type === TYPES.pool);
  expect(
    'its pools',
    pools.map((pool) => pool.id.name).toSorted(),
    cluster.pools.map(({ name }) => name).toSorted(),
  );
  for (const pool of cluster.pools) {
    const stored = pools.find((each) => each.id.name === pool.name);
    for (const [key, value] of Object.entries(poolProperties(platform, pool)))
      expect(`${key} of ${pool.name}`, valueAt(stored?.body, 'properties', key), value);
  }
  if (hasContainerInsights(platform.fleet)) {
    const names = kept.store
      .below(id.text)
      .filter((each) => each.id.type === TYPES.association)
      .map((each) => each.id.name);
    expect('its log association', names.includes('ContainerInsightsExtension'), true);
  }
  return complaints;
}

function poolProperties({ fleet }: Platform, pool: NodePool): Readonly<Record<string, unknown>> {
  const isSpot = pool.capacityType === 'Spot';
  const isAutoscaled = isSpot || pool.nodesMin < pool.nodesMax;
  return {
    mode: pool.mode,
    vmSize: pool.vmSize,
    count: pool.nodesUsual,
    maxPods: pool.maxPods,
    osDiskType: pool.osDisk.type,
    osDiskSizeGB: pool.osDisk.sizeGB,
    enableAutoScaling: isAutoscaled,
    ...(isAutoscaled ? { minCount: pool.nodesMin, maxCount: pool.nodesMax } : {}),
    ...(isSpot
      ? {
          scaleSetPriority: 'Spot',
          scaleSetEvictionPolicy: 'Delete',
          spotMaxPrice: fleet.spot.maxPrice,
          nodeTaints: pool.taints,
          nodeLabels: pool.labels,
        }
      : { scaleSetEvictionPolicy: undefined, spotMaxPrice: undefined }),
  };
}

function endpointComplaints(kept: Kept): string[] {
  const vault = only(kept, 'vault').id.key;
  return kept.store.ofType(TYPES.endpoint).flatMap(({ id, body }) => {
    const connections = listAt(body, 'properties', 'privateLinkServiceConnections');
    const targets = connections.map((each) =>
      textAt(each, 'properties', 'privateLinkServiceId')?.toLowerCase(),
    );
    return targets.length === 1 && targets[0] === vault ? [] : [`${id.name} leads to ${targets.join(', ')}`];
  });
}

/** A cluster that is asked for before its identities may join the subnet is refused by Azure, now and then. */
function orderComplaints({ clusters, identities }: Platform, kept: Kept): string[] {
  const writes = kept.requests().filter(({ method }) => method === 'PUT');
  const firstWrite = (key: string): number => writes.findIndex(({ path }) => path.toLowerCase() === key);
  return clusters.flatMap((cluster) => {
    const principals = identities
      .filter(({ purpose }) => purpose === 'control-plane' || purpose === 'kubelet')
      .filter((identity) => identity.cluster === cluster.name)
      .map((identity) => principalOf(kept, identity));
    const own = kept.store
      .ofType(TYPES.assignment)
      .filter(({ body }) => principals.includes(textAt(body, 'properties', 'principalId') ?? ''));
    const made = firstWrite(only(kept, 'cluster', cluster.resourceName).id.key);
    const late = own.filter(({ id }) => !(firstWrite(id.key) < made));
    if (own.length === 0) return [`${cluster.name} has no right at all`];
    return late.map(({ id }) => `${cluster.name} is asked for before ${id.name}`);
  });
}
