import { compareText } from '../base/order.ts';
import type { Finding } from '../base/finding.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { checkContract, checkWaivers, type ContractResult } from '../contract/check.ts';
import { evidenceFromPlatform } from '../contract/evidence-from-platform.ts';
import { invariants } from '../contract/invariants/index.ts';
import { type Estimate, estimate } from '../cost/estimate.ts';
import type { Explanation } from '../fleet/explanation.ts';
import { type Environment, environments as allEnvironments } from '../fleet/fleet.ts';
import { type FleetFileLoad, fleetIn, inDocumentOrder, locate } from '../fleet/load.ts';
import { buildPlatform } from '../model/build.ts';
import type { Platform } from '../model/platform.ts';

/** One environment of the fleet, derived, checked and priced. */
export type EnvironmentPlan = {
  readonly environment: Environment;
  readonly platform: Platform;
  readonly contract: ContractResult;
  /** Absent when no price book covers the region. */
  readonly estimate?: Estimate;
  /** Why each value that nobody wrote is what it is, by path. */
  readonly explanations: readonly Explanation[];
};

/** Everything that one fleet file implies. Reading it changes nothing anywhere. */
export type Plan = {
  readonly environments: readonly EnvironmentPlan[];
  /** Of the file and of the contract, in document order, each once. */
  readonly findings: readonly Finding[];
};

/** What a plan depends on beside the file. */
export type PlanInputs = {
  readonly environments: readonly Environment[];
  /** ISO date: waivers end by it. */
  readonly today: string;
  readonly priceBook: (region: string) => PriceBook | undefined;
};

/** Plans a loaded file. With findings of its own the file is planned as far as it is sound, and never synthesised. */
export function planFleet(load: FleetFileLoad, inputs: PlanInputs): Plan {
  const environments = inputs.environments.flatMap((environment) =>
    planEnvironment(load, environment, inputs),
  );
  const isSound = load.findings.length === 0;
  const contract = environments.flatMap(({ environment, contract: { findings } }) =>
    findings
      // Of a half-read file much cannot be said: what was found in the file itself already tells why.
      .filter(({ isUndetermined }) => isSound || !isUndetermined)
      .map((finding) => locate(load, environment, finding)),
  );
  return {
    environments,
    findings: inDocumentOrder([
      ...load.findings,
      ...mergeEnvironments(contract, inputs.environments.length),
      ...waiverFindings(load, environments, inputs),
    ]),
  };
}

function planEnvironment(
  load: FleetFileLoad,
  environment: Environment,
  inputs: PlanInputs,
): EnvironmentPlan[] {
  const resolved = fleetIn(load, environment);
  if (!resolved) return [];
  const { fleet } = resolved;
  const platform = buildPlatform(fleet);
  const prices = inputs.priceBook(fleet.region);
  const contract = checkContract(
    invariants,
    evidenceFromPlatform(platform),
    { prices },
    { list: fleet.waivers, today: inputs.today },
  );
  const explanations = [...resolved.explanations, ...platform.explanations];
  return [
    {
      environment,
      platform,
      contract,
      ...(prices ? { estimate: estimate(platform, prices) } : {}),
      explanations: explanations.toSorted((a, b) => compareText(a.path.join('\0'), b.path.join('\0'))),
    },
  ];
}

function waiverFindings(
  load: FleetFileLoad,
  environments: readonly EnvironmentPlan[],
  inputs: PlanInputs,
): Finding[] {
  const [first] = environments;
  if (!first) return [];
  // A waiver may be meant for an environment that this run leaves out: then nothing is said of unused ones.
  const used =
    environments.length === allEnvironments.length
      ? new Set(environments.flatMap(({ contract }) => [...contract.usedWaivers]))
      : undefined;
  const waivers = { list: first.platform.fleet.waivers, today: inputs.today };
  return [...checkWaivers(invariants, waivers, used)].map((finding) => locate(load, undefined, finding));
}

/** A finding that every planned environment has is told once, without the name of one. */
function mergeEnvironments(findings: readonly Finding[], planned: number): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.id, finding.path, finding.span, finding.message, finding.severity]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const inAll = new Set(group.map(({ environment }) => environment)).size === planned && planned > 1;
    if (!inAll) return group;
    const { environment: _, ...shared } = group[0]!;
    return [shared];
  });
}
