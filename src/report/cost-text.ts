import { formatRate, formatUsd, type Money } from '../base/money.ts';
import { compareText } from '../base/order.ts';
import { type CostComponent, SERVICES } from '../cost/component.ts';
import type { Estimate, Subtotal } from '../cost/estimate.ts';
import type { EnvironmentPlan } from '../plan/plan.ts';
import { renderClaims } from './claims-text.ts';
import { printable, type Style } from './style.ts';
import { type Cell, renderTable, type Row } from './table.ts';

type Priced = EnvironmentPlan & { readonly estimate: Estimate };

/** The month's price: by service and by cluster, environments side by side, what moves it, what is not in it. */
export function renderCost(environments: readonly EnvironmentPlan[], style: Style): string {
  const priced = environments.filter((plan): plan is Priced => plan.estimate !== undefined);
  const first = priced[0];
  if (!first) {
    const { region } = environments[0]!.platform.fleet;
    return `${style.bold('Price')}\n\n  no price book covers ${printable(region)}: nothing can be priced\n`;
  }
  const title = `Price of a month around the clock, USD, list prices of ${first.platform.fleet.region}`;
  return [
    `${style.bold(title)}\n\n`,
    priceTable(priced, style),
    '\n',
    savingLines(priced),
    '\n',
    unknownLines(priced, style),
    renderClaims(priced, style),
  ].join('');
}

function priceTable(priced: readonly Priced[], style: Style): string {
  const amounts = (subtotals: readonly (Subtotal | undefined)[]): Cell[] => {
    const cells = subtotals.map((subtotal): Cell =>
      subtotal ? amountText(subtotal) : { text: '-', tone: 'dim' },
    );
    const [from, to] = [subtotals[0]?.known ?? 0, subtotals[1]?.known ?? 0];
    return subtotals.length === 2 ? [...cells, deltaText(to - from)] : cells;
  };
  const byService = SERVICES.flatMap((service): Row[] => {
    const subtotals = priced.map(
      ({ estimate }) => estimate.byService.find((row) => row.service === service)?.subtotal,
    );
    return subtotals.some((subtotal) => subtotal) ? [[service, ...amounts(subtotals)]] : [];
  });
  const clusters = [
    ...new Set(priced.flatMap(({ estimate }) => estimate.byCluster.map(({ cluster }) => cluster))),
  ];
  const byCluster = clusters.slice(0, CLUSTERS_SHOWN).map((cluster): Row => {
    const subtotals = priced.map(
      ({ estimate }) => estimate.byCluster.find((row) => row.cluster === cluster)?.subtotal,
    );
    return [cluster ?? 'shared by all', ...amounts(subtotals)];
  });
  const hidden = clusters.length - byCluster.length;
  const columns = [
    { title: '', align: 'left' as const },
    ...priced.map(({ environment }) => ({ title: environment, align: 'right' as const })),
    ...(priced.length === 2 ? [{ title: `${priced[1]!.environment} adds`, align: 'right' as const }] : []),
  ];
  const rows = [{ group: 'by service' }, ...byService, { group: 'by cluster' }, ...byCluster];
  if (hidden > 0) rows.push([`... and ${hidden} more; --format json has them all`]);
  const isComplete = priced.every(({ estimate }) => estimate.total.isComplete);
  const footer = [
    isComplete ? 'total' : 'total, at least',
    ...amounts(priced.map(({ estimate }) => estimate.total)),
  ];
  return renderTable({ columns, rows, footer, indent: 2 }, style);
}

const CLUSTERS_SHOWN = 24;

/** Every line of the bill: rate, quantity, amount, and how far the rate can be trusted. */
export function renderCostLines(environments: readonly EnvironmentPlan[], style: Style): string {
  const tables = environments.flatMap(({ environment, estimate }) => {
    if (!estimate) return [];
    const rows = estimate.components.map((component): Cell[] => [
      component.cluster ?? '',
      component.name,
      rateText(component),
      component.basis,
      component.monthly === undefined ? { text: '-', tone: 'dim' } : formatUsd(component.monthly),
      component.confidence,
    ]);
    const columns = ['cluster', 'line', 'rate', 'quantity', 'a month', 'rate is'].map((title) => ({
      title,
      align: title === 'a month' ? ('right' as const) : ('left' as const),
      maxWidth: 60,
    }));
    return [
      `${style.bold(`Lines of ${environment}`)}\n\n${renderTable({ columns, rows, indent: 2 }, style)}`,
    ];
  });
  return tables.join('\n');
}

function amountText({ known, isComplete }: Subtotal): Cell {
  if (known === 0 && !isComplete) return { text: 'see below', tone: 'dim' };
  return formatUsd(known);
}

