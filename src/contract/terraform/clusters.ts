import { systemPoolLimits } from '../../catalog/limits.ts';
import type { CapacityType, ClusterRole } from '../../fleet/fleet.ts';
import type { ClusterEvidence, NodePoolEvidence, OperatorEvidence, PoolNameEvidence } from '../evidence.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, place, placesBelow, SUBNET, type Terms } from './terms.ts';
import {
  blocksAt,
  numberAt,
  oneOfAt,
  rangeOf,
  switchAt,
  textAt,
  textMapAt,
  textsAt,
  valueAt,
} from './values.ts';

const POOL = 'azurerm_kubernetes_cluster_node_pool';
const PROFILE = ['network_profile', 0] as const;
const DEFAULT_POOL = ['default_node_pool', 0] as const;

const clusterPlaces = placesBelow({
  role: ['tags', 'role'],
  tier: ['tags', 'tier'],
  kubernetesVersion: ['kubernetes_version'],
  skuTier: ['sku_tier'],
  cni: [...PROFILE],
  podRange: [...PROFILE, 'pod_cidr'],
  serviceRange: [...PROFILE, 'service_cidr'],
  dnsServiceIp: [...PROFILE, 'dns_service_ip'],
  hasLocalAccounts: ['local_account_disabled'],
  hasOidcIssuer: ['oidc_issuer_enabled'],
  hasWorkloadIdentity: ['workload_identity_enabled'],
  hasClientSecret: ['service_principal'],
  logAgent: ['oms_agent'],
  hasPodRange: [...PROFILE, 'pod_cidr'],
  outboundType: [...PROFILE, 'outbound_type'],
  hasLoadBalancerEgress: [...PROFILE, 'load_balancer_profile'],
  hasLongTermSupport: ['support_plan'],
  networkPolicy: [...PROFILE, 'network_policy'],
});
const POOL_ATTRIBUTES = {
  capacityType: ['priority'],
  spotMaxPrice: ['spot_max_price'],
  vmSize: ['vm_size'],
  zones: ['zones'],
  maxPods: ['max_pods'],
  osDiskSizeGB: ['os_disk_size_gb'],
  osDiskType: ['os_disk_type'],
  evictionPolicy: ['eviction_policy'],
  labels: ['node_labels'],
  taints: ['node_taints'],
  surges: ['upgrade_settings'],
  subnet: ['vnet_subnet_id'],
  autoscales: ['auto_scaling_enabled'],
  kubernetesVersion: ['orchestrator_version'],
};
/** What bounds a pool stands elsewhere when it does not scale by itself. */
const poolPlaces = {
  scaled: placesBelow({ ...POOL_ATTRIBUTES, nodesMin: ['min_count'], nodesMax: ['max_count'] }),
  fixed: placesBelow({ ...POOL_ATTRIBUTES, nodesMin: ['node_count'], nodesMax: ['node_count'] }),
};

/**
 * What AKS takes where nobody writes a range (learn.microsoft.com, aks/concepts-network-ip-address-planning and
 * aks/azure-cni-overlay, 2026-08).
 */
const DEFAULT_SERVICES = { service_cidr: '10.0.0.0/16', dns_service_ip: '10.0.0.10' };
const DEFAULT_OVERLAY_PODS = '10.244.0.0/16';
/** Azure CNI Overlay cuts its range into these, and lets nobody choose (learn.microsoft.com, aks/azure-cni-overlay). */
const OVERLAY_MASK = 24;

/** Clusters that the files make or hold. */
export function clustersOf(terms: Terms): ClusterEvidence[] {
  return terms.graph.managed(CLUSTER).map((cluster) => clusterEvidence(terms, cluster));
}

/** Their pools: the default one, which is a system pool, first. */
export function nodePoolsOf(terms: Terms): NodePoolEvidence[] {
  return [
    ...terms.graph.managed(CLUSTER).map((cluster) => defaultPool(terms, cluster)),
    ...terms.graph.managed(POOL).map((pool) => nodePool(terms, pool)),
  ];
}

