import type { ArmBody, ArmId, ArmStore } from './resource.ts';

/** A write that somebody asks of ARM, before anything is stored. */
export type ArmWrite = {
  readonly method: 'PUT' | 'PATCH' | 'DELETE' | 'POST';
  readonly id: ArmId;
  /** The last word of a POST's path: `start`, `purge`, `listClusterUserCredential`. */
  readonly action?: string;
  /** What is asked for: of a PATCH, merged with what is there. Absent of DELETE and most POSTs. */
  readonly body?: ArmBody;
  /** What is stored under the id now. */
  readonly current?: ArmBody;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

/** What a rule sees of the world beside the write. */
export type ArmWorld = {
  readonly store: ArmStore;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What is held by soft delete, by id in lower case: vaults. */
  readonly softDeleted: ReadonlyMap<string, ArmBody>;
  /** Operations that are still running, by the key of the resource they change. */
  readonly running: ReadonlyMap<
    string,
    { readonly id: string; readonly what: string; readonly since: number }
  >;
  readonly limits: ArmLimits;
  /** What was asked in the last half hour, oldest first, refusals included. Absent: nothing is throttled. */
  readonly recentWrites?: readonly ArmRecentWrite[];
  /** What stands inside clusters, by the key of the cluster. */
  readonly kubernetes?: ReadonlyMap<string, ArmKubernetes>;
};

/** A write that was asked for, by its resource's key. */
export type ArmRecentWrite = {
  readonly key: string;
  readonly method: ArmWrite['method'];
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** What only a cluster's own API server knows, as far as ARM's answers depend on it. */
export type ArmKubernetes = {
  /** Admission webhooks that catch what a stop has to delete: nodes, leases, clusterroles. */
  readonly webhooksInTheWay?: readonly string[];
  /** Disruption budgets that allow no eviction, as `namespace/name`. */
  readonly closedBudgets?: readonly string[];
};

/** What the pretended subscription may have. What is absent is not limited. */
export type ArmLimits = {
  readonly regionalVcpus?: number;
  readonly spotVcpus?: number;
  /** By the quota's name of the family: `standardDSv3Family`. */
  readonly familyVcpus?: Readonly<Record<string, number>>;
  readonly publicIps?: number;
  /** VM sizes that this subscription may not use here. */
  readonly restrictedVmSizes?: readonly string[];
  /** Resource provider namespaces that are not registered. */
  readonly unregistered?: readonly string[];
  /** Resource types that a policy denies. */
  readonly deniedTypes?: readonly string[];
  /** Principals that the directory does not know (yet). */
  readonly unknownPrincipals?: readonly string[];
  /** Regions that make no further control plane. */
  readonly fullRegions?: readonly string[];
  /** VM sizes of which there is none left, `Standard_D2s_v3`, or none in one zone, `Standard_D2s_v3/1`. */
  readonly soldOut?: readonly string[];
};

/** Azure's no. */
export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The write is accepted and its operation fails with this code. */
  readonly isAsync?: true;
};

/** One thing that Azure refuses. */
export type ArmRule = {
  /** Kebab-case, unique: `subnets-do-not-overlap`. */
  readonly id: string;
  /** Where the refusal is documented or reported, with date; it says when the code is an assumption. */
  readonly source: string;
  /** The types, in lower case, whose writes it judges; `*` for all. */
  readonly types: readonly string[];
  readonly check: (write: ArmWrite, world: ArmWorld) => Refusal | undefined;
};
