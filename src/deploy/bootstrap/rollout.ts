import type { Kube, KubeObject } from '../world.ts';
import { conditionsOf } from './conditions.ts';

type Counts = {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
};

/** Pods that a lack names before it counts the rest. */
const PODS_MAX = 3;

/**
 * What a Deployment or StatefulSet lacks until all its pods are new and available, as `kubectl rollout status` sees it;
 * undefined when that is nothing.
 */
export function rolloutLack({ kind, metadata, spec, status }: KubeObject): string | undefined {
  const { replicas: wanted = 1 } = (spec ?? {}) as { readonly replicas?: number };
  const counts = (status ?? {}) as Counts;
  const isSeen = (counts.observedGeneration ?? 0) >= Number(metadata['generation'] ?? 0);
  const updated = counts.updatedReplicas ?? 0;
  const available = (kind === 'StatefulSet' ? counts.readyReplicas : counts.availableReplicas) ?? 0;
  if (isSeen && updated >= wanted && available >= wanted && (counts.replicas ?? 0) <= updated) {
    return undefined;
  }
  return `${metadata.name} has ${Math.min(updated, available)} of ${wanted} pods`;
}

/** What a Deployment of the namespace lacks, one that is not there included, and why as its pods say it. */
export async function deploymentLack(
  kube: Kube,
  place: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...place }, signal);
  const lack = found ? rolloutLack(found) : `${place.name} is not there`;
  return lack === undefined ? undefined : withPods(kube, [lack], place, signal);
}

/** Lacks of workloads with what their pods say. */
export async function withPods(
  kube: Kube,
  lacks: readonly string[],
  { name, namespace }: { readonly name?: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<string> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal);
  const troubles = pods.flatMap((pod) => {
    if (name !== undefined && !pod.metadata.name.startsWith(`${name}-`)) return [];
    const trouble = podTrouble(pod);
    return trouble === undefined ? [] : [`${pod.metadata.name}: ${trouble}`];
  });
  return [...lacks, ...shortened(troubles)].join('; ');
}

export function shortened(texts: readonly string[]): readonly string[] {
  const rest = texts.length - PODS_MAX;
  return rest > 0 ? [...texts.slice(0, PODS_MAX), `${rest} more`] : texts;
}

/** Why a pod does not run, where its status tells: no node takes it, no image comes, it ends again and again. */
function podTrouble(pod: KubeObject): string | undefined {
  const unscheduled = conditionsOf(pod).find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  if (unscheduled) return unscheduled.message ?? 'no node takes it';
  const { containerStatuses } = (pod['status'] ?? {}) as {
    readonly containerStatuses?:
      | readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[]
      | null;
  };
  const reason = (containerStatuses ?? []).flatMap(({ state }) => state?.waiting?.reason ?? [])[0];
  return reason === 'ContainerCreating' || reason === 'PodInitializing' ? undefined : reason;
}