export function poolNamesOf(pools: readonly NodePoolEvidence[]): PoolNameEvidence[] {
  return pools.map(({ path, cluster, name, vmSize }) =>
    known<PoolNameEvidence>({ path, cluster, name, vmSize }),
  );
}

/** Who may call each API server that has a public address. */
export function apiServersOf(terms: Terms): OperatorEvidence[] {
  return terms.graph.managed(CLUSTER).flatMap((cluster) => {
    const isPrivate = switchAt(cluster.values, 'private_cluster_enabled');
    const path = place(cluster, 'api_server_access_profile', 0, 'authorized_ip_ranges');
    const item = { path, cluster: terms.labelOf(cluster) };
    if (isPrivate === true) {
      const ranges = blocksAt(cluster.values, 'api_server_access_profile', 0, 'authorized_ip_ranges');
      return ranges === undefined || ranges.length === 0 ? [] : [{ ...item, isRefused: true }];
    }
    if (isPrivate === undefined) return [item];
    const profile = blocksAt(cluster.values, 'api_server_access_profile');
    const isWritten = terms.graph.isWritten(cluster, ['api_server_access_profile']);
    if (profile?.length === 0 || (profile === undefined && isWritten === false)) {
      return [{ ...item, path: place(cluster, 'api_server_access_profile'), isOpen: true }];
    }
    const listed = blocksAt(profile?.[0], 'authorized_ip_ranges');
    if (listed?.length === 0) return [{ ...item, isOpen: true }];
    const ranges = listed?.map((text) => (typeof text === 'string' ? rangeOf(text) : undefined));
    const isKnown = ranges?.every((range) => range !== undefined) === true;
    const malformed = listed?.flatMap((text) =>
      typeof text === 'string' && rangeOf(text) === undefined ? [text] : [],
    );
    if (malformed !== undefined && malformed.length > 0) return [{ ...item, isOpen: false, malformed }];
    // The fleet's own addresses stand in the list already.
    return [isKnown ? { ...item, isOpen: false, ranges, egressAddresses: 0 } : { ...item, isOpen: false }];
  });
}

function clusterEvidence(terms: Terms, cluster: Instance): ClusterEvidence {
  const { values } = cluster;
  const cni = cniOf(values);
  const profileText = (name: string, standard?: string): string | undefined => {
    const isLeftOut = terms.graph.isWritten(cluster, [...PROFILE, name]) === false;
    return textAt(values, ...PROFILE, name) ?? (isLeftOut ? standard : undefined);
  };
  const pods = profileText('pod_cidr', cni === 'azure-overlay' ? DEFAULT_OVERLAY_PODS : undefined);
  const services = profileText('service_cidr', DEFAULT_SERVICES.service_cidr);
  return known<ClusterEvidence>({
    path: place(cluster),
    places: clusterPlaces(place(cluster)),
    name: terms.labelOf(cluster),
    ...standingOf(terms, cluster),
    kubernetesVersion: textAt(values, 'kubernetes_version'),
    skuTier: oneOfAt(['Free', 'Standard', 'Premium'], values, 'sku_tier'),
    cni,
    podRange: rangeOf(pods ?? ''),
    podMaskPerNode: cni === 'azure-overlay' ? OVERLAY_MASK : undefined,
    serviceRange: rangeOf(services ?? ''),
    dnsServiceIp: profileText('dns_service_ip', DEFAULT_SERVICES.dns_service_ip),
    hasLocalAccounts: not(switchAt(values, 'local_account_disabled')),
    hasEntra: hasBlock(values, 'azure_active_directory_role_based_access_control'),
    hasOidcIssuer: switchAt(values, 'oidc_issuer_enabled'),
    hasWorkloadIdentity: switchAt(values, 'workload_identity_enabled'),
    hasClientSecret: hasBlock(values, 'service_principal'),
    logAgent: logAgentOf(values),
    ...networkSettings(terms, cluster),
    hasLongTermSupport: isLongTerm(valueAt(values, 'support_plan')),
  });
}

