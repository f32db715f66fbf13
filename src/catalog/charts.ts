import { storedFacts } from './stored-facts.ts';

/** The Helm charts that the GitOps tree pins. */
export const CHART_NAMES = [
  'argo-cd',
  'argo-rollouts',
  'cilium',
  'crossplane',
  'external-secrets',
  'kube-prometheus-stack',
] as const;

export type ChartName = (typeof CHART_NAMES)[number];

export type Chart = {
  readonly name: ChartName;
  /** The Helm repository that serves it. */
  readonly repo: string;
  readonly version: string;
  /** What the chart installs; its own version where it ships one product. */
  readonly appVersion: string;
  /**
   * Names of ServiceAccounts and Services follow the release name, and federated credentials follow those.
   */
  readonly release: string;
  readonly namespace: string;
  /**
   * `sha256:…` of the archive, as the repository's own index of that date lists it. Absent where no index was at hand
   * (its repository is not kept in Git): such a chart is fetched by its version alone.
   */
  readonly digest?: string;
  readonly date: string;
  readonly source: string;
};

/** The pinned version of a chart and how it is installed. */
export function chart(name: ChartName): Chart {
  const { charts } = storedFacts('charts') as { readonly charts: readonly Chart[] };
  return charts.find((candidate) => candidate.name === name)!;
}
