import type { Cidr } from '../base/cidr.ts';
import type { Money } from '../base/money.ts';
import { type Path, pathText } from '../base/finding.ts';
import type { CapacityType, ClusterRole, Environment } from '../fleet/fleet.ts';
import type { SecretMaker } from '../model/vault-secrets.ts';
import type { AccessEvidence } from './access-evidence.ts';
import type { AzureEvidence, ClusterSettings, PoolSettings } from './azure-evidence.ts';
import type { Item } from './item.ts';
import type { KubernetesEvidence } from './kubernetes-evidence.ts';

/**
 * What invariants read: one shape, whatever filled it. A list that is absent, like a property that is absent,
 * means that this evidence does not say: an invariant answers `undetermined` then, never `held`. An empty
 * list says "none".
 */
export type Evidence = AccessEvidence &
  AzureEvidence &
  KubernetesEvidence & {
    /** Who speaks: the fleet file, Terraform's plans and states, the GitOps tree, or the running fleet. */
    readonly kind: EvidenceKind;
    /** Set when the first step of every path is the name of the file that the rest leads into. */
    readonly isOfFiles?: true;
    readonly environment?: Environment;
    /** A demo before an audience: C2 leaves mgmt alone. */
    readonly live?: Item<{ readonly value: boolean }>;
    readonly region?: Item<{ readonly name: string }>;
    readonly clusters?: readonly ClusterEvidence[];
    readonly nodePools?: readonly NodePoolEvidence[];
    /** The name that each user pool asks for, even where one name is asked for twice. */
    readonly poolNames?: readonly PoolNameEvidence[];
    readonly capacities?: readonly CapacityEvidence[];
    /** Tiers that something declares, by number: tier 0 must not be among them (C1). */
    readonly tiers?: readonly Item<{ readonly number: number }>[];
    readonly ranges?: readonly RangeEvidence[];
    /** Names of Azure resources that must differ from each other. */
    readonly azureNames?: readonly AzureNameEvidence[];
    readonly peers?: readonly Item<{ readonly pair: readonly [string, string] }>[];
    readonly dependencies?: readonly DependencyEvidence[];
    readonly securityRules?: readonly SecurityRuleEvidence[];
    readonly secretSyncs?: readonly SecretSyncEvidence[];
    /** Secrets of the vault of which somebody says who makes them. */
    readonly vaultMarks?: readonly VaultMarkEvidence[];
    /** Secrets of the vault that something reads. */
    readonly vaultReads?: readonly VaultReadEvidence[];
    /** Secrets of the vault that workloads are given. */
    readonly workloadSecrets?: readonly WorkloadSecretEvidence[];
    /** Texts that people write by hand, each of which could hide a secret. */
    readonly texts?: readonly TextEvidence[];
    readonly federations?: readonly FederationEvidence[];
    /** ServiceAccounts whose pods ask Entra for tokens. */
    readonly tokenUsers?: readonly TokenUserEvidence[];
    readonly workloads?: readonly WorkloadEvidence[];
    /** Names of workloads that others give as callers, or call. */
    readonly calls?: readonly CallEvidence[];
    /** Environment variables that pods of workloads get. */
    readonly variables?: readonly VariableEvidence[];
    readonly operatorRanges?: readonly OperatorEvidence[];
    /** Of clusters without an account of their own: there Entra alone lets people in. */
    readonly administration?: readonly AdministrationEvidence[];
    readonly logs?: readonly Item<{ readonly dailyCapGB: number; readonly retentionDays: number }>[];
    readonly alerting?: Item<{ readonly alerts: number; readonly receivers: number }>;
    readonly budgets?: readonly BudgetEvidence[];
    readonly schedules?: readonly ScheduleEvidence[];
  };

export type EvidenceKind = 'fleet' | 'terraform' | 'gitops' | 'live';

export type ClusterEvidence = Item<
  ClusterSettings & {
    readonly name: string;
    readonly role: ClusterRole;
    readonly tier: number;
    readonly id: number;
    /** The highest id of its mesh, where that is made for more clusters than most. */
    readonly idMax: number;
    /** The id that the name gives was taken by another cluster. */
    readonly idMoved: boolean;
    readonly kubernetesVersion: string;
    readonly skuTier: 'Free' | 'Standard' | 'Premium';
    readonly cni: 'cilium' | 'azure-overlay';
    readonly isMeshed: boolean;
    readonly podRange: Cidr;
    readonly podMaskPerNode: number;
    readonly serviceRange: Cidr;
    readonly dnsServiceIp: string;
  }
>;

