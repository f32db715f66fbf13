import type { Path } from '../../base/finding.ts';
import type { CapacityType } from '../../fleet/fleet.ts';
import type { ClusterEvidence, NodePoolEvidence, OperatorEvidence, PoolNameEvidence } from '../evidence.ts';
import { booleanOf, listOf, mapOf, numberOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import {
  type ArmResource,
  type ArmResources,
  CLUSTER,
  isSaid,
  known,
  lastStep,
  parentId,
  rangeAt,
} from './arm-resources.ts';

/** Names of clusters by their ids. */
export type ClusterNames = (id: string) => string | undefined;

const POOL = 'microsoft.containerservice/managedclusters/agentpools';
const NETWORK = ['properties', 'networkProfile'] as const;
/** Azure CNI Overlay cuts its range into these (learn.microsoft.com, aks/azure-cni-overlay). */
const OVERLAY_MASK = 24;
/** Settings that Azure keeps of Spot pools alone. */
const SPOT_SIGNS = ['scaleSetEvictionPolicy', 'spotMaxPrice'];

/** The clusters, as Azure runs them. What runs in their pods stands in the other half of a snapshot. */
export function clustersOf(resources: ArmResources, nameOf: ClusterNames): readonly ClusterEvidence[] {
  return resources.ofType(CLUSTER).map((cluster) => {
    const at = (...path: readonly string[]): unknown => valueAt(cluster.value, 'properties', ...path);
    const place = (...path: readonly string[]): Path => [...cluster.path, 'properties', ...path];
    const cni = cniOf(cluster);
    const secret = textOf(at('servicePrincipalProfile', 'clientId'));
    const plan = textOf(at('supportPlan'));
    return known<ClusterEvidence>({
      path: [...cluster.path, 'name'],
      places: {
        kubernetesVersion: place('currentKubernetesVersion'),
        skuTier: [...cluster.path, 'sku', 'tier'],
        cni: place('networkProfile', 'networkPlugin'),
        podRange: place('networkProfile', 'podCidr'),
        serviceRange: place('networkProfile', 'serviceCidr'),
        dnsServiceIp: place('networkProfile', 'dnsServiceIP'),
        hasLocalAccounts: place('disableLocalAccounts'),
        hasOidcIssuer: place('oidcIssuerProfile', 'enabled'),
        hasWorkloadIdentity: place('securityProfile', 'workloadIdentity'),
        hasClientSecret: place('servicePrincipalProfile', 'clientId'),
        logAgent: place('addonProfiles'),
        outboundType: place('networkProfile', 'outboundType'),
      },
      name: nameOf(cluster.id),
      ...standingOf(cluster),
      kubernetesVersion: textOf(at('currentKubernetesVersion') ?? at('kubernetesVersion')),
      skuTier: oneOf(['Free', 'Standard', 'Premium'], valueAt(cluster.value, 'sku', 'tier')),
      cni,
      podRange: rangeAt(at('networkProfile', 'podCidr')),
      podMaskPerNode: cni === 'azure-overlay' ? OVERLAY_MASK : undefined,
      serviceRange: rangeAt(at('networkProfile', 'serviceCidr')),
      dnsServiceIp: textOf(at('networkProfile', 'dnsServiceIP')),
      hasLocalAccounts: not(booleanOf(at('disableLocalAccounts'))),
      hasEntra: isSaid(cluster.value, 'properties', 'aadProfile')
        ? at('aadProfile') !== undefined
        : undefined,
      hasOidcIssuer: booleanOf(at('oidcIssuerProfile', 'enabled')),
      hasWorkloadIdentity: booleanOf(at('securityProfile', 'workloadIdentity', 'enabled')),
      hasClientSecret: secret === undefined ? undefined : secret !== 'msi',
      logAgent: logAgentOf(at('addonProfiles')),
      hasPodRange: isSaid(cluster.value, ...NETWORK, 'podCidr')
        ? at('networkProfile', 'podCidr') !== undefined
        : undefined,
      outboundType: textOf(at('networkProfile', 'outboundType')),
      hasLoadBalancerEgress: egressOf(at('networkProfile')),
      hasLongTermSupport: plan === undefined ? undefined : plan === 'AKSLongTermSupport',
      networkPolicy: policyOf(at('networkProfile', 'networkPolicy')),
    });
  });
}

/** The node pools: those asked for by themselves, else as their cluster shows them. */
export function nodePoolsOf(resources: ArmResources, nameOf: ClusterNames): readonly NodePoolEvidence[] {
  const own = resources.ofType(POOL).map((pool) => ({
    path: [...pool.path, 'properties'],
    name: pool.name,
    values: valueAt(pool.value, 'properties'),
    cluster: parentId(pool.id),
  }));
  const asked = new Set(own.map(({ cluster }) => cluster));
  const shown = resources.ofType(CLUSTER).flatMap((cluster) =>
    asked.has(cluster.id)
      ? []
      : (listOf(valueAt(cluster.value, 'properties', 'agentPoolProfiles')) ?? []).map((values, index) => ({
          path: [...cluster.path, 'properties', 'agentPoolProfiles', index],
          name: textOf(valueAt(values, 'name')),
          values,
          cluster: cluster.id,
        })),
  );
  const byId = new Map(resources.ofType(CLUSTER).map((cluster) => [cluster.id, cluster]));
  return [...own, ...shown].map(({ path, name, values, cluster }) => {
    const resource = byId.get(cluster);
    const standing = resource ? standingOf(resource) : {};
    return poolEvidence(path, values, { name, cluster: nameOf(cluster), ...standing });
  });
}

export function poolNamesOf(pools: readonly NodePoolEvidence[]): readonly PoolNameEvidence[] {
  return pools.map(({ path, cluster, name, vmSize }) =>
    known<PoolNameEvidence>({ path, cluster, name, vmSize }),
  );
}

/** Who may call each API server that has a public address. */
export function apiServersOf(resources: ArmResources, nameOf: ClusterNames): readonly OperatorEvidence[] {
  return resources.ofType(CLUSTER).flatMap((cluster): OperatorEvidence[] => {
    const profile = ['properties', 'apiServerAccessProfile'] as const;
    const isPrivate = booleanOf(valueAt(cluster.value, ...profile, 'enablePrivateCluster'));
    if (isPrivate === true) return [];
    const path = [...cluster.path, ...profile, 'authorizedIPRanges'];
    const item = known<OperatorEvidence>({ path, cluster: nameOf(cluster.id) });
    const isNone =
      isSaid(cluster.value, ...profile) && valueAt(cluster.value, ...profile) === undefined
        ? true
        : isSaid(cluster.value, ...profile, 'authorizedIPRanges');
    const listed = textsOf(valueAt(cluster.value, ...profile, 'authorizedIPRanges'));
    if (listed === undefined || listed.length === 0) return [isNone ? { ...item, isOpen: true } : item];
    const ranges = listed.map((text) => rangeAt(text.includes('/') ? text : `${text}/32`));
    const isKnown = ranges.every((range) => range !== undefined);
    // The fleet's own addresses stand in the list already.
    return [isKnown ? { ...item, isOpen: false, ranges, egressAddresses: 0 } : { ...item, isOpen: false }];
  });
}

/** The clusters by the addresses by which Entra knows their tokens. */
export function issuersOf(resources: ArmResources, nameOf: ClusterNames): ReadonlyMap<string, string> {
  return new Map(
    resources.ofType(CLUSTER).flatMap((cluster) => {
      const issuer = textOf(valueAt(cluster.value, 'properties', 'oidcIssuerProfile', 'issuerURL'));
      const name = nameOf(cluster.id);
      return issuer === undefined || name === undefined ? [] : [[issuer, name] as const];
    }),
  );
}

function poolEvidence(
  path: Path,
  values: unknown,
  facts: Pick<NodePoolEvidence, 'role' | 'tier'> & {
    readonly name: string | undefined;
    readonly cluster: string | undefined;
  },
): NodePoolEvidence {
  const to = (key: string): Path => [...path, key];
  const capacityType = capacityTypeOf(values);
  const autoscales = booleanOf(valueAt(values, 'enableAutoScaling'));
  const [min, max] = autoscales === true ? ['minCount', 'maxCount'] : ['count', 'count'];
  const zones = textsOf(valueAt(values, 'availabilityZones'));
  const subnet = textOf(valueAt(values, 'vnetSubnetID'));
  const labels = mapOf(valueAt(values, 'nodeLabels'));
  return known<NodePoolEvidence>({
    path,
    places: {
      capacityType: to('scaleSetPriority'),
      spotMaxPrice: to('spotMaxPrice'),
      vmSize: to('vmSize'),
      nodesMin: to(min!),
      nodesMax: to(max!),
      zones: to('availabilityZones'),
      maxPods: to('maxPods'),
      osDiskSizeGB: to('osDiskSizeGB'),
      osDiskType: to('osDiskType'),
      evictionPolicy: to('scaleSetEvictionPolicy'),
      labels: to('nodeLabels'),
      taints: to('nodeTaints'),
      autoscales: to('enableAutoScaling'),
    },
    ...facts,
    mode: oneOf(['System', 'User'], valueAt(values, 'mode')),
    capacityType,
    spotMaxPrice: capacityType === 'Spot' ? numberOf(valueAt(values, 'spotMaxPrice')) : undefined,
    vmSize: textOf(valueAt(values, 'vmSize')),
    nodesMin: autoscales === undefined ? undefined : numberOf(valueAt(values, min!)),
    nodesMax: autoscales === undefined ? undefined : numberOf(valueAt(values, max!)),
    zones: zones?.map(Number) ?? (isSaid(values, 'availabilityZones') ? [] : undefined),
    maxPods: numberOf(valueAt(values, 'maxPods')),
    osDiskType: oneOf(['Ephemeral', 'Managed'], valueAt(values, 'osDiskType')),
    osDiskSizeGB: numberOf(valueAt(values, 'osDiskSizeGB')),
    subnet: subnet === undefined ? undefined : lastStep(subnet),
    evictionPolicy:
      textOf(valueAt(values, 'scaleSetEvictionPolicy')) ?? (capacityType === 'OnDemand' ? '' : undefined),
    labels:
      labels && Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, textOf(value) ?? ''])),
    taints: textsOf(valueAt(values, 'nodeTaints')),
    autoscales,
    surges: surgesOf(values),
  });
}

