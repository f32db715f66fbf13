import { formatUsd, type Money, usd } from '../base/money.ts';
import type { Service } from '../cost/component.ts';
import type { Estimate } from '../cost/estimate.ts';
import type { Platform } from '../model/platform.ts';
import type { Style } from './style.ts';
import { type Cell, type Column, renderTable } from './table.ts';

type Priced = { readonly environment: string; readonly platform: Platform; readonly estimate: Estimate };

/** The demo table of the source design (section 5.1): what it expected for three clusters with five Spot nodes. */
const CLAIMS: readonly {
  readonly line: string;
  readonly claimed: Money;
  readonly services: readonly Service[];
  readonly why: string;
}[] = [
  {
    line: 'AKS control plane',
    claimed: 0,
    services: ['Control plane'],
    why: 'the Free tier costs nothing and has no SLA',
  },
  {
    line: '5 Spot nodes',
    claimed: usd(50),
    services: ['Spot nodes', 'On-Demand nodes'],
    why: 'about right at the Spot rates of 2024, which have risen',
  },
  {
    line: 'system nodes',
    claimed: 0,
    services: ['System nodes', 'OS disks'],
    why: 'left out: AKS wants an On-Demand system pool in every cluster',
  },
  {
    line: 'disk, 50 GB',
    claimed: usd(5),
    services: ['Volumes'],
    why: '50 GB are billed as 64; OS disks are free where they are ephemeral',
  },
  {
    line: 'Log Analytics',
    claimed: usd(5),
    services: ['Logs'],
    why: '5 GB a day is a fuse of 150 GB a month, not a budget',
  },
  { line: 'Key Vault', claimed: usd(1), services: ['Key Vault'], why: 'enough' },
  {
    line: 'network',
    claimed: 0,
    services: ['Network egress', 'Load balancers', 'Private endpoint'],
    why: 'left out: egress, load balancers, private endpoint',
  },
  {
    line: 'registry, alerts, keeper',
    claimed: 0,
    services: ['Registry', 'Alerts', 'Keeper'],
    why: 'left out',
  },
];
const CLAIMED_TOTAL = '$60-80';
const CLAIMED_MIDDLE = usd(70);

/** The source design's shape: the claim is about nothing else. */
const CLAIMED_CLUSTERS = 3;
const CLAIMED_USER_NODES = 5;
const CLAIMED_DAILY_CAP_GB = 5;

/**
 * What the source design expected beside what it is, for a fleet of its shape; nothing for any other: its demo table,
 * and what it says that production adds.
 */
export function renderClaims(priced: readonly Priced[], style: Style): string {
  const ofShape = priced.filter(({ platform }) => hasShapeOfSource(platform));
  const demo = ofShape.find(({ environment }) => environment === 'demo');
  const production = ofShape.find(({ environment }) => environment === 'production');
  if (!demo) return '';
  const rows = CLAIMS.map(({ line, claimed, services, why }): Cell[] => [
    line,
    claimed === 0 ? '-' : formatUsd(claimed),
    realText(demo.estimate, services),
    why,
  ]);
  const { total } = demo.estimate;
  const factor = (total.known / CLAIMED_MIDDLE).toFixed(1);
  const footer = ['total', CLAIMED_TOTAL, formatUsd(total.known), `${factor} times the middle of the claim`];
  const table = renderTable(
    { columns: columnsOf('the source design on demo'), rows, footer, indent: 2 },
    style,
  );
  return `\n${table}${production ? `\n${renderAdditions(demo, production, style)}` : ''}`;
}

function columnsOf(title: string): readonly Column[] {
  return [
    { title, align: 'left' },
    { title: 'expected', align: 'right' },
    { title: 'is', align: 'right' },
    { title: '', align: 'left' },
  ];
}

/** Section 5.3 of the source design: three steps; the fourth is what it did not see. */
function renderAdditions(demo: Priced, production: Priced, style: Style): string {
  const added = (amount: (one: Estimate) => Money): string => {
    const delta = amount(production.estimate) - amount(demo.estimate);
    return delta < 0 ? formatUsd(delta) : `+${formatUsd(delta)}`;
  };
  const mgmt = demo.platform.clusters.find(({ role }) => role === 'mgmt')?.name;
  const mgmtUserNodes = ({ components }: Estimate): Money =>
    sumOf(components.filter(({ cluster, service }) => cluster === mgmt && USER_NODES.includes(service)));
  const rows: Cell[][] = [
    ['mgmt On-Demand', '+$50-80', added(mgmtUserNodes), 'right for one node of two cores'],
    [
      'SLA of the API server',
      '+$75',
      added((one) => ofServices(one, ['Control plane'])),
      'is a price for each cluster',
    ],
    [
      'several zones',
      '+$30-50',
      added(() => 0),
      'machines cost the same in any zone; a volume that spans them costs more',
    ],
    [
      'system nodes',
      '-',
      added((one) => ofServices(one, ['System nodes', 'OS disks'])),
      'left out: a four-core node in each zone of each cluster',
    ],
  ];
  return renderTable({ columns: columnsOf('the source design on production'), rows, indent: 2 }, style);
}

const USER_NODES: readonly Service[] = ['Spot nodes', 'On-Demand nodes'];

function ofServices({ components }: Estimate, services: readonly Service[]): Money {
  return sumOf(components.filter(({ service }) => services.includes(service)));
}

function sumOf(components: Estimate['components']): Money {
  return components.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0);
}

function hasShapeOfSource({ fleet, clusters }: Platform): boolean {
  const userPools = clusters.flatMap(({ pools }) => pools.filter(({ mode }) => mode === 'User'));
  const nodes = userPools.reduce((sum, { nodesUsual }) => sum + nodesUsual, 0);
  return (
    clusters.length === CLAIMED_CLUSTERS &&
    nodes === CLAIMED_USER_NODES &&
    clusters.every(({ mesh }) => mesh) &&
    fleet.network.egress === 'nat-gateway' &&
    fleet.observability.stack === 'self' &&
    fleet.observability.logs.dailyCapGB === CLAIMED_DAILY_CAP_GB
  );
}

function realText(one: Estimate, services: readonly Service[]): string {
  if (services.includes('Logs')) return `up to ${formatUsd(one.ceiling)}`;
  const known = ofServices(one, services);
  return known === 0 ? '-' : formatUsd(known);
}