export type NodePoolEvidence = Item<
  PoolSettings & {
    readonly cluster: string;
    readonly role: ClusterRole;
    readonly tier: number;
    readonly name: string;
    readonly mode: 'System' | 'User';
    readonly capacityType: CapacityType;
    /** USD an hour for each VM; -1 for no limit, which is all that On-Demand pools may say. */
    readonly spotMaxPrice: number;
    readonly vmSize: string;
    readonly nodesMin: number;
    readonly nodesMax: number;
    readonly zones: readonly number[];
    readonly maxPods: number;
    readonly osDiskType: 'Ephemeral' | 'Managed';
    readonly osDiskSizeGB: number;
  }
>;

export type PoolNameEvidence = Item<{
  readonly cluster: string;
  readonly name: string;
  readonly vmSize: string;
}>;

/** CPU and memory, asked for or there. */
export type Resources = { readonly cpuMillis: number; readonly memoryMiB: number };

/** What the pools of one mode in one cluster hold at most, and what is asked of them. */
export type CapacityEvidence = Item<{
  readonly cluster: string;
  readonly mode: 'System' | 'User';
  /** The machines that `room` counts: `3 Standard_D2s_v3`. */
  readonly machines: string;
  /** What pods may use on all of them. */
  readonly room: Resources;
  /** What AKS and the platform ask for, DaemonSets on every node among it. */
  readonly platform: Resources;
  readonly workloads: Resources;
  /** What one node leaves to pods that are not DaemonSets. */
  readonly roomOnOneNode: Resources;
  /** The largest single pods of the workloads. */
  readonly pods: readonly ({ readonly workload: string } & Resources)[];
}>;

export type RangeUse =
  | 'vnet'
  | 'nodes'
  | 'services-subnet'
  | 'endpoints'
  | 'container-instances'
  | 'container-apps'
  | 'pods'
  | 'cluster-ips'
  /** Something in the VNet that is none of the fleet's. */
  | 'other';

export type RangeEvidence = Item<{
  readonly name: string;
  readonly range: Cidr;
  /** The text of it, where a text is what stands there. */
  readonly written: string;
  readonly use: RangeUse;
  /** The cluster whose nodes or pods live there, or are said to. */
  readonly cluster: string;
  /** Whether pods of other clusters are reached from there: meshed pods, and everything in the VNet. */
  readonly isRouted: boolean;
  /**
   * False for a subnet that belongs to nothing in the fleet; a range that does not say is one that is used.
   */
  readonly isUsed: boolean;
}>;

export type AzureNameEvidence = Item<{
  /** `resource group`, `subnet`: what must not share a name with another of its kind. */
  readonly type: string;
  readonly name: string;
  /** The name alone, as it is written: `name` may tell in which group, too. */
  readonly label: string;
  /** Whose it is, in words. */
  readonly use: string;
}>;

/**
 * Something in one cluster that cannot do without something in another, over the network between the nodes.
 */
export type DependencyEvidence = Item<{
  readonly from: string;
  readonly to: string;
  /** What crosses, in words: `metrics`. */
  readonly what: string;
}>;

export type SecurityRuleEvidence = Item<{
  readonly subnet: string;
  /** Set when the subnet holds that cluster's nodes. */
  readonly cluster: string;
  readonly name: string;
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  /** It lets in to a part of the subnet, or from some ports, alone. */
  readonly isPartial: boolean;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly ports: readonly string[];
  /** Whether private endpoints stand in the subnet. */
  readonly holdsEndpoints: boolean;
}>;

export type SecretSyncEvidence = Item<{
  readonly cluster: string;
  readonly method: 'external-secrets' | 'csi';
  /** The object that syncs, where the evidence has objects. */
  readonly name: string;
  readonly deletionPolicy: 'Retain' | 'Delete' | 'Merge';
  readonly creationPolicy: 'Owner' | 'Orphan' | 'Merge' | 'None';
  /** Whether Argo CD deletes the object by itself when it leaves the tree. */
  readonly isPruned: boolean;
}>;

export type VaultMarkEvidence = Item<{
  readonly name: string;
  /** Whether it says how long a value is. */
  readonly hasLength: boolean;
}>;

export type VaultReadEvidence = Item<{ readonly name: string; readonly maker: SecretMaker['source'] }>;

export type WorkloadSecretEvidence = Item<{
  readonly workload: string;
  readonly name: string;
  /** What of the platform reads it too, in words: `Grafana`. */
  readonly platformReaders: readonly string[];
}>;

