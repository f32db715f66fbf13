import type { CapacityType, ClusterRole } from '../../fleet/fleet.ts';
import type { ClusterEvidence, NodePoolEvidence, OperatorEvidence, PoolNameEvidence } from '../evidence.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, place, SUBNET, type Terms } from './terms.ts';
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
    if (isPrivate === true) return [];
    const path = place(cluster, 'api_server_access_profile', 0, 'authorized_ip_ranges');
    const item = { path, cluster: terms.labelOf(cluster) };
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
    // The fleet's own addresses stand in the list already.
    return [isKnown ? { ...item, isOpen: false, ranges, egressAddresses: 0 } : { ...item, isOpen: false }];
  });
}

function clusterEvidence(terms: Terms, cluster: Instance): ClusterEvidence {
  const { values } = cluster;
  const podRange = rangeOf(textAt(values, ...PROFILE, 'pod_cidr') ?? '');
  const serviceRange = rangeOf(textAt(values, ...PROFILE, 'service_cidr') ?? '');
  const cni = cniOf(values);
  return known<ClusterEvidence>({
    path: place(cluster),
    places: {
      role: place(cluster, 'tags', 'role'),
      tier: place(cluster, 'tags', 'tier'),
      kubernetesVersion: place(cluster, 'kubernetes_version'),
      skuTier: place(cluster, 'sku_tier'),
      cni: place(cluster, ...PROFILE),
      podRange: place(cluster, ...PROFILE, 'pod_cidr'),
      serviceRange: place(cluster, ...PROFILE, 'service_cidr'),
      dnsServiceIp: place(cluster, ...PROFILE, 'dns_service_ip'),
      hasLocalAccounts: place(cluster, 'local_account_disabled'),
      hasOidcIssuer: place(cluster, 'oidc_issuer_enabled'),
      hasWorkloadIdentity: place(cluster, 'workload_identity_enabled'),
      hasClientSecret: place(cluster, 'service_principal'),
      logAgent: place(cluster, 'oms_agent'),
      hasPodRange: place(cluster, ...PROFILE, 'pod_cidr'),
      outboundType: place(cluster, ...PROFILE, 'outbound_type'),
      hasLoadBalancerEgress: place(cluster, ...PROFILE, 'load_balancer_profile'),
      hasLongTermSupport: place(cluster, 'support_plan'),
      networkPolicy: place(cluster, ...PROFILE, 'network_policy'),
    },
    name: terms.labelOf(cluster),
    ...standingOf(terms, cluster),
    kubernetesVersion: textAt(values, 'kubernetes_version'),
    skuTier: oneOfAt(['Free', 'Standard', 'Premium'], values, 'sku_tier'),
    cni,
    podRange,
    podMaskPerNode: cni === 'azure-overlay' ? OVERLAY_MASK : undefined,
    serviceRange,
    dnsServiceIp: textAt(values, ...PROFILE, 'dns_service_ip'),
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
  return known<NodePoolEvidence>({
    ...poolEvidence(terms, cluster, DEFAULT_POOL, values),
    cluster: terms.labelOf(cluster),
    ...standingOf(terms, cluster),
    mode: 'System' as const,
    capacityType: 'OnDemand' as const,
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
  const to = (name: string) => place(instance, ...at, name);
  const autoscales = switchAt(values, 'auto_scaling_enabled');
  const [min, max] = autoscales ? ['min_count', 'max_count'] : ['node_count', 'node_count'];
  const zones = textsAt(values, 'zones');
  const subnet = terms.graph.link(instance, [...at, 'vnet_subnet_id'], SUBNET);
  return {
    path: place(instance, ...at),
    places: {
      capacityType: to('priority'),
      spotMaxPrice: to('spot_max_price'),
      vmSize: to('vm_size'),
      nodesMin: to(min!),
      nodesMax: to(max!),
      zones: to('zones'),
      maxPods: to('max_pods'),
      osDiskSizeGB: to('os_disk_size_gb'),
      osDiskType: to('os_disk_type'),
      evictionPolicy: to('eviction_policy'),
      labels: to('node_labels'),
      taints: to('node_taints'),
      surges: to('upgrade_settings'),
      subnet: to('vnet_subnet_id'),
      autoscales: to('auto_scaling_enabled'),
    },
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
  };
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