/**
 * Azure leaves the priority of regular pools out. Nothing is concluded from that where anything else looks
 * like Spot.
 */
function capacityTypeOf(values: unknown): CapacityType | undefined {
  const priority = textOf(valueAt(values, 'scaleSetPriority'));
  if (priority === 'Spot') return 'Spot';
  if (priority === 'Regular') return 'OnDemand';
  const signs = [
    ...SPOT_SIGNS.map((key) => valueAt(values, key) !== undefined),
    valueAt(values, 'nodeLabels', 'kubernetes.azure.com/scalesetpriority') !== undefined,
    (textsOf(valueAt(values, 'nodeTaints')) ?? []).some((taint) => taint.includes('scalesetpriority')),
  ];
  return priority === undefined && !signs.includes(true) ? 'OnDemand' : undefined;
}

/** Whether upgrades add nodes, or take some away, before others follow. */
function surgesOf(values: unknown): boolean | undefined {
  const settings = valueAt(values, 'upgradeSettings');
  if (settings === undefined) return isSaid(values, 'upgradeSettings') ? false : undefined;
  return ['maxSurge', 'maxUnavailable'].some((key) => {
    const text = textOf(valueAt(settings, key));
    return text !== undefined && text !== '' && text !== '0';
  });
}

/** Role and tier, as the cluster's tags say them. */
function standingOf({ value }: ArmResource): Pick<ClusterEvidence, 'role' | 'tier'> {
  const tier = textOf(valueAt(value, 'tags', 'tier'));
  return known<Pick<ClusterEvidence, 'role' | 'tier'>>({
    role: oneOf(['mgmt', 'app'], valueAt(value, 'tags', 'role')),
    tier: tier !== undefined && /^\d$/.test(tier) ? Number(tier) : undefined,
  });
}

