import type { Path } from '../base/finding.ts';
import { shortestSleepMinutes } from '../fleet/awake-hours.ts';
import type { Cluster, Fleet } from '../fleet/fleet.ts';
import { requestsOn, roomOn } from '../model/fit.ts';
import type { ClusterPlan, Identity, NodePool, Platform } from '../model/platform.ts';
import { capacityOf, poolName } from '../model/pools.ts';
import { variablesOf } from '../model/workload-variables.ts';
import { accessGrantsOf, administratorsOf, teamsOf } from './access-from-platform.ts';
import type {
  AzureNameEvidence,
  CapacityEvidence,
  ClusterEvidence,
  Evidence,
  FederationEvidence,
  NodePoolEvidence,
  PoolNameEvidence,
  Resources,
  TextEvidence,
  VariableEvidence,
  WorkloadEvidence,
} from './evidence.ts';
import {
  dependenciesOf,
  namedCallsOf,
  operatorRangesOf,
  rangesOf,
  securityRulesOf,
} from './network-from-platform.ts';
import { vaultMarksOf, vaultReadsOf, workloadSecretsOf } from './vault-from-platform.ts';
import { nameText } from './wording.ts';

/** Evidence of a fleet file: what it says and what follows from it. Paths lead into the file. */
export function evidenceFromPlatform(platform: Platform): Evidence {
  const { fleet } = platform;
  const clusters = fleet.clusters.map((cluster, index) => ({ cluster, plan: platform.clusters[index]! }));
  const logs = fleet.observability.logs;
  return {
    kind: 'fleet',
    environment: fleet.environment,
    live: { path: ['live'], value: fleet.live },
    // A file without a region is told so by its loader; here it only says nothing.
    ...(fleet.region === '' ? {} : { region: { path: ['region'], name: fleet.region } }),
    clusters: clusters.map(({ cluster, plan }) => clusterEvidence(fleet, cluster, plan)),
    nodePools: clusters.flatMap(({ cluster, plan }) =>
      plan.pools.map((pool) => poolEvidence(fleet, cluster, pool)),
    ),
    poolNames: fleet.clusters.flatMap((cluster) => poolNamesOf(fleet, cluster)),
    capacities: clusters.flatMap(({ cluster, plan }) => capacitiesOf(fleet, cluster, plan)),
    tiers: fleet.listedTiers.map((number) => ({ path: ['tiers', String(number)], number })),
    ranges: rangesOf(platform),
    azureNames: azureNamesOf(platform),
    peers: fleet.network.peers.map((pair, index) => ({ path: ['network', 'peers', index], pair })),
    dependencies: dependenciesOf(fleet),
    securityRules: securityRulesOf(platform),
    secretSyncs: fleet.clusters.map(({ name }) => ({
      path: ['secrets', 'sync'],
      cluster: name,
      method: fleet.secrets.sync,
      deletionPolicy: 'Retain',
    })),
    vaultMarks: vaultMarksOf(platform),
    vaultReads: vaultReadsOf(platform),
    workloadSecrets: workloadSecretsOf(platform),
    texts: textsOf(fleet),
    federations: platform.identities.flatMap((identity) =>
      identity.federations.map((federation): FederationEvidence => ({
        path: ['clusters', federation.cluster],
        identity: identity.name,
        name: federation.name,
        issuerCluster: federation.cluster,
        subject: subjectOf(federation),
        audience: federation.audience,
      })),
    ),
    tokenUsers: platform.identities.flatMap((identity) =>
      identity.federations.map((federation) => ({
        path: ['clusters', federation.cluster],
        cluster: federation.cluster,
        subject: subjectOf(federation),
        identity: identity.name,
      })),
    ),
    workloads: fleet.workloads.map(workloadEvidence),
    calls: namedCallsOf(fleet),
    variables: fleet.workloads.flatMap(variableEvidence),
    teams: teamsOf(platform),
    administrators: administratorsOf(platform),
    accessGrants: accessGrantsOf(platform),
    operatorRanges: [operatorRangesOf(platform)],
    // Local accounts are off and Azure's roles count in every cluster; the fleet gives none to people.
    administration: [{ path: ['admins'], groups: fleet.admins.length, takesRoles: true, roleHolders: 0 }],
    logs: [
      {
        path: ['observability', 'logs'],
        places: {
          dailyCapGB: ['observability', 'logs', 'dailyCapGB'],
          retentionDays: ['observability', 'logs', 'retentionDays'],
        },
        dailyCapGB: logs.dailyCapGB,
        retentionDays: logs.retentionDays,
      },
    ],
    alerting: {
      path: ['alerts'],
      alerts: platform.alerts.length,
      receivers: fleet.alerts.email === undefined ? 0 : 1,
    },
    budgets: fleet.budget
      ? [
          {
            path: ['budget'],
            places: { amount: ['budget', 'monthlyUSD'] },
            contacts: fleet.alerts.email === undefined ? 0 : 1,
            amount: fleet.budget.monthlyUsd,
          },
        ]
      : [],
    schedules: fleet.schedule
      ? [
          {
            path: ['schedule'],
            places: {
              timezone: ['schedule', 'timezone'],
              shortestSleepMinutes: ['schedule', 'awake'],
              asleep: ['schedule', 'asleep'],
              hasKeeper: ['keeper', 'run'],
            },
            timezone: fleet.schedule.timezone,
            shortestSleepMinutes: shortestSleepMinutes(fleet.schedule.awake),
            asleep: fleet.schedule.asleep,
            hasKeeper: fleet.keeper.run !== 'none',
          },
        ]
      : [],
  };
}

