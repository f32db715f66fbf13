import { DECISION_RULES, judgeDecisions, type Standing } from '../adr/judge.ts';
import type { Records } from '../adr/record.ts';
import type { Finding, Span } from '../base/finding.ts';
import { type ContractResult, type Waivers, withWaiver } from '../contract/check.ts';

/** What is said of the decisions behind a contract, and which waivers accept some of it. */
export type DecisionResult = {
  readonly findings: readonly Finding[];
  readonly usedWaivers: ReadonlySet<number>;
};

/** The invariants that had something to look at in at least one of the runs. */
export function appliedInvariants(contracts: readonly ContractResult[]): readonly Standing[] {
  const applied = contracts.flatMap(({ results }) =>
    results.filter(({ verdict }) => verdict !== 'not applicable').map(({ invariant }) => invariant),
  );
  return [...new Set(applied)];
}

/**
 * Holds the records against the invariants that stand on them. Without records nothing is said, and waivers that are
 * for them count as used: another run may have them.
 */
export function checkDecisions(
  records: Records | undefined,
  standing: readonly Standing[],
  place: Span,
  waivers: Waivers,
): DecisionResult {
  if (records === undefined) {
    const meant = [...waivers.list.entries()].filter(([, { invariant }]) =>
      DECISION_RULES.some(({ id }) => id === invariant),
    );
    return { findings: [], usedWaivers: new Set(meant.map(([index]) => index)) };
  }
  return acceptDecisions(judgeDecisions(records, standing, place), waivers);
}

/** The findings, with those accepted that a waiver names. */
export function acceptDecisions(findings: readonly Finding[], waivers: Waivers): DecisionResult {
  const usedWaivers = new Set<number>();
  return {
    findings: findings.map((finding) => {
      const rule = DECISION_RULES.find(({ id }) => id === finding.id);
      return rule ? withWaiver(finding, rule, waivers, usedWaivers) : finding;
    }),
    usedWaivers,
  };
}
