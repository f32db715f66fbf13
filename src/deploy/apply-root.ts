import { StepError } from '../base/step-error.ts';
import { countText } from '../contract/wording.ts';
import type { Approve } from './ask.ts';
import { settledState } from './settled-resource.ts';
import type { StepContext, StepResult } from './step.ts';
import type { Azure, Clock, PlannedRoot, RootFolder, Terraform } from './world.ts';

type Tools = {
  readonly terraform: Terraform;
  readonly azure: Pick<Azure, 'get'>;
  readonly clock: Clock;
};

/** Of applies that stopped at what Azure has and the state has not: each goes on when that is imported. */
const IMPORTS_MAX = 20;

/**
 * azurerm on what a broken apply left behind (5.2.0): `A resource with the ID "/subscriptions/…" already exists - to
 * be managed via Terraform this resource needs to be imported into the State.`, with the address below it. The id is the
 * one to import, that of an association included: `<NAT gateway>|<public IP>`, or the subnet. Only the association of a
 * subnet with its security group is told of in another way, `an association between "<subnet>" and "<group>" already
 * exists`, and is imported by its subnet.
 */
const EXISTS: readonly RegExp[] = [
  /with the ID "(\/subscriptions\/[^"]+)" already exists/i,
  /an association between "(\/subscriptions\/[^"]+)" and "[^"]+" already exists/i,
];
/** A diagnostic begins at the margin; what belongs to it is indented. */
const BETWEEN_DIAGNOSTICS = /\n\n(?=\S)/;
const ADDRESS = /^\s*with ([\w.[\]"-]+),?$/m;

/**
 * What an apply would change. Resources that a broken apply left tainted are taken back before, when Azure says that
 * they are sound: else they would be made anew. Those that Azure is still at work on are waited for.
 */
export async function planRoot(root: RootFolder, tools: Tools, context: StepContext): Promise<PlannedRoot> {
  await tools.terraform.init(root, context);
  await takeBackTainted(root, tools, context);
  return tools.terraform.plan(root, context);
}

/**
 * Brings a root to what its files say: looks, unless it is given a plan that was just made, asks, applies. Resources
 * that a broken apply made and the state never got are imported, so that nothing is made twice. A second run finds
 * nothing to do.
 */
export async function applyRoot(
  root: RootFolder,
  tools: Tools,
  approve: Approve,
  context: StepContext,
  earlier?: PlannedRoot,
): Promise<StepResult> {
  const { terraform } = tools;
  const { signal } = context;
  let planned = earlier ?? (await planRoot(root, tools, context));
  let changed = 0;
  for (let imports = 0; ; imports += 1) {
    const { changes, planFile } = planned;
    if (changes.length === 0) {
      return { isChanged: changed > 0, note: changed > 0 ? countText(changed, 'change') : 'no change' };
    }
    // Again after an import: what was imported may differ from what its file says.
    await approve(root.path, changes, signal);
    changed = Math.max(changed, changes.length);
    try {
      await terraform.apply(root, planFile, context);
      return { isChanged: true, note: countText(changed, 'change') };
    } catch (error) {
      const lost = error instanceof StepError ? lostResources(error.message) : [];
      if (lost.length === 0 || imports === IMPORTS_MAX) throw error;
      for (const { address, id } of lost) {
        // Whoever would change it in the middle of its creation is refused.
        await settledState({ address, id }, tools, context);
        context.report(`${address}: is in Azure already, importing it`);
        await terraform.import(root, address, id, context);
      }
      planned = await terraform.plan(root, context);
    }
  }
}

/** Takes away all that a root made. A root that was never applied has nothing. */
export async function destroyRoot(
  root: RootFolder,
  { terraform }: Pick<Tools, 'terraform'>,
  context: StepContext,
): Promise<StepResult> {
  await terraform.init(root, context);
  const { changes, planFile } = await terraform.plan(root, { ...context, isDestroy: true });
  if (changes.length === 0) return { isChanged: false, note: 'nothing left' };
  await terraform.apply(root, planFile, context);
  return { isChanged: true, note: `${changes.length} destroyed` };
}

/** Of a create that ended badly, Terraform would make the resource anew, a whole cluster included. */
async function takeBackTainted(root: RootFolder, tools: Tools, context: StepContext): Promise<void> {
  const { terraform } = tools;
  for (const { address, id, isTainted } of await terraform.resources(root, context)) {
    if (!isTainted || id === undefined) continue;
    if ((await settledState({ address, id }, tools, context)) !== 'Succeeded') continue;
    context.report(`${address}: its creation was cut off and has succeeded since; keeping it`);
    await terraform.untaint(root, address, context);
  }
}

/** Id and address must be of one diagnostic: several are told at once, and an id imported elsewhere would be adopted. */
function lostResources(message: string): readonly { readonly address: string; readonly id: string }[] {
  return message.split(BETWEEN_DIAGNOSTICS).flatMap((diagnostic) => {
    const id = EXISTS.map((refusal) => refusal.exec(diagnostic)?.[1]).find((found) => found !== undefined);
    const [, address] = ADDRESS.exec(diagnostic) ?? [];
    return id === undefined || address === undefined ? [] : [{ address, id }];
  });
}
