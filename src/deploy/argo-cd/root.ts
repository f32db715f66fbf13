import { StepError } from '../../base/step-error.ts';
import { checkoutOf } from '../../gitops/checkout.ts';
import { objectsIn, applyObjects, refOf } from '../bootstrap/objects.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject } from '../world.ts';

type Source = { readonly repoURL?: string; readonly targetRevision?: string; readonly path?: string };

/**
 * Hands the tree over: the projects, then the Application that keeps every other one, and itself. Once it does, both
 * are Argo CD's, unless the fleet file has moved what Argo CD reads: from the old place it could not learn of the new.
 */
export async function handOver(run: Run, kube: Kube, context: StepContext): Promise<StepResult> {
  const { platform, tree } = run.deployment;
  if (!platform.fleet.gitops) {
    throw new StepError('the fleet file names no Git repository, and Argo CD has nothing to read', {
      advice: 'write gitops.repo, plan again, commit and push the tree, then run the same command again',
    });
  }
  const [root] = objectsIn(tree, 'gitops/argocd/root.yaml');
  const objects = [...objectsIn(tree, 'gitops/argocd/projects.yaml'), root!];
  const there = await kube.get(refOf(root!), context.signal);
  const isTakenBack = there !== undefined && !isSameSource(sourceOf(there), sourceOf(root!));
  const result = await applyObjects({ kube, clock: run.world.clock }, objects, { isTakenBack }, context);
  const { repo, revision } = checkoutOf(platform.fleet);
  return { ...result, note: `${repo} at ${revision}` };
}

function sourceOf({ spec }: KubeObject): Source {
  return ((spec ?? {}) as { readonly source?: Source }).source ?? {};
}

function isSameSource(one: Source, other: Source): boolean {
  return (
    one.repoURL === other.repoURL && one.targetRevision === other.targetRevision && one.path === other.path
  );
}