/** Settings that Azure chooses itself where nobody writes them. */
function networkSettings(terms: Terms, cluster: Instance) {
  const valueOf = (name: string): unknown => {
    const value = valueAt(cluster.values, ...PROFILE, name);
    if (value !== undefined) return value;
    return terms.graph.isWritten(cluster, [...PROFILE, name]) === false ? null : undefined;
  };
  const [range, policy, balancer] = ['pod_cidr', 'network_policy', 'load_balancer_profile'].map(valueOf);
  return {
    hasPodRange: range === undefined ? undefined : range !== null && range !== '',
    networkPolicy: policy === null ? '' : typeof policy === 'string' ? policy : undefined,
    hasLoadBalancerEgress:
      balancer === null ? false : Array.isArray(balancer) ? balancer.length > 0 : undefined,
    outboundType: textAt(cluster.values, ...PROFILE, 'outbound_type'),
  };
}

/** Role and tier, as the cluster's tags say them, or the fleet file that knows it. */
function standingOf(
  terms: Terms,
  cluster: Instance,
): { readonly role?: ClusterRole; readonly tier?: number } {
  const group = textAt(cluster.values, 'resource_group_name')?.toLowerCase();
  const name = textAt(cluster.values, 'name')?.toLowerCase();
  const own = terms.known.find(
    ({ resourceName, resourceGroup }) =>
      resourceName.toLowerCase() === name && resourceGroup.toLowerCase() === group,
  );
  const tier = textAt(cluster.values, 'tags', 'tier');
  return known<{ readonly role?: ClusterRole; readonly tier?: number }>({
    role: oneOfAt(['mgmt', 'app'], cluster.values, 'tags', 'role') ?? own?.role,
    tier: tier !== undefined && /^\d$/.test(tier) ? Number(tier) : own?.tier,
  });
}

/** Without a plugin of Azure's the network is brought along; which one it is does not stand in Terraform. */
function cniOf(values: Instance['values']): ClusterEvidence['cni'] {
  const plugin = textAt(values, ...PROFILE, 'network_plugin');
  if (plugin === 'none') return 'cilium';
  const mode = textAt(values, ...PROFILE, 'network_plugin_mode');
  return plugin === 'azure' && mode === 'overlay' ? 'azure-overlay' : undefined;
}

function logAgentOf(values: Instance['values']): ClusterEvidence['logAgent'] {
  const agents = blocksAt(values, 'oms_agent');
  if (agents === undefined) return undefined;
  if (agents.length === 0) return 'none';
  const byIdentity = switchAt(agents[0], 'msi_auth_for_monitoring_enabled');
  return byIdentity === undefined ? undefined : byIdentity ? 'by identity' : 'by workspace key';
}

function defaultPool(terms: Terms, cluster: Instance): NodePoolEvidence {
  const values = valueAt(cluster.values, ...DEFAULT_POOL);
  const isForAddons = switchAt(values, 'only_critical_addons_enabled');
  const isLabelled = terms.graph.isWritten(cluster, [...DEFAULT_POOL, 'node_labels']);
  return known<NodePoolEvidence>({
    ...poolEvidence(terms, cluster, DEFAULT_POOL, values),
    cluster: terms.labelOf(cluster),
    ...standingOf(terms, cluster),
    mode: 'System' as const,
    capacityType: 'OnDemand' as const,
    labels: textMapAt(values, 'node_labels') ?? (isLabelled === false ? {} : undefined),
    // The block has no taints but this one.
    taints: isForAddons === undefined ? undefined : isForAddons ? [systemPoolLimits.taint.allowed] : [],
  });
}

