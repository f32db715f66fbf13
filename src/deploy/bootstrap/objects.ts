import { parseAllDocuments } from 'yaml';
import type { FileTree } from '../../base/file-tree.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Clock, Kube, KubeObject, KubeRef } from '../world.ts';
import { isSo } from './conditions.ts';
import { eachOf } from './parallel.ts';
import { awaitNothing } from './wait.ts';

/** As whom Argo CD writes, and so do we: no field ever gets a second owner. */
const OWNER = 'argocd-controller';
/** Argo CD writes it on what it keeps (Argo CD 3 documentation, resource tracking: by annotation). */
const TRACKING = 'argocd.argoproj.io/tracking-id';
/** What the connections to one API server carry at once. */
const AT_ONCE = 8;

/** What Argo CD keeps is left to it, but where the person has moved what it reads. */
export type ApplyOptions = { readonly isTakenBack?: boolean };

type Applied = 'changed' | 'unchanged' | 'kept';

/** The objects of a file of the tree that Bulkhead has written. */
export function objectsIn(tree: FileTree, path: string): readonly KubeObject[] {
  const text = tree.get(path);
  if (text === undefined) throw new Error(`the tree has no file ${path}`);
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
}

/**
 * Applies objects in their order, those of one kind side by side, and waits for what defines kinds before the next. An
 * object that Argo CD keeps is left alone: Git may be ahead of us. Somebody else's field is never taken: that is a
 * StepError naming the owner.
 */
export async function applyObjects(
  { kube, clock }: { readonly kube: Kube; readonly clock: Clock },
  objects: readonly KubeObject[],
  options: ApplyOptions,
  context: StepContext,
): Promise<StepResult> {
  const ends: Applied[] = [];
  for (const group of groupsByKind(objects)) {
    context.report(`${group[0]!.kind}: ${group.length}`);
    ends.push(...(await eachOf(group, AT_ONCE, (object) => applyOne(kube, object, options, context.signal))));
    if (group[0]!.kind === 'CustomResourceDefinition') await awaitEstablished(kube, group, clock, context);
  }
  const [changed, kept] = [countOf(ends, 'changed'), countOf(ends, 'kept')];
  const all = `${ends.length} object${ends.length === 1 ? '' : 's'}`;
  return {
    isChanged: changed > 0,
    note: [
      changed === 0 ? `${all}, unchanged` : `${changed} of ${all} changed`,
      ...(kept > 0 ? [`${kept} kept by Argo CD`] : []),
    ].join(', '),
  };
}

/** Whether Argo CD keeps the object. */
export function isTracked({ metadata }: KubeObject): boolean {
  return TRACKING in ((metadata['annotations'] ?? {}) as Readonly<Record<string, unknown>>);
}

/** Whether it was applied by us, or by Argo CD, which is the same. */
export function isOwned({ metadata }: KubeObject): boolean {
  const fields = (metadata['managedFields'] ?? []) as readonly { readonly manager?: unknown }[];
  return fields.some(({ manager }) => manager === OWNER);
}

export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

async function applyOne(
  kube: Kube,
  object: KubeObject,
  { isTakenBack = false }: ApplyOptions,
  signal: AbortSignal,
): Promise<Applied> {
  const there = await kube.get(refOf(object), signal);
  if (there && isTracked(there) && !isTakenBack) return 'kept';
  const isForced = there !== undefined && isOwned(there);
  return (await kube.apply(object, { isForced }, signal)).isChanged ? 'changed' : 'unchanged';
}

/** Neighbours of one kind, in the order of the list. */
function groupsByKind(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const groups: KubeObject[][] = [];
  for (const object of objects) {
    const last = groups.at(-1);
    if (last?.[0]?.kind === object.kind) last.push(object);
    else groups.push([object]);
  }
  return groups;
}

function awaitEstablished(
  kube: Kube,
  definitions: readonly KubeObject[],
  clock: Clock,
  context: StepContext,
): Promise<void> {
  const waiting = new Map(definitions.map((definition) => [definition.metadata.name, refOf(definition)]));
  const lack = async (): Promise<string | undefined> => {
    const asked = await eachOf([...waiting.values()], AT_ONCE, (ref) => kube.get(ref, context.signal));
    for (const found of asked) if (found && isSo(found, 'Established')) waiting.delete(found.metadata.name);
    return waiting.size === 0 ? undefined : [...waiting.keys()].join(', ');
  };
  const wait = {
    unmet: 'kinds are not served yet',
    minutes: 2,
    everySeconds: 1,
    advice: 'look at the conditions of these CustomResourceDefinitions, then run the same command again',
  };
  return awaitNothing(lack, wait, clock, context);
}

function countOf(ends: readonly Applied[], wanted: Applied): number {
  return ends.filter((end) => end === wanted).length;
}
