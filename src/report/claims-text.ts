import { formatUsd, type Money, usd } from '../base/money.ts';
import type { Service } from '../cost/component.ts';
import type { Estimate } from '../cost/estimate.ts';
import type { Platform } from '../model/platform.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

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
    why: 'holds: the Free tier costs nothing and has no SLA',
  },
  {
    line: '5 Spot nodes',
    claimed: usd(50),
    services: ['Spot nodes', 'On-Demand nodes'],
    why: 'held at the Spot rate of 2024, which has risen since',
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
    why: 'holds for the volume; OS disks are ephemeral and free',
  },
  {
    line: 'Log Analytics',
    claimed: usd(5),
    services: ['Logs'],
    why: '5 GB a day is a fuse of 150 GB a month, not a budget',
  },
  { line: 'Key Vault', claimed: usd(1), services: ['Key Vault'], why: 'holds' },
  {
    line: 'network',
    claimed: 0,
    services: ['Network egress', 'Load balancers', 'Private endpoint'],
    why: 'left out: NAT, mesh load balancers, private endpoint',
  },
  {
    line: 'registry, alerts, keeper',
    claimed: 0,
    services: ['Registry', 'Alerts', 'Keeper'],
    why: 'left out',
  },
];
const CLAIMED_TOTAL = '$60-80';

/** The source design's shape: the claim is about nothing else. */
const CLAIMED_CLUSTERS = 3;
const CLAIMED_USER_NODES = 5;

/** The source design's expectation beside the real figure, for a demo fleet of its shape; nothing for any other. */
export function renderClaims(priced: readonly Priced[], style: Style): string {
  const demo = priced.find(
    ({ environment, platform }) => environment === 'demo' && hasShapeOfSource(platform),
  );
  if (!demo) return '';
  const rows = CLAIMS.map(({ line, claimed, services, why }): Cell[] => [
    line,
    claimed === 0 ? '-' : formatUsd(claimed),
    realText(demo.estimate, services),
    why,
  ]);
  const columns = [
    { title: 'the source design on demo', align: 'left' as const },
    { title: 'expected', align: 'right' as const },
    { title: 'is', align: 'right' as const },
    { title: '', align: 'left' as const },
  ];
  const { total } = demo.estimate;
  const footer = [
    'total',
    CLAIMED_TOTAL,
    formatUsd(total.known),
    `${(total.known / usd(70)).toFixed(1)} times the middle of the claim`,
  ];
  return `\n${renderTable({ columns, rows, footer, indent: 2 }, style)}`;
}

function hasShapeOfSource({ clusters }: Platform): boolean {
  const userPools = clusters.flatMap(({ pools }) => pools.filter(({ mode }) => mode === 'User'));
  const nodes = userPools.reduce((sum, { nodesUsual }) => sum + nodesUsual, 0);
  return clusters.length === CLAIMED_CLUSTERS && nodes === CLAIMED_USER_NODES;
}

function realText({ byService, ceiling }: Estimate, services: readonly Service[]): string {
  const subtotals = byService
    .filter(({ service }) => services.includes(service))
    .map(({ subtotal }) => subtotal);
  const known = subtotals.reduce((sum, subtotal) => sum + subtotal.known, 0);
  if (services.includes('Logs')) return `up to ${formatUsd(ceiling)}`;
  return known === 0 ? '-' : formatUsd(known);
}