function nodePool(terms: Terms, pool: Instance): NodePoolEvidence {
  const link = terms.graph.link(pool, ['kubernetes_cluster_id'], CLUSTER);
  const cluster = link.kind === 'resource' ? link.to : undefined;
  const attribute = <Value>(name: string, value: Value | undefined, none: Value): Value | undefined =>
    value ?? (terms.graph.isWritten(pool, [name]) === false ? none : undefined);
  return known<NodePoolEvidence>({
    ...poolEvidence(terms, pool, [], pool.values),
    cluster: cluster && terms.labelOf(cluster),
    ...(cluster ? standingOf(terms, cluster) : {}),
    mode: oneOfAt(['System', 'User'], pool.values, 'mode'),
    capacityType: capacityTypeOf(valueAt(pool.values, 'priority')),
    spotMaxPrice: numberAt(pool.values, 'spot_max_price'),
    evictionPolicy:
      valueAt(pool.values, 'eviction_policy') === null ? '' : textAt(pool.values, 'eviction_policy'),
    labels: attribute('node_labels', textMapAt(pool.values, 'node_labels'), {}),
    taints: attribute('node_taints', textsAt(pool.values, 'node_taints'), []),
  });
}

/** What both kinds of pool say alike. */
function poolEvidence(terms: Terms, instance: Instance, at: readonly (string | number)[], values: unknown) {
  const path = place(instance, ...at);
  const autoscales = switchAt(values, 'auto_scaling_enabled');
  const [min, max] = autoscales ? ['min_count', 'max_count'] : ['node_count', 'node_count'];
  const zones = textsAt(values, 'zones');
  const subnet = terms.graph.link(instance, [...at, 'vnet_subnet_id'], SUBNET);
  return {
    path,
    places: poolPlaces[autoscales === true ? 'scaled' : 'fixed'](path),
    name: textAt(values, 'name'),
    vmSize: textAt(values, 'vm_size'),
    nodesMin: autoscales === undefined ? undefined : numberAt(values, min!),
    nodesMax: autoscales === undefined ? undefined : numberAt(values, max!),
    zones: zones?.every((zone) => /^\d$/.test(zone)) ? zones.map(Number) : undefined,
    maxPods: numberAt(values, 'max_pods'),
    osDiskType: oneOfAt(['Ephemeral', 'Managed'], values, 'os_disk_type'),
    osDiskSizeGB: numberAt(values, 'os_disk_size_gb'),
    subnet: subnet.kind === 'resource' ? terms.labelOf(subnet.to) : undefined,
    autoscales,
    surges: surgesOf(values),
    kubernetesVersion: versionOf(terms, instance, [...at, 'orchestrator_version']),
  };
}

/** Empty where nobody writes one: the control plane's counts then. */
function versionOf(terms: Terms, instance: Instance, at: readonly (string | number)[]): string | undefined {
  const value = valueAt(instance.values, ...at);
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return terms.graph.isWritten(instance, at) === false ? '' : undefined;
}

function capacityTypeOf(priority: unknown): CapacityType | undefined {
  if (priority === 'Spot') return 'Spot';
  return priority === 'Regular' || priority === null ? 'OnDemand' : undefined;
}

function surgesOf(values: unknown): boolean | undefined {
  const settings = blocksAt(values, 'upgrade_settings');
  if (settings === undefined) return undefined;
  const [surge, unavailable] = ['max_surge', 'max_unavailable'].map((name) => valueAt(settings[0], name));
  if ([surge, unavailable].some((value) => typeof value === 'string' && value !== '')) return true;
  return settings.length === 0 || (surge !== undefined && unavailable !== undefined) ? false : undefined;
}

function hasBlock(values: Instance['values'], name: string): boolean | undefined {
  const blocks = blocksAt(values, name);
  return blocks && blocks.length > 0;
}

function isLongTerm(plan: unknown): boolean | undefined {
  return plan === undefined ? undefined : plan === 'AKSLongTermSupport';
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
