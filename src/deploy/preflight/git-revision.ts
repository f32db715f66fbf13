import type { FileTree } from '../../base/file-tree.ts';
import { compareText } from '../../base/order.ts';
import { StepError } from '../../base/step-error.ts';
import { pathInCheckout } from '../../gitops/checkout.ts';
import type { Deployment, Run } from '../run.ts';
import type { Check, Refusal } from './refusal.ts';

/** Of the files that differ, how many are named. */
const NAMED_MAX = 5;
/** What `plan --out` writes beside its files: the list of them. */
const MANIFEST = '.bulkhead-manifest.json';

/** Argo CD reads these from Git; Terraform's files are read here. */
const IN_GIT = ['gitops/', 'bootstrap/'] as const;

/**
 * Whether Git has what was planned, since Argo CD takes it from there. Files that people added to the folders are
 * theirs; one that an earlier plan wrote and this one does not is a difference.
 */
export const gitRevision: Check = {
  id: 'git-revision',
  subject: 'whether Git has what was planned',
  look: async ({ run, signal }) => {
    const { platform, checkout } = run.deployment;
    const { gitops } = platform.fleet;
    // Told by the values that are open.
    if (gitops === undefined) return [];
    const { repo, revision } = gitops;
    const commit = await run.world.git.remoteRevision(repo, revision, signal);
    if (commit === undefined) {
      const message = `${repo} has no branch or tag ${revision}, which gitops.revision names`;
      return [refusal(message, `push the plan there first: ${commitAdvice(run.deployment)}`)];
    }
    if (checkout === undefined) {
      const message = `nobody compared the plan with ${repo} at ${revision}: no checkout of it was named`;
      const advice = 'run this in the checkout that the plan was written to and committed in';
      return [{ ...refusal(message, advice), severity: 'warning' }];
    }
    return compared(run, { checkout, commit, at: `${revision} (${commit.slice(0, 7)})` }, signal);
  },
};

async function compared(
  { deployment, world }: Run,
  { checkout, commit, at }: { readonly checkout: string; readonly commit: string; readonly at: string },
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const path = pathInCheckout(deployment.platform.fleet, '').replace(/\/$/, '');
  let inGit: FileTree | undefined;
  try {
    inGit = await world.git.treeAt(`${checkout}/${path}`, commit, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StepError)) throw error;
    return [refusal(error.message, error.advice ?? commitAdvice(deployment))];
  }
  if (inGit === undefined) {
    return [refusal(`${path} is not in Git at ${at}`, commitAdvice(deployment))];
  }
  const differences = differencesOf(deployment.tree, inGit);
  if (differences.length === 0) return [];
  const named = differences.slice(0, NAMED_MAX);
  const rest = differences.length - named.length;
  const list = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const [files, differ] =
    differences.length === 1 ? ['1 file', 'differs'] : [`${differences.length} files`, 'differ'];
  return [refusal(`${files} of ${path} at ${at} ${differ} from the plan: ${list}`, commitAdvice(deployment))];
}

/** `gitops/argocd/root.yaml (missing)`, by path. */
function differencesOf(planned: FileTree, inGit: FileTree): readonly string[] {
  const told: [path: string, how: string][] = [];
  for (const [path, content] of planned) {
    if (!isForGit(path)) continue;
    const found = inGit.get(path);
    if (found === undefined) told.push([path, 'missing']);
    else if (found !== content) told.push([path, 'differs']);
  }
  const generated = generatedPaths(inGit.get(MANIFEST));
  for (const path of inGit.keys()) {
    if (isForGit(path) && !planned.has(path) && generated.has(path)) told.push([path, 'no longer planned']);
  }
  return told.sort(([a], [b]) => compareText(a, b)).map(([path, how]) => `${path} (${how})`);
}

function isForGit(path: string): boolean {
  return IN_GIT.some((folder) => path.startsWith(folder));
}

/** What an earlier plan wrote, by the list that it left. */
function generatedPaths(manifest: string | undefined): ReadonlySet<string> {
  if (manifest === undefined) return new Set();
  try {
    const { files = {} } = JSON.parse(manifest) as { readonly files?: object };
    return new Set(Object.keys(files));
  } catch {
    return new Set();
  }
}

function commitAdvice({ platform, checkout = '.' }: Deployment): string {
  const { path = '', revision } = platform.fleet.gitops ?? { revision: 'main' };
  const out = path === '' ? checkout : `${checkout}/${path}`;
  return `run \`bulkhead plan --out ${out}\`, commit, push to ${revision}; or take over what is there: \`git pull\``;
}

function refusal(message: string, advice: string): Refusal {
  return { id: 'git-revision', severity: 'error', message, advice };
}
