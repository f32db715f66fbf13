import { aksVersions } from '../../../src/catalog/aks-versions.ts';
import { vmSizes } from '../../../src/catalog/vm-sizes.ts';
import { type Refusal, preflight } from '../../../src/deploy/preflight/index.ts';
import type { Deployment, Run } from '../../../src/deploy/run.ts';
import { stateStoreOf } from '../../../src/deploy/state-store.ts';
import type { Caller, World } from '../../../src/deploy/world.ts';
import type { Environment } from '../../../src/fleet/fleet.ts';
import type { Platform } from '../../../src/model/platform.ts';
import { synthesize } from '../../../src/plan/synthesize.ts';
import { atlas, type FleetData, platformOf } from '../../support/fleets.ts';
import { type AzureAnswers, fakeAzure, fakeWorld } from '../fake-world.ts';

export const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
export const TENANT = '00000000-0000-0000-0000-00000000000a';
export const COMMIT = '1a2b3c4d'.repeat(5);
export const PROVIDERS = `/subscriptions/${SUBSCRIPTION}/providers`;
export const USAGES = `LIST ${PROVIDERS}/Microsoft.Compute/locations/koreacentral/usages`;
export const SKUS = `LIST ${PROVIDERS}/Microsoft.Compute/skus`;
export const CLUSTERS = `LIST ${PROVIDERS}/Microsoft.ContainerService/managedClusters`;
export const VERSIONS = `GET ${PROVIDERS}/Microsoft.ContainerService/locations/koreacentral/kubernetesVersions`;
export const PERMISSIONS = `LIST ${PROVIDERS}/Microsoft.Authorization/permissions`;
export const REGISTERED = `LIST ${PROVIDERS}`;

const CALLER: Caller = { tenant: TENANT, objectId: 'o', kind: 'User' };

/** What a test changes in a run that nothing stands in the way of. */
export type Change = {
  readonly fleet?: FleetData;
  readonly environment?: Environment;
  readonly caller?: Caller | Error;
  readonly answers?: AzureAnswers;
  readonly deployment?: Partial<Deployment>;
  readonly ports?: Partial<World>;
  /** Grows with every request to Azure. */
  readonly asked?: string[];
};

export function platformUnderTest({ fleet = {}, environment = 'demo' }: Change = {}): Platform {
  const azure = { subscription: SUBSCRIPTION, tenant: TENANT };
  return platformOf(atlas({ azure, ...fleet }), environment);
}

/** A run of atlas in an empty subscription with large quotas, whose Git has the plan, but for what is changed. */
export function soundRun(change: Change = {}): Run {
  const platform = platformUnderTest(change);
  const tree = synthesize(platform);
  const deployment: Deployment = {
    platform,
    subscription: SUBSCRIPTION,
    tenant: TENANT,
    tree,
    folder: '/out/demo',
    checkout: '/checkout',
    stateStore: stateStoreOf(platform.names, SUBSCRIPTION),
    keeperImage: 'ghcr.io/acme/keeper:1',
    operator: 'alice@laptop',
    ...change.deployment,
  };
  const azure = fakeAzure(change.caller ?? CALLER, { ...soundAnswers(), ...change.answers }, change.asked);
  const world = fakeWorld({
    azure,
    terraform: { version: async () => ({ program: 'terraform', version: '1.11.4' }) } as never,
    helm: { version: async () => '4.3.0' } as never,
    git: { remoteRevision: async () => COMMIT, treeAt: async () => deployment.tree },
    ...change.ports,
  });
  const never = async (): Promise<never> => {
    throw new Error('preflight asks nobody');
  };
  return { deployment, world, ask: { begin: never, lose: never, end: never }, found: { plans: new Map() } };
}

/** What preflight tells of atlas, with what is changed. */
export function told(change: Change = {}): Promise<readonly Refusal[]> {
  return preflight(soundRun(change), new AbortController().signal);
}

/** `error vcpu-quota`, in order. */
export function ids(refusals: readonly Refusal[]): readonly string[] {
  return refusals.map(({ severity, id }) => `${severity} ${id}`);
}

/** A usage as Azure tells it. */
export function usage(name: string, currentValue: number, limit: number): object {
  return { unit: 'Count', currentValue, limit, name: { value: name, localizedValue: `${name} vCPUs` } };
}

/** A VM size that Azure offers in these zones. */
export function sku(name: string, zones: readonly string[], restrictions: readonly object[] = []): object {
  return {
    resourceType: 'virtualMachines',
    name,
    locationInfo: [{ location: 'KoreaCentral', zones }],
    restrictions,
  };
}

export type PoolState = { readonly count?: number; readonly vmSize?: string };

/** Resource providers that a fleet needs, all registered but for what is changed. */
export function registrations(stateByName: Readonly<Record<string, string>>): readonly object[] {
  const names =
    'Compute Storage ContainerService Network KeyVault ContainerRegistry ManagedIdentity AlertsManagement ' +
    'Insights OperationalInsights ContainerInstance';
  return names.split(' ').map((name) => ({
    namespace: `microsoft.${name.toLowerCase()}`,
    registrationState: stateByName[name] ?? 'Registered',
  }));
}

/** The fleet's clusters as Azure tells of them when all is applied, but for what is changed. */
export function clustersThere(
  platform: Platform,
  change: { readonly properties?: object; readonly pool?: (name: string) => PoolState } = {},
): readonly object[] {
  return platform.clusters.map((cluster) => ({
    id:
      `/subscriptions/${SUBSCRIPTION}/resourcegroups/${cluster.resourceGroup.toUpperCase()}` +
      `/providers/Microsoft.ContainerService/managedClusters/${cluster.resourceName}`,
    properties: {
      powerState: { code: 'Running' },
      provisioningState: 'Succeeded',
      kubernetesVersion: cluster.kubernetesVersion,
      agentPoolProfiles: cluster.pools.map(({ name, vmSize, capacityType, nodesUsual, zones }) => ({
        name,
        vmSize,
        count: nodesUsual,
        availabilityZones: zones.map(String),
        ...(capacityType === 'Spot' ? { scaleSetPriority: 'Spot' } : {}),
        ...change.pool?.(name),
      })),
      ...change.properties,
    },
  }));
}

function soundAnswers(): AzureAnswers {
  const families = new Set(vmSizes().map(({ quotaFamily }) => quotaFamily));
  const values = aksVersions().map(({ minor }) => ({
    version: minor,
    isPreview: null,
    capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] },
    patchVersions: { [`${minor}.1`]: {} },
  }));
  return {
    [`GET /subscriptions/${SUBSCRIPTION}`]: { state: 'Enabled', tenantId: TENANT },
    [PERMISSIONS]: [{ actions: ['*'], notActions: [] }],
    [REGISTERED]: registrations({}),
    [USAGES]: ['cores', 'lowPriorityCores', ...families].map((name) => usage(name, 0, 1000)),
    [SKUS]: vmSizes().map(({ name }) => sku(name, ['1', '2', '3'])),
    [VERSIONS]: { values },
  };
}
