import type { Path } from '../../base/finding.ts';
import { contains } from '../../base/cidr.ts';
import type { NatGatewayEvidence, SubnetEvidence } from '../azure-evidence.ts';
import type {
  ClusterEvidence,
  NodePoolEvidence,
  RangeEvidence,
  RangeUse,
  SecurityRuleEvidence,
} from '../evidence.ts';
import { listOf, numberOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import {
  type ArmResource,
  type ArmResources,
  eitherAt,
  idAt,
  isSaid,
  known,
  rangeAt,
  SUBNET,
} from './arm-resources.ts';

const NETWORK = 'microsoft.network/virtualnetworks';
const GROUP = 'microsoft.network/networksecuritygroups';
const GATEWAY = 'microsoft.network/natgateways';
const ADDRESS = 'microsoft.network/publicipaddresses';
const DELEGATED = new Map<string, RangeUse>([
  ['microsoft.containerinstance/containergroups', 'container-instances'],
  ['microsoft.app/environments', 'container-apps'],
]);
const WHOLE = ['*', 'VirtualNetwork', '0.0.0.0/0'];

/** The cluster whose nodes stand in each subnet, by the subnet's name. */
type NodeSubnets = ReadonlyMap<string, string>;

export function nodeSubnetsOf(pools: readonly NodePoolEvidence[]): NodeSubnets {
  return new Map(
    pools.flatMap(({ subnet, cluster }) =>
      subnet === undefined || cluster === undefined ? [] : [[subnet.toLowerCase(), cluster]],
    ),
  );
}

/** Every range that the networks and the clusters name. */
export function rangesOf(
  resources: ArmResources,
  nodes: NodeSubnets,
  clusters: readonly ClusterEvidence[],
): readonly RangeEvidence[] {
  const networks = resources.ofType(NETWORK).flatMap((network) =>
    prefixesOf(network, ['addressSpace', 'addressPrefixes']).map(({ path, range }) =>
      known<RangeEvidence>({
        path,
        name: `the VNet ${network.name}`,
        range,
        use: 'vnet',
        isRouted: true,
        isUsed: true,
      }),
    ),
  );
  const subnets = resources.ofType(SUBNET).flatMap((subnet) => {
    const cluster = nodes.get(subnet.name.toLowerCase());
    const name = cluster === undefined ? `the subnet ${subnet.name}` : `${cluster}'s nodes`;
    const use = cluster === undefined ? useOf(subnet) : 'nodes';
    return subnetPrefixes(subnet).map(({ path, range }) =>
      known<RangeEvidence>({ path, name, range, use, cluster, isRouted: true, isUsed: true }),
    );
  });
  return [...networks, ...subnets, ...clusters.flatMap(podRanges), ...clusters.flatMap(serviceRanges)];
}

/** The inbound rows of every subnet that has a security group. */
export function securityRulesOf(
  resources: ArmResources,
  nodes: NodeSubnets,
): readonly SecurityRuleEvidence[] {
  const groups = new Map(resources.ofType(GROUP).map((group) => [group.id, group]));
  return resources.ofType(SUBNET).flatMap((subnet) => {
    const id = idAt(subnet.value, 'properties', 'networkSecurityGroup', 'id');
    if (id === undefined) return [];
    const group = groups.get(id);
    const item = known<SecurityRuleEvidence>({
      path: group?.path ?? subnet.path,
      subnet: subnet.name,
      cluster: nodes.get(subnet.name.toLowerCase()),
      holdsEndpoints: (listOf(valueAt(subnet.value, 'properties', 'privateEndpoints')) ?? []).length > 0,
    });
    const rules = listOf(valueAt(group?.value, 'properties', 'securityRules'));
    // A group of which nothing is known: its rows are there and say nothing.
    if (group === undefined || rules === undefined) return [item];
    return rules.flatMap((rule, index) =>
      ruleEvidence(item, [...group.path, 'properties', 'securityRules', index], rule, subnet),
    );
  });
}

export function subnetsOf(resources: ArmResources, nodes: NodeSubnets): readonly SubnetEvidence[] {
  return resources.ofType(SUBNET).map((subnet) => {
    const at = (key: string): unknown => valueAt(subnet.value, 'properties', key);
    const place = (key: string): Path => [...subnet.path, 'properties', key];
    const delegations = listOf(at('delegations'))?.map(
      (one) => textOf(valueAt(one, 'properties', 'serviceName')) ?? '',
    );
    return known<SubnetEvidence>({
      path: [...subnet.path, 'name'],
      places: {
        delegations: place('delegations'),
        hasSecurityGroup: place('networkSecurityGroup'),
        endpointPolicies: place('privateEndpointNetworkPolicies'),
        hasNatGateway: place('natGateway'),
      },
      name: subnet.name,
      isOfNodes: nodes.has(subnet.name.toLowerCase()),
      isOfEndpoints: (listOf(at('privateEndpoints')) ?? []).length > 0,
      delegations,
      hasSecurityGroup: isGuarded(resources, subnet),
      endpointPolicies: textOf(at('privateEndpointNetworkPolicies')),
      // Azure leaves out what a subnet does not have.
      hasNatGateway: at('natGateway') !== undefined,
    });
  });
}

/** Whether a group with rows stands before the subnet; undefined where the group is not in the snapshot. */
function isGuarded(resources: ArmResources, subnet: ArmResource): boolean | undefined {
  const id = idAt(subnet.value, 'properties', 'networkSecurityGroup', 'id');
  if (id === undefined) return false;
  const group = resources.ofType(GROUP).find((candidate) => candidate.id === id);
  const rules = listOf(valueAt(group?.value, 'properties', 'securityRules'));
  return rules === undefined ? undefined : rules.length > 0;
}

export function natGatewaysOf(resources: ArmResources): readonly NatGatewayEvidence[] {
  const subnets = resources.ofType(SUBNET);
  const skus = new Map(
    resources.ofType(ADDRESS).map(({ id, value }) => [id, textOf(valueAt(value, 'sku', 'name'))]),
  );
  return resources.ofType(GATEWAY).map((gateway) => {
    const addresses = (listOf(valueAt(gateway.value, 'properties', 'publicIpAddresses')) ?? []).map((one) =>
      skus.get(idAt(one, 'id') ?? ''),
    );
    const served = subnets.filter(
      (subnet) => idAt(subnet.value, 'properties', 'natGateway', 'id') === gateway.id,
    );
    return known<NatGatewayEvidence>({
      path: [...gateway.path, 'name'],
      places: { sku: [...gateway.path, 'sku', 'name'] },
      name: gateway.name,
      sku: textOf(valueAt(gateway.value, 'sku', 'name')),
      addressSkus: addresses.every((sku) => sku !== undefined) ? addresses : undefined,
      delegatedSubnets: served.filter((subnet) => delegatedUse(subnet) !== undefined).map(({ name }) => name),
    });
  });
}

function delegatedUse(subnet: ArmResource): RangeUse | undefined {
  const delegations = listOf(valueAt(subnet.value, 'properties', 'delegations')) ?? [];
  const names = delegations.map(
    (one) => textOf(valueAt(one, 'properties', 'serviceName'))?.toLowerCase() ?? '',
  );
  return names.map((name) => DELEGATED.get(name)).find((use) => use !== undefined);
}

function useOf(subnet: ArmResource): RangeUse | undefined {
  const isOfEndpoints = (listOf(valueAt(subnet.value, 'properties', 'privateEndpoints')) ?? []).length > 0;
  return isOfEndpoints ? 'endpoints' : (delegatedUse(subnet) ?? 'other');
}

type Prefix = { readonly path: Path; readonly range: ReturnType<typeof rangeAt> };

/** IPv4 only: the fleet knows no other. */
function prefixesOf(resource: ArmResource, keys: readonly string[]): readonly Prefix[] {
  const path = [...resource.path, 'properties', ...keys];
  const list = listOf(valueAt(resource.value, 'properties', ...keys));
  if (list === undefined) return [{ path, range: undefined }];
  return list.flatMap((text, index) =>
    textOf(text)?.includes(':') === true ? [] : [{ path: [...path, index], range: rangeAt(text) }],
  );
}

function subnetPrefixes(subnet: ArmResource): readonly Prefix[] {
  if (!isSaid(subnet.value, 'properties', 'addressPrefix')) return prefixesOf(subnet, ['addressPrefixes']);
  const path = [...subnet.path, 'properties', 'addressPrefix'];
  return [{ path, range: rangeAt(valueAt(subnet.value, 'properties', 'addressPrefix')) }];
}

/** A cluster whose range is not said has one all the same, unless it is said that it has none. */
function podRanges(cluster: ClusterEvidence): readonly RangeEvidence[] {
  const { name, podRange, places, path, cni, isMeshed, hasPodRange } = cluster;
  if (name === undefined || hasPodRange === false) return [];
  return [
    known<RangeEvidence>({
      path: places?.podRange ?? path,
      name: `${name}'s pods`,
      range: podRange,
      use: 'pods',
      cluster: name,
      isRouted: cni === 'azure-overlay' ? false : isMeshed,
      isUsed: true,
    }),
  ];
}

function serviceRanges({ name, serviceRange, places, path }: ClusterEvidence): readonly RangeEvidence[] {
  if (name === undefined) return [];
  return [
    known<RangeEvidence>({
      path: places?.serviceRange ?? path,
      name: `${name}'s ClusterIPs`,
      range: serviceRange,
      use: 'cluster-ips',
      cluster: name,
      isRouted: false,
      isUsed: true,
    }),
  ];
}

function ruleEvidence(
  item: SecurityRuleEvidence,
  path: Path,
  rule: unknown,
  subnet: ArmResource,
): readonly SecurityRuleEvidence[] {
  const values = valueAt(rule, 'properties');
  const direction = textOf(valueAt(values, 'direction'));
  if (direction === 'Outbound') return [];
  const written = textOf(valueAt(values, 'access'));
  const access = written === 'Allow' || written === 'Deny' ? written : undefined;
  const isWhole = isOfAll(values, subnet);
  const groups = listOf(valueAt(values, 'sourceApplicationSecurityGroups')) ?? [];
  const sources = eitherAt(values, 'sourceAddressPrefix', 'sourceAddressPrefixes');
  return [
    known<SecurityRuleEvidence>({
      ...item,
      path,
      name: textOf(valueAt(rule, 'name')),
      priority: direction === undefined ? undefined : numberOf(valueAt(values, 'priority')),
      access,
      isPartial: access === 'Allow' && isWhole === false ? true : undefined,
      protocol: textOf(valueAt(values, 'protocol')),
      // A denial of a part of the subnet denies less than its row here would say.
      sources:
        (access === 'Allow' || isWhole === true) && groups.length === 0
          ? sources?.map(withPrefix)
          : undefined,
      ports:
        isWhole === undefined ? undefined : eitherAt(values, 'destinationPortRange', 'destinationPortRanges'),
    }),
  ];
}

/** Whether a row speaks of the whole subnet and of every source port; undefined where that is not known. */
function isOfAll(values: unknown, subnet: ArmResource): boolean | undefined {
  const ports = eitherAt(values, 'sourcePortRange', 'sourcePortRanges');
  const groups = listOf(valueAt(values, 'destinationApplicationSecurityGroups')) ?? [];
  if (groups.length > 0) return false;
  const destinations = eitherAt(values, 'destinationAddressPrefix', 'destinationAddressPrefixes');
  if (ports === undefined || destinations === undefined) return undefined;
  if (!ports.includes('*')) return false;
  if (destinations.some((one) => WHOLE.includes(one))) return true;
  const ranges = destinations.flatMap((one) => rangeAt(one) ?? []);
  return subnetPrefixes(subnet).every(
    ({ range }) => range !== undefined && ranges.some((outer) => contains(outer, range)),
  );
}

/** `10.1.2.3` is a range of one address. */
function withPrefix(source: string): string {
  return /^\d+(?:\.\d+){3}$/.test(source) ? `${source}/32` : source;
}
