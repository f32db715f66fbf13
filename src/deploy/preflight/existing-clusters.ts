import type { ClusterPlan } from '../../model/platform.ts';
import { managedClusterPath } from '../managed-cluster.ts';
import type { Run } from '../run.ts';
import { inSubscription, isSame, orNothing } from './arm-answers.ts';

const API = '2025-10-01';

/** A cluster of the fleet that is in Azure, whatever state it is in. */
export type ExistingCluster = {
  readonly plan: ClusterPlan;
  /** `Running`, `Stopped`. */
  readonly power: string | undefined;
  /** `Succeeded`, `Failed`, `Updating`. */
  readonly provisioning: string | undefined;
  /** As it was asked for: `1.35`. */
  readonly kubernetesVersion: string | undefined;
  readonly pools: readonly ExistingPool[];
};

export type ExistingPool = {
  readonly name: string;
  readonly vmSize: string;
  readonly isSpot: boolean;
  /** Nodes that it has now. */
  readonly nodes: number;
  readonly zones: readonly number[];
};

/** A cluster as Azure lists it. */
export type ListedCluster = {
  readonly id?: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: {
    readonly powerState?: { readonly code?: string };
    readonly provisioningState?: string;
    readonly kubernetesVersion?: string;
    readonly agentPoolProfiles?: readonly {
      readonly name?: string;
      readonly vmSize?: string;
      readonly scaleSetPriority?: string;
      readonly count?: number;
      readonly availabilityZones?: readonly string[] | null;
    }[];
  };
};

/** All clusters of the subscription. */
export async function listClusters(run: Run, signal: AbortSignal): Promise<readonly ListedCluster[]> {
  const path = inSubscription(run, 'Microsoft.ContainerService/managedClusters');
  return (await orNothing(run.world.azure.list(path, API, signal), [])) as readonly ListedCluster[];
}

/** The fleet's own clusters among those of the subscription, in the order of the fleet. */
export function existingClusters(
  { deployment }: Pick<Run, 'deployment'>,
  all: readonly ListedCluster[],
): readonly ExistingCluster[] {
  return deployment.platform.clusters.flatMap((plan) => {
    const found = all.find(({ id }) => isSame(id, managedClusterPath(deployment, plan)));
    return found === undefined ? [] : [existing(plan, found)];
  });
}

/** Names in the fleet of clusters that carry its tags and that the file no longer has. */
export function forgottenClusters(
  { deployment }: Pick<Run, 'deployment'>,
  all: readonly ListedCluster[],
): readonly string[] {
  const { fleet, clusters } = deployment.platform;
  return all.flatMap(({ id, name = '', tags = {} }) => {
    const isOurs = tags['fleet'] === fleet.name && tags['environment'] === fleet.environment;
    const isKnown = clusters.some((plan) => isSame(id, managedClusterPath(deployment, plan)));
    return isOurs && !isKnown ? [tags['cluster'] ?? name] : [];
  });
}

/** Whether it has no machines. */
export function isStopped({ power }: ExistingCluster): boolean {
  return power === 'Stopped';
}

function existing(plan: ClusterPlan, { properties = {} }: ListedCluster): ExistingCluster {
  return {
    plan,
    power: properties.powerState?.code,
    provisioning: properties.provisioningState,
    kubernetesVersion: properties.kubernetesVersion,
    pools: (properties.agentPoolProfiles ?? []).map((pool) => ({
      name: pool.name ?? '',
      vmSize: pool.vmSize ?? '',
      isSpot: pool.scaleSetPriority === 'Spot',
      nodes: pool.count ?? 0,
      zones: (pool.availabilityZones ?? []).map(Number),
    })),
  };
}
