import { type Finding, isAtLeast, type Path, pathText } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import type { Waiver } from '../fleet/fleet.ts';
import type { Evidence } from './evidence.ts';
import { type Facts, type Invariant, type Observation, undetermined } from './invariant.ts';

/** `not applicable`: nothing in the evidence is the invariant's business. */
export type Verdict = 'held' | 'broken' | 'undetermined' | 'not applicable';

export type InvariantResult = {
  readonly invariant: Invariant;
  readonly verdict: Verdict;
  /** How many places were looked at. */
  readonly places: number;
  /** Broken and undetermined places, as findings without spans. */
  readonly findings: readonly Finding[];
};

export type ContractResult = {
  /** In the order of the registry. */
  readonly results: readonly InvariantResult[];
  readonly findings: readonly Finding[];
  /** Positions in the fleet's list of the waivers that accepted something. */
  readonly usedWaivers: ReadonlySet<number>;
};

export type Waivers = {
  readonly list: readonly Waiver[];
  /** ISO date, an argument so that a verdict can be repeated. */
  readonly today: string;
};

/** What a waiver can name. */
type Waivable = { readonly id: string; readonly alias?: string };

/**
 * Holds every invariant against the evidence. A waiver turns findings into accepted ones until its last day.
 */
export function checkContract(
  invariants: readonly Invariant[],
  evidence: Evidence,
  facts: Facts,
  waivers: Waivers,
): ContractResult {
  const usedWaivers = new Set<number>();
  const results = invariants.map((invariant): InvariantResult => {
    if (invariant.kinds && !invariant.kinds.includes(evidence.kind)) {
      return { invariant, verdict: 'not applicable', places: 0, findings: [] };
    }
    const observations = observe(invariant, evidence, facts);
    const findings = observations.flatMap((observation) => {
      if (observation.verdict === 'held') return [];
      return [withWaiver(findingOf(invariant, evidence, observation), invariant, waivers, usedWaivers)];
    });
    return { invariant, verdict: verdictOf(observations), places: observations.length, findings };
  });
  return { results, findings: results.flatMap(({ findings }) => findings), usedWaivers };
}

/**
 * What is wrong with the waivers themselves: unknown, past their day, or needed by nothing. `used` joins the
 * runs over all environments; leave it out when some were not checked, as a waiver may be meant for those.
 */
export function* checkWaivers(
  rules: readonly Waivable[],
  waivers: Waivers,
  used: ReadonlySet<number> | undefined,
): Iterable<Finding> {
  for (const [index, waiver] of waivers.list.entries()) {
    const path = ['waivers', index];
    if (!rules.some((rule) => names(waiver, rule))) {
      yield {
        id: 'waiver-unknown',
        severity: 'error',
        message: `no invariant is called ${JSON.stringify(waiver.invariant)}`,
        path: [...path, 'invariant'],
        help: waiverHelp(waiver.invariant, rules),
      };
    } else if (waiver.expires < waivers.today) {
      yield {
        id: 'waiver-expired',
        severity: 'warning',
        message: `the waiver of ${waiver.owner} for ${waiver.invariant} ended on ${waiver.expires}`,
        path: [...path, 'expires'],
        help: 'mend what it accepted, or decide again and set a new day',
      };
    } else if (used && !used.has(index)) {
      yield {
        id: 'waiver-unused',
        severity: 'warning',
        message: `the waiver for ${waiver.invariant} accepts nothing`,
        path: [...path, 'invariant'],
        help: 'remove it',
      };
    }
  }
}

/** What to write instead of a name that no rule has. Numbers are names, not misspellings of each other. */
function waiverHelp(written: string, rules: readonly Waivable[]): string {
  if (/^c\d+$/i.test(written)) return 'the numbers are C1 to C5; all else goes by the id of its finding';
  const near = nearest(
    written,
    rules.map(({ id }) => id),
  );
  return near === undefined
    ? 'copy the id from the finding that the waiver is to accept'
    : `write ${near}, if that is what you mean`;
}

