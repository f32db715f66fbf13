import { storedFacts } from './stored-facts.ts';

/** What one pod of AKS, or of a chart by its own defaults, asks the scheduler for. */
export type PlatformPod = {
  readonly name: string;
  readonly namespace: string;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  /** `system`: `replicas` pods in the whole cluster. `each-node`: one on every node of every pool. */
  readonly placement: 'system' | 'each-node';
  /** Set on `system` pods. */
  readonly replicas?: number;
  /** What brings the pod into a cluster. */
  readonly when: 'always' | 'container-insights' | 'cilium' | 'crossplane';
  readonly date: string;
  readonly source: string;
  readonly note?: string;
};

/**
 * What runs before the first workload and asks for something. AKS changes its requests without notice: dated
 * facts, never constants. The other charts (Argo CD, External Secrets, the Prometheus stack, Argo Rollouts)
 * ask for nothing unless their values say so.
 */
export function platformPods(): readonly PlatformPod[] {
  return (storedFacts('platform-requests') as { readonly pods: readonly PlatformPod[] }).pods;
}
