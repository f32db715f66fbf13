import type { ClusterPlan, NodePool, Platform, Subnet } from '../../model/platform.ts';
import type { Invariant } from '../invariant.ts';

/** General scanners of Terraform, each with the version that these alarms are known from. */
export const scanners = {
  checkov: { name: 'Checkov', version: '3.3.30' },
  trivy: { name: 'Trivy', version: '0.74.0' },
} as const;
export type Scanner = keyof typeof scanners;

/** What an alarm is raised at: a part of the platform that has one Terraform resource of its own. */
export type Target =
  | { readonly kind: 'cluster'; readonly cluster: ClusterPlan }
  | { readonly kind: 'user-pool'; readonly cluster: ClusterPlan; readonly pool: NodePool }
  | { readonly kind: 'security-group'; readonly subnet: Subnet }
  | { readonly kind: 'vault' | 'registry' | 'container-group' };

/**
 * Checks that general scanners fail on this design, and that are to be suppressed there, because the design reaches the
 * aim by other means, or Azure refuses what they ask for. What a fleet file chooses against the defaults is no known
 * alarm: there the scanner is left to speak.
 */
export type KnownAlarm = {
  readonly id: string;
  /** The decision that it stands on: without it, the check is right. */
  readonly adr: Invariant['adr'];
  /** Why the check is to be suppressed, in one sentence with a full stop. */
  readonly reason: string;
  /** Where the facts in it come from. */
  readonly source: string;
  /** Ids of the checks, as each scanner prints them. */
  readonly checks: { readonly [Name in Scanner]?: readonly string[] };
  /** All places, and nothing but them, at which every one of the checks fails. */
  readonly raisedAt: (platform: Platform) => readonly Target[];
};

/** The clusters of which `holds` is true. */
export function clustersWhere(
  { clusters }: Platform,
  holds: (cluster: ClusterPlan) => boolean = () => true,
): readonly Target[] {
  return clusters.filter(holds).map((cluster) => ({ kind: 'cluster', cluster }));
}

/** Every user pool. A system pool has no resource of its own: it is a part of its cluster's. */
export function userPools({ clusters }: Platform): readonly Target[] {
  return clusters.flatMap((cluster) =>
    cluster.pools
      .filter(({ mode }) => mode === 'User')
      .map((pool) => ({ kind: 'user-pool' as const, cluster, pool })),
  );
}

/** The security groups of the subnets of which `holds` is true. */
export function groupsWhere({ network }: Platform, holds: (subnet: Subnet) => boolean): readonly Target[] {
  return network.subnets.filter(holds).map((subnet) => ({ kind: 'security-group', subnet }));
}

/** What the fleet has once, where `holds`. */
export function onceIf(holds: boolean, kind: 'vault' | 'registry' | 'container-group'): readonly Target[] {
  return holds ? [{ kind }] : [];
}