function subjectOf(account: { readonly namespace: string; readonly serviceAccount: string }): string {
  return `system:serviceaccount:${account.namespace}:${account.serviceAccount}`;
}

function clusterEvidence(fleet: Fleet, cluster: Cluster, plan: ClusterPlan): ClusterEvidence {
  const path = ['clusters', cluster.name];
  return {
    path,
    places: {
      role: [...path, 'role'],
      tier: [...path, 'tier'],
      id: [...path, 'id'],
      kubernetesVersion: [...path, 'kubernetes'],
      skuTier: [...path, 'sku'],
      cni: ['network', 'cni'],
      isMeshed: ['network', 'clusterMesh'],
      podRange: [...path, 'pods'],
      serviceRange: ['network', 'serviceCidr'],
      dnsServiceIp: ['network', 'serviceCidr'],
    },
    name: cluster.name,
    role: cluster.role,
    tier: cluster.tier,
    id: cluster.id,
    idMoved: cluster.idMovedFrom !== undefined,
    kubernetesVersion: cluster.kubernetes,
    skuTier: cluster.sku,
    cni: fleet.network.cni,
    isMeshed: fleet.network.clusterMesh,
    podRange: plan.podRange,
    podMaskPerNode: plan.podMaskPerNode,
    serviceRange: plan.serviceRange,
    dnsServiceIp: plan.dnsServiceIp,
  };
}

function poolEvidence(fleet: Fleet, cluster: Cluster, pool: NodePool): NodePoolEvidence {
  const isSystem = pool.mode === 'System';
  const path: Path = ['clusters', cluster.name, isSystem ? 'system' : 'user'];
  const sizeIndex = cluster.user.vmSizes.indexOf(pool.vmSize);
  // What no system pool says is one default for all of them, and is spoken of once.
  const systemPlace = (key: 'vmSize' | 'nodes'): Path =>
    cluster.system[key] === undefined ? ['clusters'] : [...path, key];
  return {
    path,
    places: {
      capacityType: isSystem ? path : capacityPlace(fleet, cluster),
      spotMaxPrice: ['spot', 'maxPrice'],
      vmSize: isSystem ? systemPlace('vmSize') : [...path, 'vmSizes', Math.max(0, sizeIndex)],
      nodesMin: isSystem ? systemPlace('nodes') : [...path, 'nodes'],
      nodesMax: [...path, 'nodes'],
      zones: [...path, 'zones'],
      maxPods: [...path, 'maxPods'],
      osDiskSizeGB: [...path, 'osDiskGB'],
      osDiskType: [...path, 'osDiskGB'],
    },
    cluster: cluster.name,
    role: cluster.role,
    tier: cluster.tier,
    name: pool.name,
    mode: pool.mode,
    capacityType: pool.capacityType,
    ...(pool.capacityType === 'Spot' ? { spotMaxPrice: fleet.spot.maxPrice } : {}),
    vmSize: pool.vmSize,
    nodesMin: pool.nodesMin,
    nodesMax: pool.nodesMax,
    zones: pool.zones,
    maxPods: pool.maxPods,
    osDiskType: pool.osDisk.type,
    osDiskSizeGB: pool.osDisk.sizeGB,
  };
}