/** Whether the findings fail a run at this threshold: accepted ones and undetermined places never do. */
export function failsAt(findings: readonly Finding[], threshold: Finding['severity']): boolean {
  return findings.some(
    ({ waivedBy, isUndetermined, severity }) =>
      waivedBy === undefined && !isUndetermined && isAtLeast(severity, threshold),
  );
}

/**
 * One line of the user's text may decide many things alike: what is said of it word for word twice is said
 * once.
 */
function observe(invariant: Invariant, evidence: Evidence, facts: Facts): readonly Observation[] {
  const missing = invariant.needs.filter((part) => evidence[part] === undefined);
  if (missing.length > 0) {
    return [undetermined([], `the evidence does not hold ${missing.map(partText).join(', ')}`)];
  }
  const said = new Set<string>();
  // What is needed is there: that is what the check's own parameter type says.
  return [...invariant.check(evidence as Required<Evidence>, facts)].filter((observation) => {
    if (observation.verdict === 'held') return true;
    const key = `${observation.verdict} ${pathText(observation.path)} ${observation.message}`;
    return !said.has(key) && said.add(key);
  });
}

/** `nodePools` as people say it: `node pools`. */
function partText(part: string): string {
  return part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function verdictOf(observations: readonly Observation[]): Verdict {
  if (observations.some(({ verdict }) => verdict === 'broken')) return 'broken';
  if (observations.some(({ verdict }) => verdict === 'undetermined')) return 'undetermined';
  return observations.length > 0 ? 'held' : 'not applicable';
}

function findingOf(
  invariant: Invariant,
  evidence: Evidence,
  observation: Exclude<Observation, { verdict: 'held' }>,
): Finding {
  const { verdict, severity, related, ...said } = { severity: undefined, related: undefined, ...observation };
  const place = related
    ? { ...inFile(evidence, said), related: related.map((other) => inFile(evidence, other)) }
    : inFile(evidence, said);
  return {
    id: invariant.id,
    ...(invariant.alias === undefined ? {} : { alias: invariant.alias }),
    adr: invariant.adr,
    ...(evidence.environment === undefined ? {} : { environment: evidence.environment }),
    severity: verdict === 'undetermined' ? 'note' : (severity ?? invariant.severity),
    ...place,
    ...(verdict === 'undetermined' ? { isUndetermined: true } : {}),
    message: verdict === 'undetermined' ? `undetermined: ${place.message}` : place.message,
  };
}

/** Takes the file's name off the path, where evidence comes from several files. */
function inFile<Place extends { readonly path: Path }>(
  { isOfFiles }: Evidence,
  place: Place,
): Place & { readonly file?: string } {
  const [file, ...path] = place.path;
  return isOfFiles && typeof file === 'string' ? { ...place, path, file } : place;
}

/** The finding, accepted when a waiver of its rule covers its place; the waiver's position is added to `used`. */
export function withWaiver(finding: Finding, rule: Waivable, waivers: Waivers, used: Set<number>): Finding {
  const index = waivers.list.findIndex(
    (candidate) =>
      names(candidate, rule) && covers(candidate.at, finding.path) && candidate.expires >= waivers.today,
  );
  const waiver = waivers.list[index];
  if (!waiver) return finding;
  used.add(index);
  const { owner, reason, expires } = waiver;
  return { ...finding, waivedBy: { owner, reason, expires } };
}

function names(waiver: Waiver, rule: Waivable): boolean {
  // C2 is c2 to whoever types it.
  return waiver.invariant === rule.id || waiver.invariant.toUpperCase() === rule.alias;
}

function covers(at: string | undefined, path: Path): boolean {
  if (at === undefined) return true;
  const text = pathText(path);
  return text === at || text.startsWith(`${at}.`) || text.startsWith(`${at}[`);
}
