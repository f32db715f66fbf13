import { type Finding, pathText } from '../../base/finding.ts';
import type { FileTree } from '../../base/file-tree.ts';
import type { Environment } from '../../fleet/fleet.ts';
import { synthesizeBootstrap } from '../../gitops/bootstrap.ts';
import { synthesizeGitops } from '../../gitops/tree.ts';
import { joinTrees } from '../../base/file-tree.ts';
import { declaredResources } from '../../terraform/resources.ts';
import type { EnvironmentPlan, Plan } from '../plan.ts';
import { diffObjects, type ObjectChange } from './object-diff.ts';
import { diffPrice, type PriceDiff } from './price-diff.ts';
import { diffResources, type ResourceChange } from './resource-diff.ts';

/** What becomes of a fleet when one file takes the place of another. */
export type PlanDiff = {
  readonly environments: readonly EnvironmentDiff[];
  /** Findings that the new file has and the old one had not, and the reverse. */
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
};

export type EnvironmentDiff = {
  readonly environment: Environment;
  readonly resources: readonly ResourceChange[];
  readonly objects: readonly ObjectChange[];
  /** Absent when no price book covers either region. */
  readonly price?: PriceDiff;
};

/** Compares two plans, environment by environment. Both must be of sound files. Pure. */
export function diffPlans(base: Plan, head: Plan): PlanDiff {
  return {
    environments: head.environments.map((after) =>
      diffEnvironment(
        base.environments.find(({ environment }) => environment === after.environment),
        after,
      ),
    ),
    newFindings: without(head.findings, base.findings),
    goneFindings: without(base.findings, head.findings),
  };
}

function diffEnvironment(before: EnvironmentPlan | undefined, after: EnvironmentPlan): EnvironmentDiff {
  const price = diffPrice(before?.estimate, after.estimate);
  return {
    environment: after.environment,
    resources: diffResources(
      before ? declaredResources(before.platform) : [],
      declaredResources(after.platform),
    ),
    objects: diffObjects(before ? treeOf(before) : new Map(), treeOf(after)),
    ...(price ? { price } : {}),
  };
}

function treeOf({ platform }: EnvironmentPlan): FileTree {
  return joinTrees([
    ['bootstrap', synthesizeBootstrap(platform)],
    ['gitops', synthesizeGitops(platform)],
  ]);
}

/**
 * Findings by rule and place, not by words or line: a list of clusters in a message grows with the fleet, and a line
 * above moves them all. Where one place has more of them than before, the last are the new ones.
 */
function without(findings: readonly Finding[], others: readonly Finding[]): Finding[] {
  const keyOf = ({ id, path, environment, severity, waivedBy }: Finding): string =>
    JSON.stringify([id, pathText(path), environment, severity, waivedBy !== undefined]);
  const known = new Map<string, number>();
  for (const key of others.map(keyOf)) known.set(key, (known.get(key) ?? 0) + 1);
  return findings.filter((finding) => {
    const key = keyOf(finding);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}
