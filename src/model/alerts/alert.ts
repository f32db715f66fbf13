/** A rule that tells somebody. What it looks at decides its kind, and with it what Azure asks for it. */
export type Alert = LogAlert | MetricAlert | HealthAlert;

type Rule = {
  /** Unique among the rules of its place; the last part of its Azure name. */
  readonly id: string;
  /** What the message says: what is wrong, and what it means. */
  readonly description: string;
  /** Azure's scale: 0 critical to 4 verbose. */
  readonly severity: 1 | 2 | 3;
  /** What is watched: a rule over clusters tells nobody while the fleet sleeps. */
  readonly watches: 'clusters' | 'fleet';
  /** Why it is asked in this way. */
  readonly why: string;
  /** Where the facts come from that it rests on. */
  readonly source: string;
};

/**
 * A query over the log workspace. One rule serves all clusters, as they share the workspace: one each would cost more.
 * Azure runs the query over the records of its window, and the rule fires for each `splitBy` value that has more rows
 * than `rowsAbove`. It is one period of evaluation: with several of them, Azure cuts the records into periods by
 * itself, which a query that counts over its whole window does not survive.
 */
export type LogAlert = Rule & {
  readonly kind: 'log';
  readonly query: string;
  /** The tables that the query reads. */
  readonly tables: readonly LogTable[];
  readonly splitBy?: 'ClusterName';
  readonly rowsAbove: number;
  readonly frequencyMinutes: 5 | 15 | 60;
  /** At least the frequency: Azure refuses less. */
  readonly windowMinutes: 15 | 30 | 60 | 1440;
  /** How far back the records go where that is further than the window: the query then cuts by itself. */
  readonly rangeMinutes?: 1440;
};

/** Tables of Log Analytics, by what fills them. */
export type LogTable =
  | (typeof WORKSPACE_TABLES)[number]
  | (typeof CLUSTER_TABLES)[number]
  | (typeof KEEPER_TABLES)[keyof typeof KEEPER_TABLES];

/** Every workspace has these; they are free, and written even when the cap is reached. */
export const WORKSPACE_TABLES = ['Usage', '_LogOperation'] as const;
/** What Container Insights collects, each by a stream of its name. */
export const CLUSTER_TABLES = ['KubeEvents', 'KubeNodeInventory', 'KubePodInventory'] as const;
/** Where the keeper's lines go, by what runs it; each is also the category of its diagnostic setting. */
export const KEEPER_TABLES = {
  'container-instance': 'ContainerInstanceLog',
  'container-apps-job': 'ContainerAppConsoleLogs',
} as const;

/** A number that Azure itself measures, and where it is too low. */
export type MetricAlert = Rule & {
  readonly kind: 'metric';
  readonly target: 'vault';
  readonly namespace: string;
  readonly metric: string;
  readonly aggregation: 'Average';
  readonly operator: 'LessThan';
  readonly threshold: number;
  readonly frequencyMinutes: 5;
  readonly windowMinutes: 15;
};

/** What Azure says of the health of one cluster, as an entry of its activity log. */
export type HealthAlert = Rule & {
  readonly kind: 'health';
  readonly cluster: string;
  readonly current: readonly 'Unavailable'[];
  /** Who brought it about; a person who stops a cluster knows. */
  readonly reasons: readonly ('PlatformInitiated' | 'Unknown')[];
};