/** What decided Spot or On-Demand: the pool's own override, a live demo, or its tier. */
function capacityPlace(fleet: Fleet, cluster: Cluster): Path {
  if (cluster.user.capacity !== undefined) return ['clusters', cluster.name, 'user', 'capacity'];
  const tier = cluster.tier === 2 ? 2 : 1;
  return fleet.live && tier === 1 ? ['live'] : ['tiers', String(tier), fleet.environment];
}

function poolNamesOf(fleet: Fleet, cluster: Cluster): PoolNameEvidence[] {
  const capacityType = capacityOf(fleet, cluster);
  return cluster.user.vmSizes.map((vmSize, index) => ({
    path: ['clusters', cluster.name, 'user', 'vmSizes', index],
    cluster: cluster.name,
    name: poolName(vmSize, capacityType),
    vmSize,
  }));
}

function capacitiesOf(fleet: Fleet, cluster: Cluster, plan: ClusterPlan): CapacityEvidence[] {
  const path = ['clusters', cluster.name];
  const system = plan.pools.find(({ mode }) => mode === 'System');
  // The range of nodes is meant over all sizes: the preferred one stands for them.
  const user = plan.pools.find(({ mode }) => mode === 'User');
  return [
    ...(system ? [capacityEvidence(fleet, plan, system, [...path, 'system'])] : []),
    ...(user ? [capacityEvidence(fleet, plan, user, [...path, 'user'])] : []),
  ];
}

function capacityEvidence(fleet: Fleet, plan: ClusterPlan, pool: NodePool, path: Path): CapacityEvidence {
  const runsOn = pool.mode === 'System' ? 'system' : 'user';
  const nodes = pool.nodesMax;
  const room = roomOn({ ...pool, nodes });
  const oneNode = roomOn({ ...pool, nodes: 1 });
  const requested = (count: number): Resources => requestsOn(fleet, plan.components, runsOn, count);
  const onEachNode = minus(requested(1), requested(0));
  const workloads = runsOn === 'user' ? plan.workloads.filter(({ replicas }) => replicas > 0) : [];
  return {
    path,
    places: { room: [...path, 'nodes'] },
    cluster: plan.name,
    mode: pool.mode,
    machines: `${nodes} ${nameText(pool.vmSize)}`,
    ...(room && oneNode ? { room, roomOnOneNode: minus(oneNode, onEachNode) } : {}),
    platform: requested(nodes),
    workloads: {
      cpuMillis: sum(workloads, ({ replicas, requests }) => replicas * requests.cpuMillis),
      memoryMiB: sum(workloads, ({ replicas, requests }) => replicas * requests.memoryMiB),
    },
    pods: workloads.map(({ name, requests }) => ({ workload: name, ...requests })),
  };
}

function minus(a: Resources, b: Resources): Resources {
  return { cpuMillis: a.cpuMillis - b.cpuMillis, memoryMiB: a.memoryMiB - b.memoryMiB };
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += amountOf(item);
  return total;
}

const IDENTITY_USES: Readonly<Record<Identity['purpose'], string>> = {
  'control-plane': 'the control plane',
  kubelet: 'the kubelets',
  'vault-reader': 'what reads the vault',
  'argo-cd': 'Argo CD',
  keeper: 'the keeper',
};

