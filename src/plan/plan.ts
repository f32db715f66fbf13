import { DECISION_RULES } from '../adr/judge.ts';
import type { Records } from '../adr/record.ts';
import { compareText } from '../base/order.ts';
import type { Finding } from '../base/finding.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { checkContract, checkWaivers, type ContractResult } from '../contract/check.ts';
import { evidenceFromPlatform } from '../contract/evidence-from-platform.ts';
import { invariants } from '../contract/invariants/index.ts';
import { type Estimate, estimate } from '../cost/estimate.ts';
import { startOf } from '../fleet/document.ts';
import type { Explanation } from '../fleet/explanation.ts';
import { type Environment, environments as allEnvironments } from '../fleet/fleet.ts';
import { type FleetFileLoad, fleetIn, inDocumentOrder, locate } from '../fleet/load.ts';
import { buildPlatform } from '../model/build.ts';
import type { Platform } from '../model/platform.ts';
import { appliedInvariants, checkDecisions, type DecisionResult } from './decisions.ts';
import type { EvidenceCheck } from './evidence-check.ts';
import { type Note, notesOf } from './notes.ts';
import { withPrice } from './priced-evidence.ts';

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
  /** Whether the file itself is well-formed: what is planned from another is half a fleet. */
  readonly isSound: boolean;
  readonly environments: readonly EnvironmentPlan[];
  /** What the contract says of evidence beside the file. */
  readonly evidence?: readonly EvidenceCheck[];
  /**
   * Of the file and of the contract, in document order, each once; then of the decisions that it stands on;
   * then of other evidence.
   */
  readonly findings: readonly Finding[];
  /** What the file leaves open and an apply needs; absent where that is nothing. */
  readonly notes?: readonly Note[];
};

/** What a plan depends on beside the file. */
export type PlanInputs = {
  readonly environments: readonly Environment[];
  /** ISO date: waivers end by it. */
  readonly today: string;
  readonly priceBook: (region: string) => PriceBook | undefined;
  /** The decision records kept beside the file. Without them nothing is said of decisions. */
  readonly records?: Records;
  /** Holds other evidence against the same contract: who has none need not load what reads it. */
  readonly checkOthers?: CheckOthers;
};

/** Holds evidence beside the file against the contract, each with all that is known of the fleet otherwise. */
export type CheckOthers = (
  environments: readonly EnvironmentPlan[],
  load: FleetFileLoad | undefined,
  inputs: Omit<PlanInputs, 'checkOthers'>,
) => OthersChecked;

/** What the contract says of evidence beside the file. */
type OthersChecked = {
  readonly evidence: readonly EvidenceCheck[];
  readonly findings: readonly Finding[];
};

/** Plans a loaded file. With findings of its own the file is planned as far as it is sound, and never synthesised. */
export function planFleet(load: FleetFileLoad, inputs: PlanInputs): Plan {
  const isSound = load.findings.length === 0;
  // Where no cluster could be read there is nothing to plan: whatever the contract said would be about our own gaps.
  const isEmpty = !isSound && Object.keys(load.file?.clusters ?? {}).length === 0;
  const environments = isEmpty
    ? []
    : inputs.environments.flatMap((environment) => planEnvironment(load, environment, inputs));
  const contract = environments.flatMap(({ environment, contract: { findings } }) =>
    findings
      // Of a half-read file much cannot be said: what was found in the file itself already tells why.
      .filter(({ isUndetermined }) => isSound || !isUndetermined)
      .map((finding) => locate(load, environment, finding)),
  );
  const decisions = checkDecisions(
    inputs.records,
    appliedInvariants(environments.map((one) => one.contract)),
    startOf(load.document),
    { list: environments[0]?.platform.fleet.waivers ?? [], today: inputs.today },
  );
  const other = inputs.checkOthers?.(environments, load, inputs);
  const ofFleetFile = inDocumentOrder([
    ...load.findings,
    ...mergeEnvironments(contract, inputs.environments.length),
    ...waiverFindings(
      load,
      environments,
      [decisions, ...(other?.evidence ?? []).map((one) => one.contract)],
      inputs,
    ),
  ]);
  const notes = isSound ? notesOf(environments.map(({ platform }) => platform.fleet)) : [];
  return {
    isSound,
    environments,
    ...(notes.length > 0 ? { notes } : {}),
    ...(other ? { evidence: other.evidence } : {}),
    findings: [...ofFleetFile, ...decisions.findings, ...(other?.findings ?? [])],
  };
}

/** What the contract says where there is other evidence and no fleet file: nothing is planned and nothing waived. */
export function planWithoutFleet(check: CheckOthers, inputs: PlanInputs): Plan {
  return { isSound: true, environments: [], ...check([], undefined, inputs) };
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
  const price = prices && estimate(platform, prices);
  const contract = checkContract(
    invariants,
    withPrice(evidenceFromPlatform(platform), price),
    { prices },
    { list: fleet.waivers, today: inputs.today },
  );
  const explanations = [...resolved.explanations, ...platform.explanations];
  return [
    {
      environment,
      platform,
      contract,
      ...(price ? { estimate: price } : {}),
      explanations: explanations.toSorted((a, b) => compareText(a.path.join('\0'), b.path.join('\0'))),
    },
  ];
}

function waiverFindings(
  load: FleetFileLoad,
  environments: readonly EnvironmentPlan[],
  others: readonly Pick<DecisionResult, 'usedWaivers'>[],
  inputs: PlanInputs,
): Finding[] {
  const [first] = environments;
  if (!first) return [];
  // A waiver may be meant for an environment that this run leaves out: then nothing is said of unused ones.
  const used =
    environments.length === allEnvironments.length
      ? new Set(
          [...environments.map((one) => one.contract), ...others].flatMap((one) => [...one.usedWaivers]),
        )
      : undefined;
  const waivers = { list: first.platform.fleet.waivers, today: inputs.today };
  const rules = [...invariants, ...DECISION_RULES];
  return [...checkWaivers(rules, waivers, used)].map((finding) => locate(load, undefined, finding));
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
