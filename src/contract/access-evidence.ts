import type { Item } from './item.ts';

/** Who may do what: teams of a fleet file, rights in Azure, and rights inside clusters. */
export type AccessEvidence = {
  readonly teams?: readonly TeamEvidence[];
  /** Entra groups that administer every cluster. */
  readonly administrators?: readonly Item<{ readonly group: string }>[];
  readonly roleAssignments?: readonly RoleAssignmentEvidence[];
  readonly accessGrants?: readonly AccessGrantEvidence[];
};

/** People who run workloads and do not administer the clusters, with what they were given. */
export type TeamEvidence = Item<{
  readonly name: string;
  /** Id of an Entra group. */
  readonly group: string;
  readonly clusters: readonly string[];
  readonly workloads: readonly string[];
  /** All of its own, those of its workloads among them. */
  readonly namespaces: readonly string[];
}>;

/** A role of Azure that somebody gets somewhere. */
export type RoleAssignmentEvidence = Item<{
  readonly role: string;
  /** An id as Azure compares them, without the subscription; where there is none yet, the address of what has it. */
  readonly scope: string;
  readonly principal: string;
}>;

/** A right to read or write inside a cluster. */
export type AccessGrantEvidence = Item<{
  /** Who has it, by id where there is one. */
  readonly principal: string;
  /** Whether these are people who do not administer the cluster: of programs and administrators nothing is asked. */
  readonly isTeam: boolean;
  /** What it is called: a role of Azure, or of Kubernetes. */
  readonly right: string;
  readonly cluster: string;
  /** Whether it lets its holder read alone, and no Secrets. */
  readonly isReading: boolean;
  /** Whether it counts in every namespace. */
  readonly isWhole: boolean;
  /** The one that it counts in, where that is one. */
  readonly namespace: string;
}>;
