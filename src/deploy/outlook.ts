import { declaredResources } from '../terraform/resources.ts';
import { planRoot } from './apply-root.ts';
import type { RootOutlook } from './ask.ts';
import { eachOf } from './bootstrap/parallel.ts';
import { readFoundation, rootFolder, rootPaths } from './roots.ts';
import type { Run } from './run.ts';
import type { StepContext } from './step.ts';
import type { Change, RootFolder } from './world.ts';

/**
 * What `up` would change, root by root, as Terraform plans it: so many at once, with nothing done yet. Plans are kept for
 * the steps. A root that needs what was never applied cannot be planned: then its resources are counted.
 */
export function lookAhead(run: Run, atOnce: number, context: StepContext): Promise<readonly RootOutlook[]> {
  const paths = rootPaths(run.deployment.platform);
  return eachRoot(run, { paths, atOnce }, context, async (path, root, own) => {
    if (!root) return expected(run, [path])[0]!;
    const planned = await planRoot(root, run.world, own);
    run.found.plans.set(path, planned);
    return { root: path, kind: 'planned', changes: planned.changes };
  });
}

/** What these roots have, which is what they would lose. */
export function lookBack(
  run: Run,
  roots: { readonly paths: readonly string[]; readonly atOnce: number },
  context: StepContext,
): Promise<readonly RootOutlook[]> {
  return eachRoot(run, roots, context, async (path, root, own) => {
    // Without a foundation there was never anything else.
    if (!root) return { root: path, kind: 'planned', changes: [] };
    const { terraform } = run.world;
    await terraform.init(root, own);
    const changes = (await terraform.resources(root, own)).map(({ address }): Change => {
      const [type = ''] = address.split('.');
      return { address, type, action: 'delete', replacedBy: [] };
    });
    return { root: path, kind: 'planned', changes };
  });
}

async function eachRoot(
  run: Run,
  { paths, atOnce }: { readonly paths: readonly string[]; readonly atOnce: number },
  context: StepContext,
  look: (path: string, root: RootFolder | undefined, context: StepContext) => Promise<RootOutlook>,
): Promise<readonly RootOutlook[]> {
  const foundation = await rootFolder(run, 'foundation', context.signal);
  await run.world.terraform.init(foundation!, context);
  const facts = await readFoundation(run, context);
  if (facts) run.found.foundation = facts;
  return eachOf(paths, atOnce, async (path) => {
    const root = path === 'foundation' ? foundation : await rootFolder(run, path, context.signal);
    return look(path, root, { ...context, report: (text) => context.report(`${path}: ${text}`) });
  });
}

/** What is known where there is not even a state. */
export function expectedOutlook(run: Run): readonly RootOutlook[] {
  return expected(run, rootPaths(run.deployment.platform));
}

/** What is known where there may be states that the signed-in person may not read yet: the role comes after the yes. */
export function unknownOutlook({ deployment }: Run): readonly RootOutlook[] {
  return rootPaths(deployment.platform).map((root) => ({ root, kind: 'unknown' }));
}

export function hasWork(outlook: readonly RootOutlook[]): boolean {
  return outlook.some((of) => of.kind !== 'planned' || of.changes.length > 0);
}

function expected({ deployment }: Run, paths: readonly string[]): readonly RootOutlook[] {
  const declared = declaredResources(deployment.platform);
  return paths.map((path) => {
    const resources = declared.filter(({ root }) => root === path).length;
    return { root: path, kind: 'expected', resources };
  });
}