/** Without a plugin of Azure's, what runs in the cluster tells which network it has. */
function cniOf({ value }: ArmResource): ClusterEvidence['cni'] {
  const plugin = textOf(valueAt(value, ...NETWORK, 'networkPlugin'));
  const mode = textOf(valueAt(value, ...NETWORK, 'networkPluginMode'));
  return plugin === 'azure' && mode === 'overlay' ? 'azure-overlay' : undefined;
}

function logAgentOf(addons: unknown): ClusterEvidence['logAgent'] {
  const map = mapOf(addons);
  if (map === undefined) return undefined;
  const [, agent] = Object.entries(map).find(([name]) => name.toLowerCase() === 'omsagent') ?? [];
  const enabled = booleanOf(valueAt(agent, 'enabled'));
  if (agent === undefined || enabled === false) return 'none';
  const byIdentity = booleanOf(valueAt(agent, 'config', 'useAADAuth'));
  if (enabled === undefined || byIdentity === undefined) return undefined;
  return byIdentity ? 'by identity' : 'by workspace key';
}

function egressOf(profile: unknown): boolean | undefined {
  if (mapOf(profile) === undefined) return undefined;
  const balancer = valueAt(profile, 'loadBalancerProfile');
  return ['outboundIPs', 'outboundIPPrefixes', 'managedOutboundIPs'].some(
    (key) => valueAt(balancer, key) !== undefined,
  );
}

function policyOf(value: unknown): string | undefined {
  const policy = textOf(value);
  return policy === 'none' ? '' : policy;
}

function oneOf<const Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return names.find((name) => name === value);
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
