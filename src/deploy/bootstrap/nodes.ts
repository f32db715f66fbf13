import type { ClusterPlan } from '../../model/platform.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject } from '../world.ts';
import { isSo } from './conditions.ts';
import { deploymentLack, shortened } from './rollout.ts';
import { awaitNothing } from './wait.ts';

/** Labels that AKS puts on nodes (learn.microsoft.com, aks/use-labels). */
const POOL_MODE = 'kubernetes.azure.com/mode';
const CAPACITY = 'kubernetes.azure.com/scalesetpriority';

/** What webhooks, exec and logs pass through, and names: nothing that comes later works without. */
const FOUNDATIONS = ['coredns', 'konnectivity-agent'] as const;

/**
 * Waits until the network carries the cluster: nodes Ready, names resolved, webhooks reached. A Spot node is not waited
 * for: it may be taken away at any moment.
 */
export async function awaitNodes(run: Run, cluster: ClusterPlan, context: StepContext): Promise<StepResult> {
  const kube = await run.world.kube(cluster.name, context.signal);
  const wait = {
    unmet: `${cluster.name} is not ready`,
    minutes: 10,
    everySeconds: 5,
    advice:
      `look at the nodes and at the pods of kube-system on ${cluster.name}; without a network plugin that runs, no ` +
      'node is ever Ready',
  };
  let nodes: readonly KubeObject[] = [];
  const lack = async (): Promise<string | undefined> => {
    nodes = await kube.list({ apiVersion: 'v1', kind: 'Node' }, context.signal);
    return nodesLack(nodes) ?? foundationLack(kube, context.signal);
  };
  await awaitNothing(lack, wait, run.world.clock, context);
  return { isChanged: false, note: `${nodes.filter(isReady).length} of ${nodes.length} nodes ready` };
}

function nodesLack(nodes: readonly KubeObject[]): string | undefined {
  const awaited = nodes.filter((node) => labelOf(node, CAPACITY) !== 'spot');
  if (!awaited.some((node) => labelOf(node, POOL_MODE) === 'system')) return 'no system node has joined';
  const waiting = awaited.filter((node) => !isReady(node)).map(({ metadata }) => metadata.name);
  return waiting.length === 0 ? undefined : `not Ready: ${shortened(waiting).join(', ')}`;
}

async function foundationLack(kube: Kube, signal: AbortSignal): Promise<string | undefined> {
  for (const name of FOUNDATIONS) {
    const lack = await deploymentLack(kube, { name, namespace: 'kube-system' }, signal);
    if (lack !== undefined) return lack;
  }
  return undefined;
}

function isReady(node: KubeObject): boolean {
  return isSo(node, 'Ready');
}

function labelOf({ metadata }: KubeObject, key: string): unknown {
  return ((metadata['labels'] ?? {}) as Readonly<Record<string, unknown>>)[key];
}
