import { StepError } from '../base/step-error.ts';
import type { StepContext, StepResult } from './step.ts';
import type { Azure, Change, RootFolder, Terraform } from './world.ts';

/** What a person decides about a root's changes. Rejects when they say no. */
export type Approve = (root: string, changes: readonly Change[], signal: AbortSignal) => Promise<void>;

/** Something that Azure has and the state has not: an apply stops there once, and goes on when it is imported. */
const IMPORTS_MAX = 20;

/**
 * azurerm on what a broken apply left behind (5.2.0): `A resource with the ID "/subscriptions/…" already exists - to
 * be managed via Terraform this resource needs to be imported into the State.`, with the address below it.
 */
const EXISTS = /with the ID "(\/subscriptions\/[^"]+)" already exists/i;
const ADDRESS = /^\s*with ([\w.[\]"-]+),?$/m;

/**
 * Brings a root to what its files say: looks, asks, applies. Resources that a broken apply left tainted are taken back
 * when Azure says that they are sound, and ones that it made and the state never got are imported, so that nothing is
 * made twice or made anew. A second run finds nothing to do.
 */
export async function applyRoot(
  root: RootFolder,
  { terraform, azure }: { readonly terraform: Terraform; readonly azure: Pick<Azure, 'get'> },
  approve: Approve,
  context: StepContext,
): Promise<StepResult> {
  const { signal } = context;
  await terraform.init(root, context);
  await takeBackTainted(root, terraform, azure, context);
  let changed = 0;
  for (let imports = 0; ; imports += 1) {
    const { changes, planFile } = await terraform.plan(root, context);
    if (changes.length === 0) {
      return { isChanged: changed > 0, note: changed > 0 ? countText(changed) : 'no change' };
    }
    if (imports === 0) await approve(root.path, changes, signal);
    changed = Math.max(changed, changes.length);
    try {
      await terraform.apply(root, planFile, context);
      return { isChanged: true, note: countText(changed) };
    } catch (error) {
      const lost = error instanceof StepError ? lostResource(error.message) : undefined;
      if (lost === undefined || imports === IMPORTS_MAX) throw error;
      context.report(`${lost.address}: is in Azure already, importing it`);
      await terraform.import(root, lost.address, lost.id, context);
    }
  }
}

/** Of a create that ended badly, Terraform would make the resource anew, a whole cluster included. */
async function takeBackTainted(
  root: RootFolder,
  terraform: Terraform,
  azure: Pick<Azure, 'get'>,
  context: StepContext,
): Promise<void> {
  for (const { address, id, isTainted } of await terraform.resources(root, context)) {
    if (!isTainted || id === undefined) continue;
    const apiVersion = apiVersionOf(id);
    if (apiVersion === undefined) continue;
    const found = (await azure.get(id, apiVersion, context.signal)) as
      | { readonly properties?: { readonly provisioningState?: unknown } }
      | undefined;
    if (found?.properties?.provisioningState !== 'Succeeded') continue;
    context.report(`${address}: its creation was cut off and has succeeded since; keeping it`);
    await terraform.untaint(root, address, context);
  }
}

/** What takes minutes to make and holds data: the rest is cheaply made anew. As azurerm 5.2.0 asks for them. */
const API_VERSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/managedClusters\/[^/]+$/i, '2025-10-01'],
  [/\/managedClusters\/[^/]+\/agentPools\/[^/]+$/i, '2025-10-01'],
  [/\/Microsoft\.KeyVault\/vaults\/[^/]+$/i, '2026-02-01'],
  [/\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i, '2025-11-01'],
  [/\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i, '2025-07-01'],
];

function apiVersionOf(id: string): string | undefined {
  return API_VERSIONS.find(([pattern]) => pattern.test(id))?.[1];
}

function lostResource(message: string): { readonly address: string; readonly id: string } | undefined {
  const [, id] = EXISTS.exec(message) ?? [];
  const [, address] = ADDRESS.exec(message) ?? [];
  return id === undefined || address === undefined ? undefined : { address, id };
}

function countText(count: number): string {
  return `${count} change${count === 1 ? '' : 's'}`;
}
