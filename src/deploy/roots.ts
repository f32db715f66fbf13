import { StepError } from '../base/step-error.ts';
import type { Platform } from '../model/platform.ts';
import { terraformRoots } from '../terraform/tree.ts';
import { applyRoot } from './apply-root.ts';
import type { Approve } from './ask.ts';
import { LEASE_STEP } from './lease.ts';
import type { FoundationFacts, Run } from './run.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import type { RootFolder } from './world.ts';

const BUDGET_API = '2023-05-01';

/** Terraform wants a value to destroy with too; preflight lets nobody apply this one. */
const NO_IMAGE = 'image.invalid/none:none';

/** Paths of the roots that a fleet has, the foundation first and the keeper last. */
export function rootPaths(platform: Platform): readonly string[] {
  return terraformRoots(platform).map(({ path }) => path);
}

/** `clusters/app1` */
export function clusterRoot(name: string): string {
  return `clusters/${name}`;
}

/**
 * A root with the values that its own files do not hold. Undefined where another root has to give them first.
 */
export async function rootFolder(
  { deployment, found, world }: Run,
  path: string,
  signal: AbortSignal,
): Promise<RootFolder | undefined> {
  const { platform, folder } = deployment;
  const root = { path, folder: `${folder}/terraform/${path}` };
  const facts = found.foundation;
  if (path === 'foundation') {
    if (!platform.fleet.budget) return root;
    return { ...root, variables: { budget_start: await budgetStart({ deployment, world }, signal) } };
  }
  if (!facts) return undefined;
  if (path !== 'keeper') {
    const variables = facts.clusterInputs[path.slice('clusters/'.length)];
    return variables && { ...root, variables };
  }
  if (!facts.keeperInputs) return undefined;
  const image = deployment.keeperImage;
  return { ...root, variables: { ...facts.keeperInputs, keeper_image: image ?? NO_IMAGE } };
}

export function foundationStep(run: Run, approve: Approve): Step {
  return {
    id: 'foundation',
    phase: 'foundation',
    title: 'Foundation',
    after: [LEASE_STEP],
    run: async (context) => {
      const before = run.found.foundation;
      const result = await apply(run, 'foundation', approve, context);
      if (!result.isChanged && before) return result;
      const facts = await readFoundation(run, context);
      if (!facts) throw new StepError('the foundation has none of the outputs that the other roots need');
      run.found.foundation = facts;
      dropStalePlans(run, before);
      return result;
    },
  };
}

export function clusterStep(run: Run, name: string, after: readonly string[], approve: Approve): Step {
  return {
    id: clusterRoot(name),
    phase: 'clusters',
    title: `Cluster ${name}`,
    cluster: name,
    after,
    run: (context) => apply(run, clusterRoot(name), approve, context),
  };
}

export function keeperStep(run: Run, after: readonly string[], approve: Approve): Step {
  return {
    id: 'keeper',
    phase: 'keeper',
    title: 'Keeper',
    after,
    run: (context) => apply(run, 'keeper', approve, context),
  };
}

async function apply(run: Run, path: string, approve: Approve, context: StepContext): Promise<StepResult> {
  const root = await rootFolder(run, path, context.signal);
  if (!root) throw new StepError(`the foundation gives nothing for ${path}: it was applied from other files`);
  const { plans } = run.found;
  const earlier = plans.get(path);
  plans.delete(path);
  return applyRoot(root, run.world, approve, context, earlier);
}

/** What the foundation gives the other roots; undefined where it was never applied. */
export async function readFoundation(run: Run, context: StepContext): Promise<FoundationFacts | undefined> {
  const root = { path: 'foundation', folder: `${run.deployment.folder}/terraform/foundation` };
  const outputs = await run.world.terraform.outputs(root, context);
  const { cluster_inputs, keeper_inputs, identity_client_ids, vault_uri } = outputs;
  if (!isRecord(cluster_inputs) || !isRecord(identity_client_ids) || typeof vault_uri !== 'string') {
    return undefined;
  }
  return {
    clusterInputs: cluster_inputs as FoundationFacts['clusterInputs'],
    ...(isRecord(keeper_inputs) ? { keeperInputs: keeper_inputs } : {}),
    clientIds: identity_client_ids as FoundationFacts['clientIds'],
    vaultUri: vault_uri,
  };
}

/** Plans that were made from what the foundation gave before it changed. */
function dropStalePlans({ found }: Run, before: FoundationFacts | undefined): void {
  if (JSON.stringify(found.foundation) !== JSON.stringify(before)) found.plans.clear();
}

/**
 * The month in which the budget began, or begins: another one would make another budget. RFC 3339, the first of a
 * month at midnight UTC.
 */
async function budgetStart(
  { deployment, world }: Pick<Run, 'deployment' | 'world'>,
  signal: AbortSignal,
): Promise<string> {
  const { subscription, platform } = deployment;
  const path = `/subscriptions/${subscription}/providers/Microsoft.Consumption/budgets/budget-${platform.names.stem}`;
  const found = (await world.azure.get(path, BUDGET_API, signal)) as
    | { readonly properties?: { readonly timePeriod?: { readonly startDate?: unknown } } }
    | undefined;
  const start = found?.properties?.timePeriod?.startDate;
  const date = typeof start === 'string' ? start : new Date(world.clock.now()).toISOString();
  return `${date.slice(0, '2026-11'.length)}-01T00:00:00Z`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