export type TextEvidence = Item<{
  readonly name: string;
  readonly value: string;
  readonly kind: 'repository' | 'image' | 'setting' | 'prose';
}>;

export type FederationEvidence = Item<{
  readonly identity: string;
  readonly name: string;
  /** The cluster whose issuer the credential trusts. */
  readonly issuerCluster: string;
  readonly subject: string;
  readonly audience: string;
  /** The Terraform state that makes it. */
  readonly root: string;
}>;

export type TokenUserEvidence = Item<{
  readonly cluster: string;
  readonly subject: string;
  /** The identity as which its pods ask, where that is said. */
  readonly identity: string;
}>;

export type WorkloadEvidence = Item<{
  readonly name: string;
  readonly clusters: readonly string[];
  readonly replicas: number;
  readonly isCritical: boolean;
  /** What the containers of one pod ask for together, as far as they do. */
  readonly podRequests: Resources;
}>;

export type CallEvidence = Item<{
  /** The workload that gives the name. */
  readonly workload: string;
  readonly direction: 'callers' | 'reaches';
  /** The name that it gives. */
  readonly other: string;
}>;

export type VariableEvidence = Item<{
  readonly workload: string;
  readonly name: string;
  /** What it is made of, in words: `the setting MODE`, `the secret db-password`. */
  readonly origin: string;
}>;

/** Who may reach an API server, or all of them. */
export type OperatorEvidence = Item<{
  readonly ranges: readonly Cidr[];
  /** The fleet's own egress addresses, which stand in the same list. */
  readonly egressAddresses: number;
  /** The one whose API server it is; those of all where none is named. */
  readonly cluster: string;
  /** No list is kept: whoever finds the address is answered. */
  readonly isOpen: boolean;
  /** Ranges stand on a server without a public address, where Azure refuses them. */
  readonly isRefused: true;
  /** What stands among the ranges and is none. */
  readonly malformed: readonly string[];
  /** They answer within the VNet alone, and no list stands before them. */
  readonly isPrivate: boolean;
}>;

/** Who may do everything in a cluster, or in all of them. */
export type AdministrationEvidence = Item<{
  /** The one that is spoken of; all of them where none is named. */
  readonly cluster: string;
  /** Entra groups whose members are its admins. */
  readonly groups: number;
  /** Whether a role of Azure can make somebody its admin too. */
  readonly takesRoles: boolean;
  /** People and groups that hold such a role. */
  readonly roleHolders: number;
}>;

export type BudgetEvidence = Item<{
  /** How many people or groups the notification tells that tells the fewest. */
  readonly contacts: number;
  readonly notifications: number;
  /** What a month may cost. */
  readonly amount: Money;
  /** What a month costs, as far as that is known; more may come on top. */
  readonly price: Money;
}>;

export type ScheduleEvidence = Item<{
  readonly timezone: string;
  /** Minutes of the shortest sleep of a week; 0 where the fleet never sleeps. */
  readonly shortestSleepMinutes: number;
  readonly asleep: 'stop' | 'destroy';
  /** Whether something outside the clusters runs it. */
  readonly hasKeeper: boolean;
}>;

/** An item of which these properties are known. */
export type With<One, Key extends keyof One> = One & {
  readonly [K in Key]-?: Exclude<One[K], undefined>;
};

/** Where a property of an item stands. */
export function placeOf<Properties>(item: Item<Properties>, property: keyof Properties): Path {
  return item.places?.[property] ?? item.path;
}

/** Whether the evidence holds all of these properties of the item. */
export function hasAll<One extends object, Key extends keyof One>(
  item: One,
  ...properties: readonly Key[]
): item is With<One, Key> {
  return properties.every((property) => item[property] !== undefined);
}

/** The items grouped by place, in order of appearance: what one line decides for many is reported once. */
export function groupByPlace<One>(
  items: Iterable<One>,
  placeFor: (item: One) => Path,
): readonly { readonly place: Path; readonly items: readonly One[] }[] {
  const groups = groupBy(items, (item) => pathText(placeFor(item)));
  return [...groups.values()].map((group) => ({ place: placeFor(group[0]!), items: group }));
}

/** The items by the value of one property; those that do not say it are left out. */
export function groupBy<One, Value>(
  items: Iterable<One>,
  valueOf: (item: One) => Value | undefined,
): ReadonlyMap<Value, readonly One[]> {
  const groups = new Map<Value, One[]>();
  for (const item of items) {
    const value = valueOf(item);
    if (value === undefined) continue;
    const group = groups.get(value);
    if (group) group.push(item);
    else groups.set(value, [item]);
  }
  return groups;
}