/** `+$5.00`; nothing for no difference. */
export function deltaText(delta: Money): string {
  return delta === 0 ? '' : delta > 0 ? `+${formatUsd(delta)}` : formatUsd(delta);
}

/** What makes the figure smaller, larger or uncertain. */
function savingLines(priced: readonly Priced[]): string {
  const lines = priced.flatMap(({ environment, estimate, platform }) => {
    const { offHours, asleep, total, spotSaved } = estimate;
    const found: string[] = [];
    const spot = estimate.byService.find(({ service }) => service === 'Spot nodes')?.subtotal;
    if (spot) {
      const low = spot.low === spot.known ? '' : `${formatUsd(spot.low)} at the lowest Spot rate on record, `;
      const ends = `${low}${formatUsd(spot.high)} if it rises to On-Demand`;
      found.push(`Spot nodes ${formatUsd(spot.known)} now, ${ends}; Spot saves ${formatUsd(spotSaved)}`);
    }
    const { userNodes, monthly: full } = estimate.fullPools;
    if (full > total.high) {
      found.push(
        `with all ${userNodes} user nodes that its pools may hold, at On-Demand rates: ${formatUsd(full)}`,
      );
    }
    if (offHours) {
      const { awakeText, asleep: mode } = platform.fleet.schedule!;
      const percent = Math.round((offHours.saved / total.known) * 100);
      found.push(
        `awake ${awakeText} (${offHours.awakeHours} of 730 h): ${formatUsd(offHours.monthly)}, saves ${formatUsd(offHours.saved)} (${percent} %)`,
      );
      if (mode === 'stop') found.push(`stopped all month it still costs ${formatUsd(asleep)}`);
    } else {
      found.push(`were it stopped all month, it would still cost ${formatUsd(asleep)}`);
    }
    if (platform.fleet.budget) {
      const { monthlyUsd } = platform.fleet.budget;
      const monthly = offHours?.monthly ?? total.known;
      if (monthly > monthlyUsd) {
        found.push(
          `the budget of ${formatUsd(monthlyUsd)} is ${(monthly / monthlyUsd).toFixed(1)} times too small for ${formatUsd(monthly)}`,
        );
      }
    }
    return found.map((line) => `  ${environment.padEnd(10)}  ${line}\n`);
  });
  return lines.join('');
}

/** Lines without an amount: what a unit costs, what bounds it. */
function unknownLines(priced: readonly Priced[], style: Style): string {
  const byId = new Map<string, { component: CostComponent; environments: string[] }>();
  for (const { environment, estimate } of priced) {
    for (const component of estimate.components) {
      if (component.monthly !== undefined) continue;
      const known = byId.get(component.id);
      if (known) known.environments.push(environment);
      else byId.set(component.id, { component, environments: [environment] });
    }
  }
  if (byId.size === 0) return '';
  const rows = [...byId.values()].map(({ component, environments }): Cell[] => [
    component.name,
    rateText(component),
    boundText(component),
    environments.length === priced.length ? '' : environments.join(', '),
  ]);
  const columns = ['not in the total', 'rate', 'what bounds it', 'only in'].map((title) => ({
    title,
    align: 'left' as const,
  }));
  const estimated = estimatedNames(priced);
  const region = printable(priced[0]!.platform.fleet.region);
  const note =
    estimated.length === 0
      ? ''
      : `\n  no rate is on record for ${region}, so estimated: ${estimated.join('; ')}\n`;
  return renderTable({ columns, rows, indent: 2 }, style) + note;
}

function estimatedNames(priced: readonly Priced[]): string[] {
  const names = priced.flatMap(({ estimate }) =>
    estimate.components
      .filter(({ confidence, monthly }) => confidence !== 'recorded' && monthly !== undefined)
      .map(({ service, name }) => (service === 'Alerts' ? 'alerts' : name)),
  );
  return [...new Set(names)].toSorted(compareText);
}

function rateText({ rate, rateRange, unit }: CostComponent): string {
  const per = unit.replace(/^1[ /]/, '');
  if (rate !== undefined) return `${formatRate(rate)} / ${per}`;
  if (rateRange) return `${formatRate(rateRange.low)} to ${formatRate(rateRange.high)} / ${per}`;
  return 'unknown';
}

function boundText({ ceiling, monthlyRange, basis }: CostComponent): string {
  if (ceiling !== undefined) return `at most ${formatUsd(ceiling)} a month: ${basis}`;
  if (monthlyRange)
    return `${formatUsd(monthlyRange.low)} to ${formatUsd(monthlyRange.high)} a month: ${basis}`;
  return basis;
}
