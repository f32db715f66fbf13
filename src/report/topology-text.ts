import { formatCidr } from '../base/cidr.ts';
import type { ClusterPlan, NodePool } from '../model/platform.ts';
import { userNodesMax } from '../model/pools.ts';
import type { EnvironmentPlan } from '../plan/plan.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable, type Row } from './table.ts';

/** More clusters than this fill a screen without telling more; JSON has them all. */
const CLUSTERS_SHOWN = 24;

/** What will exist: the pools of each cluster, environments side by side, and where everything lives. */
export function renderTopology(environments: readonly EnvironmentPlan[], style: Style): string {
  const parts = [
    poolTable(environments, style),
    addressTable(environments[0]!, style),
    networkLines(environments),
    teamLines(environments[0]!),
  ];
  return `${style.bold('What will exist')}\n\n${parts.filter((part) => part !== '').join('\n')}`;
}

type Slot = { readonly label: string; readonly texts: readonly string[] };

/** Clusters that are alike share one group of rows. */
function poolTable(environments: readonly EnvironmentPlan[], style: Style): string {
  const groups = new Map<string, { names: string[]; slots: readonly Slot[] }>();
  for (const [index, cluster] of environments[0]!.platform.clusters.entries()) {
    const slots = slotsOf(environments.map(({ platform }) => platform.clusters[index]));
    const key = JSON.stringify([cluster.role, slots]);
    const group = groups.get(key);
    if (group) group.names.push(cluster.name);
    else groups.set(key, { names: [cluster.name], slots });
  }
  const rows = [...groups.values()].flatMap(({ names, slots }): Row[] => [
    { group: namesText(names) },
    ...slots.map(({ label, texts }): Cell[] => [label, ...texts]),
  ]);
  const columns = [
    { title: 'cluster', align: 'left' as const },
    ...environments.map(({ environment }) => ({ title: environment, align: 'left' as const })),
  ];
  return renderTable({ columns, rows, indent: 2 }, style);
}

function namesText(names: readonly string[]): string {
  if (names.length <= 6) return names.join(', ');
  return `${names.slice(0, 3).join(', ')} ... ${names.at(-1)} (${names.length} clusters alike)`;
}

const SLOTS: readonly { readonly label: string; readonly use: NodePool['use'] }[] = [
  { label: 'system', use: 'system' },
  { label: 'user', use: 'preferred' },
  { label: 'second size', use: 'standby' },
  { label: 'fallback', use: 'fallback' },
];

function slotsOf(clusters: readonly (ClusterPlan | undefined)[]): readonly Slot[] {
  const tier = clusters.map((cluster) =>
    cluster ? `AKS ${cluster.kubernetesVersion}, ${cluster.skuTier} tier` : '-',
  );
  const pools = SLOTS.map(({ label, use }) => ({
    label,
    texts: clusters.map((cluster) => {
      const texts = (cluster?.pools ?? []).filter((pool) => pool.use === use).map(poolText);
      return texts.length === 0 ? '-' : texts.join('; ');
    }),
  }));
  const most = { label: 'user at most', texts: clusters.map((cluster) => mostText(cluster?.pools ?? [])) };
  return [{ label: 'control plane', texts: tier }, ...pools, most].filter(({ texts }) =>
    texts.some((text) => text !== '-'),
  );
}

/** What several user pools come to: the file names a range, which each of them may fill. */
function mostText(pools: readonly NodePool[]): string {
  const count = pools.filter(({ mode }) => mode === 'User').length;
  return count > 1 ? `${userNodesMax(pools)} nodes in ${count} pools` : '-';
}

function poolText(pool: NodePool): string {
  const count =
    pool.nodesUsual === pool.nodesMax ? `${pool.nodesMax}` : `${pool.nodesUsual}..${pool.nodesMax}`;
  const capacity = pool.mode === 'System' ? '' : pool.capacityType === 'Spot' ? 'Spot ' : 'On-Demand ';
  const zones = pool.zones.length === 0 ? '' : `, zones ${pool.zones.join(' ')}`;
  return `${count} x ${capacity}${pool.vmSize}${zones}`;
}

function addressTable({ platform }: EnvironmentPlan, style: Style): string {
  const { clusters, network } = platform;
  const isMeshed = clusters.some(({ mesh }) => mesh);
  const rangeOf = new Map(network.subnets.map(({ name, range }) => [name, formatCidr(range)]));
  const rows = clusters
    .slice(0, CLUSTERS_SHOWN)
    .map((cluster): Cell[] => [
      cluster.name,
      String(cluster.id),
      rangeOf.get(cluster.subnet) ?? '-',
      formatCidr(cluster.podRange),
      ...(isMeshed
        ? [
            cluster.mesh?.address ?? '-',
            namesText(cluster.mesh?.peers.map((peer) => peer.cluster) ?? []) || '-',
          ]
        : []),
    ]);
  const left = (title: string) => ({ title, align: 'left' as const });
  const columns = [
    left('cluster'),
    { title: 'id', align: 'right' as const },
    left('nodes'),
    left('pods'),
    ...(isMeshed ? [left('mesh address'), left('mesh peers')] : []),
  ];
  const hidden = clusters.length - rows.length;
  const more = hidden > 0 ? `  ... and ${hidden} more; --format json has them all\n` : '';
  return renderTable({ columns, rows, indent: 2 }, style) + more;
}

function networkLines(environments: readonly EnvironmentPlan[]): string {
  const { network, clusters } = environments[0]!.platform;
  const services = network.subnets
    .filter(({ cluster }) => cluster === undefined)
    .map(({ range, purpose }) => `${purpose} ${formatCidr(range)}`);
  const egress = environments.map(({ environment, platform }) => `${environment}: ${egressText(platform)}`);
  return [
    `  services subnet ${formatCidr(network.services)}: ${services.join(', ')}\n`,
    ...clusters
      .slice(0, 1)
      .map(({ serviceRange }) => `  ClusterIPs ${formatCidr(serviceRange)} in every cluster\n`),
    `  egress ${[...new Set(egress)].join('; ')}\n`,
  ].join('');
}

function egressText({ network }: EnvironmentPlan['platform']): string {
  const gateways = network.natGateways.map(({ sku }) => `${sku} NAT gateway`);
  const balancers = network.loadBalancerIps.length;
  if (balancers > 0) gateways.push(`a load balancer with its own address in each of ${balancers} clusters`);
  return gateways.join(' and ') || 'none';
}

/** Who works where. Clusters in which a team has the same namespaces share a line. */
function teamLines({ platform }: EnvironmentPlan): string {
  const lines = platform.teams.flatMap(({ name, clusters }) => {
    const groups = new Map<string, string[]>();
    for (const { cluster, namespaces } of clusters) {
      const key = namespaces.join(', ');
      groups.set(key, [...(groups.get(key) ?? []), cluster]);
    }
    return [...groups].map(([namespaces, own]) => `  team ${name}: ${namespaces} on ${namesText(own)}\n`);
  });
  return lines.join('');
}
