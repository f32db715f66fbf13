import type { StepError } from '../base/step-error.ts';

/** The parts of a deployment, in the order in which a person is told of them. */
export const PHASES = [
  'preflight',
  'state',
  'foundation',
  'secrets',
  'mesh-ca',
  'clusters',
  'bootstrap',
  'argo-cd',
  'keeper',
] as const;
export type Phase = (typeof PHASES)[number];

/**
 * One thing that a deployment brings about. It looks at the world before it acts, so that a second run changes
 * nothing and says so; it keeps no record of its own.
 */
export type Step = {
  /** `foundation`, `clusters/app1`, `bootstrap/app1/cilium`: unique. */
  readonly id: string;
  readonly phase: Phase;
  /** What a person reads: `Cluster app1`. */
  readonly title: string;
  readonly cluster?: string;
  /** Ids of the steps that must have succeeded. */
  readonly after: readonly string[];
  readonly run: (context: StepContext) => Promise<StepResult>;
};

export type StepContext = {
  /** Aborted by Ctrl-C and by a deadline: a step stops cleanly and throws. */
  readonly signal: AbortSignal;
  /** What happens inside, in a few words: `azurerm_kubernetes_cluster.app1: creating, 4m10s`. */
  readonly report: (detail: string) => void;
};

export type StepResult = {
  readonly isChanged: boolean;
  /** What was found or done: `12 resources, unchanged`. */
  readonly note?: string;
};

/** How a step ended. */
export type StepEnd =
  | { readonly kind: 'changed' | 'unchanged'; readonly note?: string }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Something that it needs has failed. */
  | { readonly kind: 'skipped'; readonly because: string }
  /** The run was stopped before or while it ran; `error` is what is worth telling of how it stopped. */
  | { readonly kind: 'stopped'; readonly error?: StepError };

/** What a run says while it runs. Times are milliseconds since the run began. */
export type StepEvent =
  | { readonly kind: 'started'; readonly step: Step; readonly atMs: number }
  | { readonly kind: 'detail'; readonly step: Step; readonly atMs: number; readonly text: string }
  | { readonly kind: 'ended'; readonly step: Step; readonly atMs: number; readonly end: StepEnd };
