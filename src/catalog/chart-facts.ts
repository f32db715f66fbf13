import type { ChartName } from './charts.ts';
import { storedFacts } from './stored-facts.ts';

/** The charts that the tree installs, whose values are therefore on record. */
export const INSTALLED_CHARTS = [
  'argo-cd',
  'cilium',
  'external-secrets',
  'kube-prometheus-stack',
] as const satisfies readonly ChartName[];

/** A path into a chart's values: keys joined by dots, a dot inside a key written `\.`. */
type ValuePath = string;

/** One container of a pod that a chart, or the operator that it brings, makes. */
export type ChartContainer = {
  readonly name: string;
  readonly init?: true;
  /** Where the values take its `resources`; the charts leave them empty but for one. */
  readonly resources: ValuePath;
  /** Where the values take its security context; absent where the chart has no key for it. */
  readonly securityPath?: ValuePath;
  /** What the chart sets by itself. */
  readonly securityContext: Readonly<Record<string, unknown>>;
  /** Probes that are there without any value of ours. */
  readonly probes: readonly ('startup' | 'liveness' | 'readiness')[];
  /** Switches of probes that the chart has and leaves off. */
  readonly probeSwitches?: readonly ValuePath[];
};

/** The pods of one kind as the chart makes them, and where the values change that. */
export type ChartWorkload = {
  /** What the platform's plan calls them. */
  readonly pod: string;
  readonly kind: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly hostNetwork?: true;
  readonly hostPorts?: readonly number[];
  readonly priorityClassName?: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** The chart's own; only DaemonSets have any that matter. */
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  /** The required part of the chart's own affinity: the rest keeps no pod from a node. */
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The first path that is set counts: a component's list takes the place of the global one. */
  readonly paths: {
    readonly tolerations?: readonly ValuePath[];
    readonly nodeSelector?: readonly ValuePath[];
    readonly affinity?: readonly ValuePath[];
    readonly replicas?: readonly ValuePath[];
    readonly topologySpreadConstraints?: readonly ValuePath[];
    /** The switch of its PodDisruptionBudget. */
    readonly budget?: readonly ValuePath[];
  };
  readonly securityPath?: ValuePath;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly ChartContainer[];
};

/**
 * What one version of a chart takes and makes. No chart here closes its values, so Helm itself takes every misspelt
 * key in silence: these lists are what notices.
 */
export type ChartFacts = {
  readonly chart: ChartName;
  /** Equal to the pinned version: new facts come with a new pin. */
  readonly version: string;
  readonly date: string;
  readonly source: string;
  /** Types by key, several joined by `|`, of every key that our values set: not of all that the chart has. */
  readonly keys: Readonly<Record<ValuePath, string>>;
  readonly enums?: Readonly<Record<ValuePath, readonly unknown[]>>;
  /** Keys below which anything may stand: it lands in the objects as it is. */
  readonly openMaps: readonly ValuePath[];
  /** Fields that the templates read in the members of a list or map of ours. */
  readonly members?: Readonly<Record<ValuePath, readonly string[]>>;
  /** The render fails when one of these is set. */
  readonly rejectedKeys: readonly ValuePath[];
  /** In the chart's values, but no template reads them. */
  readonly deadKeys: readonly ValuePath[];
  readonly serviceAccounts: readonly {
    readonly name: string;
    readonly namePath: ValuePath;
    readonly annotationsPath?: ValuePath;
  }[];
  readonly workloads: readonly ChartWorkload[];
};

/** The facts of a chart at its pinned version. */
export function chartFacts(name: (typeof INSTALLED_CHARTS)[number]): ChartFacts {
  return storedFacts(`chart-facts/${name}`) as ChartFacts;
}

/** The keys of a path, outermost first. */
export function keysOf(path: ValuePath): readonly string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}
