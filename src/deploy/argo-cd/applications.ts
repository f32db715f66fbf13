import { waitFor } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import { ARGO_CD_NAMESPACE } from '../../gitops/application-set.ts';
import { type Checkout, checkoutOf } from '../../gitops/checkout.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { conditionsOf } from '../bootstrap/conditions.ts';
import { refusalOf } from '../bootstrap/wait.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject } from '../world.ts';

const APPLICATIONS = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  namespace: ARGO_CD_NAMESPACE,
} as const;

const LOOK_EVERY_MS = 10_000;
/**
 * Argo CD asks Git every three minutes (Argo CD 3.4 documentation, timeout.reconciliation and its jitter). In a
 * repository where others commit all the time it may never be seen at the very newest commit.
 */
const CATCH_UP_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
/** A message may quote a whole manifest. */
const MESSAGE_MAX = 300;

type Source = { readonly repoURL?: string };

type Application = KubeObject & {
  readonly spec?: { readonly source?: Source; readonly sources?: readonly Source[] };
  readonly status?: {
    readonly sync?: {
      readonly status?: string;
      readonly revision?: string;
      readonly revisions?: readonly string[];
    };
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly operationState?: { readonly phase?: string; readonly message?: string };
  };
};

/** An Application that is not as it should be, and why. */
type Lack = { readonly name: string; readonly why: string };

/**
 * Waits until every Application of a cluster is Synced and Healthy, and some minutes more for those that have not seen
 * the commit that their branch is at. Throws a StepError with those that are not in order, and what Argo CD says of
 * them, when the time is over.
 */
export async function awaitApplications(
  run: Run,
  mgmt: Kube,
  {
    cluster,
    expected,
    minutes,
  }: { readonly cluster: ClusterPlan; readonly expected: readonly string[]; readonly minutes: number },
  context: StepContext,
): Promise<StepResult> {
  const { deployment, world } = run;
  const checkout = checkoutOf(deployment.platform.fleet);
  let lacks: readonly Lack[] = [];
  let late: readonly Lack[] = [];
  let settledAt: number | undefined;
  const look = async (): Promise<true | undefined> => {
    const found = await mgmt.list(APPLICATIONS, context.signal);
    const applications = new Map(found.map((each) => [each.metadata.name, each as Application]));
    const lacksOf = (lackOf: (application: Application) => string | undefined): readonly Lack[] =>
      expected.flatMap((name) => {
        const application = applications.get(name);
        const why = application ? lackOf(application) : 'Argo CD has not made it yet';
        return why === undefined ? [] : [{ name, why }];
      });
    lacks = lacksOf(disorder);
    late = [];
    if (lacks.length === 0) {
      settledAt ??= world.clock.now();
      const commit = await commitOf(run, context.signal);
      if (commit !== undefined) late = lacksOf((application) => behind(application, checkout, commit));
      if (world.clock.now() - settledAt >= CATCH_UP_MS) return true;
    }
    const [first] = [...lacks, ...late];
    if (!first) return true;
    const done = expected.length - lacks.length - late.length;
    context.report(clean(`${done} of ${expected.length} in order; ${first.name}: ${first.why}`, run));
    return undefined;
  };
  const deadline = { deadlineMs: minutes * MINUTE_MS, everyMs: LOOK_EVERY_MS, now: world.clock.now };
  const { signal } = context;
  await waitFor(look, deadline, { signal, sleep: world.clock.sleep });
  // Those that are late alone are in order, whether or not their few minutes were over by then.
  if (lacks.length > 0) {
    const lines = lacks.map(({ name, why }) => `\n  ${name}: ${why}`).join('');
    throw new StepError(
      clean(
        `${lacks.length} of ${expected.length} Applications of ${cluster.name} are not in order after ${minutes} ` +
          `minutes:${lines}`,
        run,
      ),
      {
        advice:
          'Argo CD goes on trying: `bulkhead open argocd` shows what it does; once it is mended, the same command only ' +
          'waits for the rest',
      },
    );
  }
  const note = `${expected.length} Applications Synced and Healthy`;
  return { isChanged: false, note: late.length === 0 ? note : `${note}; ${late.length} at an older commit` };
}

/** The commit that Argo CD should be at; undefined where this machine may not read the repository. */
async function commitOf({ deployment, world }: Run, signal: AbortSignal): Promise<string | undefined> {
  const { repo, revision } = checkoutOf(deployment.platform.fleet);
  let commit: string | undefined;
  await refusalOf(async () => {
    commit = await world.git.remoteRevision(repo, revision, signal);
  }, signal);
  return commit;
}

function disorder(application: Application): string | undefined {
  const { sync, health, operationState } = application.status ?? {};
  const states = [sync?.status ?? 'not compared yet', health?.status ?? 'health unknown'];
  if (states.join() === 'Synced,Healthy') return undefined;
  const isBroken = ['Failed', 'Error'].includes(operationState?.phase ?? '');
  const said = [
    health?.message ?? '',
    ...conditionsOf(application).map(({ type, message }) => `${type}: ${message}`),
    isBroken ? (operationState?.message ?? '') : '',
  ];
  return [states.join(', '), ...said.filter((text) => text !== '').map(shortened)].join('; ');
}

/** Argo CD asks Git every few minutes: until then it is in order with what was. */
function behind(
  { spec, status }: Application,
  { repo, revision }: Checkout,
  commit: string,
): string | undefined {
  const sources = spec?.sources ?? [spec?.source ?? {}];
  const revisions = status?.sync?.revisions ?? [status?.sync?.revision];
  const isBehind = sources.some(({ repoURL }, index) => {
    const at = revisions[index];
    return repoURL === repo && at !== undefined && at !== '' && at !== commit;
  });
  return isBehind ? `has not seen ${commit.slice(0, 12)} of ${revision} yet` : undefined;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MESSAGE_MAX ? `${line.slice(0, MESSAGE_MAX)}…` : line;
}

/** Git's own words may repeat what it signs in with. */
function clean(text: string, { deployment: { gitToken } }: Run): string {
  return gitToken ? text.replaceAll(gitToken, '***') : text;
}