/** What the clusters share comes first: where names meet, it is a cluster's that must change. */
function azureNamesOf({ names, network, clusters, identities }: Platform): AzureNameEvidence[] {
  const shared: Path = ['name'];
  const at = (cluster: string | undefined): Path => (cluster === undefined ? shared : ['clusters', cluster]);
  const all: AzureNameEvidence[] = [
    { path: shared, type: 'resource group', name: names.resourceGroup, use: 'what the clusters share' },
    ...[...network.natGateways, ...network.loadBalancerIps].map(({ publicIp }) => ({
      path: shared,
      type: 'public IP',
      name: publicIp,
      use: 'the egress',
    })),
    ...network.subnets.map(({ name, cluster, purpose }) => ({
      path: at(cluster),
      type: 'subnet',
      name,
      use:
        cluster === undefined ? `the subnet of ${purpose.replaceAll('-', ' ')}` : `the nodes of ${cluster}`,
    })),
    ...identities.map(({ name, cluster, purpose }) => {
      const isShared = purpose === 'argo-cd' || cluster === undefined;
      const use = `${IDENTITY_USES[purpose]}${isShared ? '' : ` of ${cluster}`}`;
      return { path: isShared ? shared : at(cluster), type: 'managed identity', name, use };
    }),
    ...clusters.flatMap(({ name, resourceGroup, nodeResourceGroup }) => [
      { path: at(name), type: 'resource group', name: resourceGroup, use: `cluster ${name}` },
      { path: at(name), type: 'resource group', name: nodeResourceGroup, use: `the machines of ${name}` },
    ]),
  ];
  return all
    .map((entry) => ({ ...entry, ...(entry.name === undefined ? {} : { label: entry.name }) }))
    .toSorted((a, b) => Number(a.path !== shared) - Number(b.path !== shared));
}

function textsOf(fleet: Fleet): TextEvidence[] {
  const { gitops, waivers, workloads } = fleet;
  const prose = (path: Path, name: string, value: string): TextEvidence => ({
    path,
    name,
    value,
    kind: 'prose',
  });
  return [
    ...(gitops
      ? [
          {
            path: ['gitops', 'repo'],
            name: 'gitops.repo',
            value: gitops.repo,
            kind: 'repository' as const,
          },
          prose(['gitops', 'revision'], 'gitops.revision', gitops.revision),
          prose(['gitops', 'path'], 'gitops.path', gitops.path),
        ]
      : []),
    ...workloads.flatMap(({ name, image, env }): TextEvidence[] => [
      { path: ['workloads', name, 'image'], name: 'image', value: image, kind: 'image' },
      ...Object.entries(env).map(([key, value]): TextEvidence => ({
        path: ['workloads', name, 'env', key],
        name: key,
        value,
        kind: 'setting',
      })),
    ]),
    ...waivers.flatMap(({ reason, owner }, index) => [
      prose(['waivers', index, 'reason'], 'the reason of the waiver', reason),
      prose(['waivers', index, 'owner'], 'the owner of the waiver', owner),
    ]),
  ];
}

function workloadEvidence({
  name,
  clusters,
  replicas,
  critical,
}: Fleet['workloads'][number]): WorkloadEvidence {
  const path = ['workloads', name];
  return {
    path,
    places: {
      clusters: [...path, 'clusters'],
      replicas: [...path, 'replicas'],
      isCritical: [...path, 'critical'],
    },
    name,
    clusters,
    replicas,
    isCritical: critical,
  };
}

function variableEvidence(workload: Fleet['workloads'][number]): VariableEvidence[] {
  return variablesOf(workload).map(({ name, from, key }) => {
    const list = ['workloads', workload.name, from === 'setting' ? 'env' : 'secrets'];
    return {
      path: from === 'setting' ? [...list, key] : list,
      workload: workload.name,
      name,
      origin: `the ${from} ${nameText(key)}`,
    };
  });
}
