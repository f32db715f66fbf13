import type { Cidr } from '../base/cidr.ts';
import type { Money } from '../base/money.ts';
import type { AwakeHours } from './awake-hours.ts';
import type { Destination } from './destination.ts';
import type { NodeRange } from './node-range.ts';

export const environments = ['demo', 'production'] as const;
export type Environment = (typeof environments)[number];

/** What a user pool pays for: surplus machines that Azure may take back, or machines of one's own. */
export type CapacityType = 'Spot' | 'OnDemand';

export type ClusterRole = 'mgmt' | 'app';

/** What the file says of a pool, before tier, environment and catalogue decide the rest. */
type PoolWish = {
  readonly zones?: readonly number[];
  readonly maxPods?: number;
  readonly osDiskGB?: number;
};
export type UserPoolWish = PoolWish & {
  readonly vmSizes: readonly string[];
  readonly nodes: NodeRange;
  /** Set only when the file overrides what tier and environment decide. */
  readonly capacity?: CapacityType;
};
export type SystemPoolWish = PoolWish & { readonly vmSize?: string; readonly nodes?: number };

export type Cluster = {
  readonly name: string;
  readonly role: ClusterRole;
  /** 1 or 2; 0 only in a fleet that breaks C1. */
  readonly tier: number;
  /** Mesh id and place in the address plan; 1 to 255 in a sound fleet. */
  readonly id: number;
  /** Set when the id that the name gives was taken, so that another cluster's arrival may move this one. */
  readonly idMovedFrom?: number;
  readonly kubernetes: string;
  readonly sku: 'Free' | 'Standard' | 'Premium';
  readonly pods?: Cidr;
  readonly user: UserPoolWish;
  readonly system: SystemPoolWish;
};

export type Workload = {
  readonly name: string;
  readonly clusters: readonly string[];
  readonly image: string;
  readonly replicas: number;
  readonly port: number;
  readonly requests: { readonly cpuMillis: number; readonly memoryMiB: number };
  readonly critical: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Names of Key Vault secrets. */
  readonly secrets: readonly string[];
  /** Names of workloads, and `internet`: who may call it. */
  readonly callers: readonly string[];
  /** What its pods may call. */
  readonly reaches: readonly Destination[];
};

/** People who run workloads and do not administer the clusters. */
export type Team = {
  readonly name: string;
  /** Id of an Entra group. */
  readonly group: string;
  /** Workloads that are its own; each lives in the namespace of its name. */
  readonly workloads: readonly string[];
  /** Further namespaces of its own, on each of its clusters. */
  readonly namespaces: readonly string[];
  /** Clusters that it was given. */
  readonly clusters: readonly string[];
};

/** Letters and digits of a generated value of which nobody says how long it is. */
export const GENERATED_LENGTH = 32;

/** What the file says of one secret of the vault, never its value. */
export type VaultMark = {
  readonly name: string;
  /** Whether its value is made at random; absent where the file leaves it open. */
  readonly isGenerated?: boolean;
  /** Letters and digits of a generated value; absent where the file leaves it open. */
  readonly length?: number;
};

export type Waiver = {
  readonly invariant: string;
  readonly at?: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO date, the last day that counts. */
  readonly expires: string;
};

/** One fleet in one environment, with every default filled in. Lists are sorted, so key order never matters. */
export type Fleet = {
  readonly name: string;
  readonly region: string;
  readonly environment: Environment;
  readonly azure: { readonly subscription?: string; readonly tenant?: string };
  readonly admins: readonly string[];
  readonly operators: { readonly ipRanges: readonly Cidr[] };
  readonly gitops?: { readonly repo: string; readonly revision: string; readonly path: string };
  readonly alerts: { readonly email?: string };
  /** A demo before an audience; always false in production. */
  readonly live: boolean;
  readonly tiers: Readonly<Record<1 | 2, CapacityType>>;
  /** Tiers that the file itself names; 0 among them breaks C1. */
  readonly listedTiers: readonly number[];
  /** USD an hour for each VM; -1 for no limit. As written: the contract judges it. */
  readonly spot: { readonly maxPrice: number };
  readonly network: {
    readonly cni: 'cilium' | 'azure-overlay';
    readonly clusterMesh: boolean;
    /** As written; absent when it is to be derived. */
    readonly vnet?: readonly Cidr[];
    /** As written, by cluster name or `services`. */
    readonly subnets: Readonly<Record<string, Cidr>>;
    readonly serviceCidr?: Cidr;
    /** Pairs as written, or derived: mgmt with every app cluster, and nobody where there is no mesh. */
    readonly peers: readonly (readonly [string, string])[];
    readonly egress: 'nat-gateway' | 'load-balancer';
    readonly apiServer: 'public' | 'private';
  };
  /** mgmt first, then by name. */
  readonly clusters: readonly Cluster[];
  readonly secrets: {
    readonly sync: 'external-secrets' | 'csi';
    /** By name. */
    readonly vault: readonly VaultMark[];
  };
  readonly observability: {
    readonly stack: 'self' | 'azure';
    readonly logs: { readonly dailyCapGB: number; readonly retentionDays: number };
  };
  readonly registry: { readonly sku: 'Basic' | 'Standard' | 'Premium' };
  readonly schedule?: {
    readonly timezone: string;
    readonly awake: AwakeHours;
    /** The hours as the file writes them. */
    readonly awakeText: string;
    readonly asleep: 'stop' | 'destroy';
  };
  readonly keeper: { readonly run: 'container-instance' | 'container-apps-job' | 'none' };
  readonly budget?: { readonly monthlyUsd: Money };
  /** By name. */
  readonly workloads: readonly Workload[];
  /** By name. */
  readonly teams: readonly Team[];
  readonly waivers: readonly Waiver[];
};
