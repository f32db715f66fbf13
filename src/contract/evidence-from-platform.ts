import type { Path } from '../base/finding.ts';
import type { Cluster, Fleet } from '../fleet/fleet.ts';
import type { ClusterPlan, NodePool, Platform } from '../model/platform.ts';
import type {
  ClusterEvidence,
  Evidence,
  FederationEvidence,
  NodePoolEvidence,
  RangeEvidence,
  SecurityRuleEvidence,
} from './evidence.ts';

/** Evidence of a fleet file: what it says and what follows from it. Paths lead into the file. */
export function evidenceFromPlatform(platform: Platform): Evidence {
  const { fleet } = platform;
  const clusters = fleet.clusters.map((cluster, index) => ({ cluster, plan: platform.clusters[index]! }));
  return {
    kind: 'fleet',
    environment: fleet.environment,
    live: { path: ['live'], value: fleet.live },
    region: { path: ['region'], name: fleet.region },
    clusters: clusters.map(({ cluster, plan }) => clusterEvidence(fleet, cluster, plan)),
    nodePools: clusters.flatMap(({ cluster, plan }) =>
      plan.pools.map((pool) => poolEvidence(fleet, cluster, pool)),
    ),
    tiers: fleet.listedTiers.map((number) => ({ path: ['tiers', String(number)], number })),
    spotPriceLimit: { path: ['spot', 'maxPrice'], usdPerHour: fleet.spot.maxPrice },
    ranges: rangesOf(platform),
    peers: fleet.network.peers.map((pair, index) => ({ path: ['network', 'peers', index], pair })),
    securityRules: platform.network.subnets.flatMap(({ name, cluster, rules }) =>
      rules.map((rule): SecurityRuleEvidence => ({
        path: ['network', 'peers'],
        subnet: name,
        ...(cluster === undefined ? {} : { cluster }),
        name: rule.name,
        priority: rule.priority,
        access: rule.access,
        protocol: rule.protocol,
        sources: rule.sources,
        ports: rule.ports,
      })),
    ),
    secretSyncs: fleet.clusters.map(({ name }) => ({
      path: ['secrets', 'sync'],
      cluster: name,
      method: fleet.secrets.sync,
      deletionPolicy: 'Retain',
    })),
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
      })),
    ),
    workloads: fleet.workloads.map((workload) => {
      const path = ['workloads', workload.name];
      return {
        path,
        places: {
          clusters: [...path, 'clusters'],
          image: [...path, 'image'],
          replicas: [...path, 'replicas'],
          isCritical: [...path, 'critical'],
        },
        name: workload.name,
        clusters: workload.clusters,
        image: workload.image,
        replicas: workload.replicas,
        isCritical: workload.critical,
      };
    }),
    operatorRanges: { path: ['operators', 'ipRanges'], ranges: fleet.operators.ipRanges },
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
  };
}

function poolEvidence(fleet: Fleet, cluster: Cluster, pool: NodePool): NodePoolEvidence {
  const isSystem = pool.mode === 'System';
  const path: Path = ['clusters', cluster.name, isSystem ? 'system' : 'user'];
  const sizeIndex = cluster.user.vmSizes.indexOf(pool.vmSize);
  const decidedBy: Path =
    cluster.user.capacity === undefined
      ? ['tiers', String(cluster.tier), fleet.environment]
      : [...path, 'capacity'];
  return {
    path,
    places: {
      capacityType: isSystem ? path : decidedBy,
      vmSize: isSystem ? [...path, 'vmSize'] : [...path, 'vmSizes', Math.max(0, sizeIndex)],
      nodesMin: [...path, 'nodes'],
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
    isFallback: pool.use === 'fallback',
    vmSize: pool.vmSize,
    nodesMin: pool.nodesMin,
    nodesMax: pool.nodesMax,
    zones: pool.zones,
    maxPods: pool.maxPods,
    osDiskType: pool.osDisk.type,
    osDiskSizeGB: pool.osDisk.sizeGB,
  };
}

function rangesOf(platform: Platform): RangeEvidence[] {
  const { fleet, network, clusters } = platform;
  const names = new Set(['services', ...fleet.clusters.map(({ name }) => name)]);
  const subnet = (name: string): Path => ['network', 'subnets', name];
  return [
    ...(fleet.network.vnet ?? []).map((range, index): RangeEvidence => ({
      path: ['network', 'vnet', index],
      name: 'the VNet',
      range,
      use: 'vnet',
      isUsed: true,
    })),
    ...network.subnets.flatMap(({ cluster, range }): RangeEvidence[] =>
      cluster === undefined
        ? []
        : [{ path: subnet(cluster), name: `${cluster}'s nodes`, range, use: 'nodes', cluster, isUsed: true }],
    ),
    {
      path: subnet('services'),
      name: 'the services subnet',
      range: network.services,
      use: 'services-subnet',
      isUsed: true,
    },
    ...Object.entries(fleet.network.subnets)
      .filter(([name]) => !names.has(name))
      .map(([name, range]): RangeEvidence => ({
        path: subnet(name),
        name: `subnet ${name}`,
        range,
        use: 'nodes',
        isUsed: false,
      })),
    ...clusters.map(({ name, podRange }): RangeEvidence => ({
      path: ['clusters', name, 'pods'],
      name: `${name}'s pods`,
      range: podRange,
      use: 'pods',
      cluster: name,
      isUsed: true,
    })),
    ...clusters.slice(0, 1).map(({ serviceRange }): RangeEvidence => ({
      path: ['network', 'serviceCidr'],
      name: 'the ClusterIPs',
      range: serviceRange,
      use: 'cluster-ips',
      isUsed: true,
    })),
  ];
}

function textsOf(fleet: Fleet): NonNullable<Evidence['texts']> {
  const gitops = fleet.gitops
    ? [
        {
          path: ['gitops', 'repo'],
          name: 'gitops.repo',
          value: fleet.gitops.repo,
          means: 'a repository address',
        },
      ]
    : [];
  const settings = fleet.workloads.flatMap(({ name, env, image }) => [
    { path: ['workloads', name, 'image'], name: 'image', value: image, means: 'an image reference' },
    ...Object.entries(env).map(([key, value]) => ({
      path: ['workloads', name, 'env', key],
      name: key,
      value,
      means: 'a plain setting',
    })),
  ]);
  return [...gitops, ...settings];
}
