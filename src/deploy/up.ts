import { StepError } from '../base/step-error.ts';
import { argoCdSteps } from './argo-cd/steps.ts';
import { agree, askingApproval, lossesIn, type RootOutlook } from './ask.ts';
import { bootstrapSteps } from './bootstrap/steps.ts';
import { deploy, type DeployOptions, type Outcome } from './deploy.ts';
import { secretSteps } from './generate-secrets.ts';
import { leaseStep, takeLease } from './lease.ts';
import { meshCaStep, vaultStep } from './mesh-ca.ts';
import { expectedOutlook, hasWork, lookAhead, unknownOutlook } from './outlook.ts';
import { preflight, type Refusal } from './preflight/index.ts';
import { clusterStep, foundationStep, keeperStep, rootPaths } from './roots.ts';
import type { Run } from './run.ts';
import { hasStateStore, stateStep } from './state-store.ts';
import type { Step } from './step.ts';

export type UpOptions = DeployOptions & {
  /** Told what stands in the way, and what a person should know, before anything is done. */
  readonly onRefusals: (refusals: readonly Refusal[]) => void;
};

/**
 * Brings a fleet about, or finds that it is there: what stands in the way, what would change, the questions, and then
 * everything in the order in which it finds what it needs. Before the questions are answered nothing is done but looking.
 */
export function up(run: Run, options: UpOptions): Promise<Outcome> {
  return deploy(run, options, (onLost) => upSteps(run, { ...options, onLost }));
}

type StepOptions = Pick<UpOptions, 'onRefusals' | 'parallel'> & { readonly onLost: (error: Error) => void };

/** The steps of `up`. */
export function upSteps(run: Run, options: StepOptions): readonly Step[] {
  const { platform } = run.deployment;
  const agreed = new Set<string>();
  const approve = askingApproval(run.ask, agreed);
  const opening = openingSteps(run, { ...options, agreed });
  const store = stateStep(run, ['agree']);
  const foundation = foundationStep(run, approve);
  const meshCa = meshCaStep(run);
  const prepared = [foundation, vaultStep(run), ...secretSteps(run), ...(meshCa ? [meshCa] : [])];
  const ready = prepared.map(({ id }) => id);
  const roots = platform.clusters.map(({ name }) => clusterStep(run, name, ready, approve));
  const bootstrap = platform.clusters.flatMap((cluster) => bootstrapSteps(run, cluster));
  const argoCd = argoCdSteps(run);
  const before = [...opening, ...(store ? [store] : [])];
  const built = [
    ...before,
    leaseStep(run, [before.at(-1)!.id], options.onLost),
    ...prepared,
    ...roots,
    ...bootstrap,
    ...argoCd,
  ];
  // Last, so that nothing stops a half-built fleet.
  if (!rootPaths(platform).includes('keeper')) return built;
  const all = built.map(({ id }) => id);
  return [...built, keeperStep(run, all, approve)];
}

function openingSteps(
  run: Run,
  options: StepOptions & {
    /** Filled with the losses that were agreed to. */
    readonly agreed: Set<string>;
  },
): readonly Step[] {
  let outlook: readonly RootOutlook[] = [];
  return [
    {
      id: 'preflight',
      phase: 'preflight',
      title: 'Preflight',
      after: [],
      run: async ({ signal }) => {
        const refusals = await preflight(run, signal);
        options.onRefusals(refusals);
        const errors = refusals.filter(({ severity }) => severity === 'error').length;
        if (errors > 0)
          throw new StepError(`${errors === 1 ? 'one thing stands' : `${errors} things stand`} in the way`);
        return { isChanged: false, note: refusals.length === 0 ? 'nothing stands in the way' : 'see above' };
      },
    },
    {
      id: 'look',
      phase: 'preflight',
      title: 'What would change',
      after: ['preflight'],
      run: async (context) => {
        if (!(await hasStateStore(run, context.signal))) outlook = expectedOutlook(run);
        // Somebody new to the fleet, or a run that was killed before it had given itself the role.
        else if (!(await run.world.lease.isReachable(context.signal))) outlook = unknownOutlook(run);
        else {
          // With a state there may be others at work; a plan that is made under the lease stays true.
          await takeLease(run, options.onLost, context);
          outlook = await lookAhead(run, options.parallel, context);
        }
        return { isChanged: false, note: hasWork(outlook) ? 'see below' : 'no change in Azure' };
      },
    },
    {
      id: 'agree',
      phase: 'preflight',
      title: 'Agreement',
      after: ['look'],
      run: async ({ signal }) => {
        const losses = lossesIn(outlook);
        if (hasWork(outlook)) await run.ask.begin(outlook, signal);
        if (losses.length > 0) await run.ask.lose(losses, signal);
        agree(losses, options.agreed);
        return { isChanged: false, ...(hasWork(outlook) ? {} : { note: 'nothing to agree to' }) };
      },
    },
  ];
}
