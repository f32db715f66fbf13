import type { BlobContainer, Operation, Secret } from './kept.ts';
import { armId } from './id.ts';
import type { ArmBody, ArmStore } from './resource.ts';
import type { ArmKubernetes, ArmLimits, ArmRecentWrite, ArmRule, ArmWorld } from './rule.ts';
import { memoryStore } from './store.ts';

/** What a lab is started with, and keeps. */
export type LabSettings = {
  /** Every token is of this tenant, unless its request names another. */
  readonly tenantId: string;
  /** How long an operation takes, in milliseconds. */
  readonly latencyMs: number;
  readonly rules: readonly ArmRule[];
  /** The address that firewalls of data planes see. */
  readonly clientAddress: string;
  /** Rules that count requests get to see those that were made. */
  readonly isThrottling: boolean;
  /** What `listClusterUserCredential` answers for a cluster of this name; undefined for the lab's own. */
  readonly kubeconfig: (clusterName: string) => string | undefined;
};

/** All that one pretended Azure remembers. */
export type Lab = {
  readonly settings: LabSettings;
  readonly store: ArmStore;
  limits: ArmLimits;
  /** What rules are told of the inside of clusters, by the cluster's key. */
  readonly kubernetes: Map<string, ArmKubernetes>;
  /** What was asked to be written lately, oldest first; empty unless the lab throttles. */
  recentWrites: readonly ArmRecentWrite[];
  /** Vaults and workspaces that are deleted and not yet gone, by the id that they had, in lower case. */
  readonly softDeleted: Map<string, ArmBody>;
  /** By their id. Finished ones stay, since they may be asked for. */
  readonly operations: Map<string, Operation>;
  /** Resource providers, in lower case, that somebody registered (true) or unregistered. */
  readonly registrations: Map<string, boolean>;
  /** What resources were told and never tell, by the key of the resource. */
  readonly hidden: Map<string, ArmBody>;
  /** By `<vault's key>/<name>`, in lower case. */
  readonly secrets: Map<string, Secret>;
  /** By `<account>/<container>`. */
  readonly containers: Map<string, BlobContainer>;
  /** Counts writes; every etag is made from it. */
  revision: number;
};

/** How long a write counts for rules that count them, in milliseconds. */
const RECENT_MS = 30 * 60 * 1000;

/** A subscription in which there is nothing. */
export function emptyLab(settings: LabSettings, limits: ArmLimits = {}): Lab {
  return {
    settings,
    store: memoryStore(),
    limits,
    kubernetes: new Map(),
    recentWrites: [],
    softDeleted: new Map(),
    operations: new Map(),
    registrations: new Map(),
    hidden: new Map(),
    secrets: new Map(),
    containers: new Map(),
    revision: 0,
  };
}

/** What rules see of a lab. */
export function worldOf(lab: Lab, now: number): ArmWorld {
  const running = [...lab.operations.values()].filter(({ end }) => end === undefined);
  const vaults = [...lab.softDeleted].filter(([key]) => armId(key).type === 'microsoft.keyvault/vaults');
  return {
    store: lab.store,
    now,
    softDeleted: new Map(vaults),
    running: new Map(running.map(({ id, key, what, since }) => [key, { id, what, since }])),
    limits: { ...lab.limits, unregistered: unregistered(lab) },
    kubernetes: lab.kubernetes,
    ...(lab.settings.isThrottling
      ? { recentWrites: lab.recentWrites.filter(({ at }) => at > now - RECENT_MS) }
      : {}),
  };
}

/** Namespaces of resource providers that are not registered, as they were written. */
export function unregistered({ limits, registrations }: Lab): readonly string[] {
  const isRegistered = (name: string): boolean => registrations.get(name.toLowerCase()) === true;
  const later = [...registrations].flatMap(([name, isOn]) => (isOn ? [] : [name]));
  return [...(limits.unregistered ?? []).filter((name) => !isRegistered(name)), ...later];
}

/** Remembers that this was asked. */
export function noteWrite(lab: Lab, write: ArmRecentWrite): void {
  if (!lab.settings.isThrottling) return;
  lab.recentWrites = [...lab.recentWrites.filter(({ at }) => at > write.at - RECENT_MS), write];
}
