import { formatCidr } from '../base/cidr.ts';
import { type Finding, pathText } from '../base/finding.ts';
import { type Money, toUsd } from '../base/money.ts';
import { compact } from '../base/record.ts';
import type { ContractResult } from '../contract/check.ts';
import type { CostComponent } from '../cost/component.ts';
import type { Estimate, Subtotal } from '../cost/estimate.ts';
import type { Explanation } from '../fleet/explanation.ts';
import type { Platform } from '../model/platform.ts';
import { vaultSecrets } from '../model/vault-secrets.ts';
import type { EvidenceCheck } from '../plan/evidence-check.ts';
import type { Note } from '../plan/notes.ts';
import type { EnvironmentPlan, Plan } from '../plan/plan.ts';
import { docsUrl } from './docs-url.ts';

/** Raised when a field changes its meaning or goes; new fields come without notice. */
const VERSION = 1;

/** Which parts of the plan to write; findings are always there. */
export type Part = 'platform' | 'contract' | 'cost' | 'explanations';

/** The plan for machines. Money is in US dollars, exact to a millionth; what is unknown is absent, never 0. */
export function planJson(plan: Plan, parts: ReadonlySet<Part>): string {
  const environments = plan.environments.map((one) => environmentJson(one, parts));
  const evidence = parts.has('contract') ? plan.evidence?.map(evidenceJson) : undefined;
  const findings = plan.findings.map(findingJson);
  const notes = parts.has('platform') ? plan.notes?.map(noteJson) : undefined;
  return `${JSON.stringify(compact({ version: VERSION, environments, evidence, findings, notes }), null, 2)}\n`;
}

function environmentJson(plan: EnvironmentPlan, parts: ReadonlySet<Part>): object {
  const { platform, contract, explanations } = plan;
  return compact({
    environment: plan.environment,
    fleet: platform.fleet.name,
    region: platform.fleet.region,
    platform: parts.has('platform') ? platformJson(platform) : undefined,
    secrets: parts.has('platform') ? vaultSecrets(platform) : undefined,
    contract: parts.has('contract') ? contractJson(contract) : undefined,
    cost: parts.has('cost') && plan.estimate ? costJson(plan.estimate) : undefined,
    explanations: parts.has('explanations') ? explanations.map(explanationJson) : undefined,
  });
}

function evidenceJson({ kind, environment, contract }: EvidenceCheck): object {
  return compact({ kind, environment, contract: contractJson(contract) });
}

function platformJson({ names, network, clusters, identities, teams }: Platform): object {
  return {
    names,
    network: {
      addressSpace: network.addressSpace.map(formatCidr),
      subnets: network.subnets.map((subnet) => ({ ...subnet, range: formatCidr(subnet.range) })),
      services: formatCidr(network.services),
      natGateways: network.natGateways,
      loadBalancerIps: network.loadBalancerIps,
    },
    clusters: clusters.map(({ workloads, podRange, serviceRange, ...cluster }) => ({
      ...cluster,
      podRange: formatCidr(podRange),
      serviceRange: formatCidr(serviceRange),
      workloads: workloads.map(({ name }) => name),
    })),
    identities,
    teams,
  };
}

function contractJson({ results }: ContractResult): object[] {
  return results.map(({ invariant, verdict, places }) =>
    compact({
      id: invariant.id,
      alias: invariant.alias,
      title: invariant.title,
      adr: invariant.adr,
      severity: invariant.severity,
      verdict,
      places,
    }),
  );
}

function costJson(estimate: Estimate): object {
  return compact({
    currency: 'USD',
    hoursPerMonth: 730,
    components: estimate.components.map(componentJson),
    total: subtotalJson(estimate.total),
    byService: estimate.byService.map(({ service, subtotal }) => ({ service, ...subtotalJson(subtotal) })),
    byCluster: estimate.byCluster.map(({ cluster, subtotal }) => ({
      cluster: cluster ?? null,
      ...subtotalJson(subtotal),
    })),
    stoppedAllMonth: toUsd(estimate.asleep),
    bySchedule: estimate.offHours && {
      awakeHours: estimate.offHours.awakeHours,
      monthly: toUsd(estimate.offHours.monthly),
      saved: toUsd(estimate.offHours.saved),
    },
    savedBySpot: toUsd(estimate.spotSaved),
    ceilingOfCappedLines: toUsd(estimate.ceiling),
    withFullPools: {
      userNodes: estimate.fullPools.userNodes,
      monthlyHigh: toUsd(estimate.fullPools.monthly),
    },
  });
}

function componentJson(component: CostComponent): object {
  const { rate, rateRange, monthly, monthlyRange, ceiling, ...rest } = component;
  return compact({
    ...rest,
    rate: amount(rate),
    rateRange: range(rateRange),
    monthly: amount(monthly),
    monthlyRange: range(monthlyRange),
    ceiling: amount(ceiling),
  });
}

function subtotalJson({ known, low, high, isComplete }: Subtotal): object {
  return { monthly: toUsd(known), low: toUsd(low), high: toUsd(high), isComplete };
}

function amount(money: Money | undefined): number | undefined {
  return money === undefined ? undefined : toUsd(money);
}

function range(ends: { readonly low: Money; readonly high: Money } | undefined): object | undefined {
  return ends && { low: toUsd(ends.low), high: toUsd(ends.high) };
}

/** A finding for machines, its path as text and with its page. */
export function findingJson(finding: Finding): object {
  const { at: _, related, path, ...rest } = finding;
  const url = docsUrl(finding.id);
  return {
    ...rest,
    ...(url === undefined ? {} : { url }),
    path: pathText(path),
    ...(related ? { related: related.map((place) => ({ ...place, path: pathText(place.path) })) } : {}),
  };
}

function noteJson({ paths, message, environments }: Note): object {
  return { message, environments, paths: paths.map(pathText) };
}

function explanationJson({ path, ...rest }: Explanation): object {
  return { path: pathText(path), ...rest };
}
