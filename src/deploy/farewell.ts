import { hasContainerInsights } from '../model/fit.ts';
import { suffixOf } from '../model/names.ts';
import type { ClusterPlan } from '../model/platform.ts';
import type { Farewell, RootOutlook } from './ask.ts';
import { clusterRoot } from './roots.ts';
import type { Run } from './run.ts';

/** Of the vault; Terraform writes the same (learn.microsoft.com, key-vault/general/soft-delete-overview). */
const VAULT_KEPT_DAYS = { demo: 7, production: 90 } as const;
/** Of a Log Analytics workspace (learn.microsoft.com, azure-monitor/logs/delete-workspace). */
const WORKSPACE_KEPT_DAYS = 14;

/** What a person has to know before these roots go: those of the whole fleet, or of a part. */
export function farewellOf(run: Run, roots: readonly RootOutlook[], isWhole: boolean): Farewell {
  const isGoing = (path: string): boolean => roots.some(({ root }) => root === path);
  const clusters = run.deployment.platform.clusters.filter(({ name }) => isGoing(clusterRoot(name)));
  return {
    roots,
    dies: [...clusters.map(diesWith), ...(isGoing('foundation') ? diesWithFoundation(run) : [])],
    remains: isWhole
      ? remainsOf(run)
      : [remainsInFile([...clusters.map(({ name }) => name), ...(isGoing('keeper') ? ['a keeper'] : [])])],
  };
}

function remainsInFile(names: readonly string[]): string {
  const all = names.join(', ');
  const them = names.length === 1 ? 'it' : 'them';
  return `the fleet file still names ${all}: while it does, \`bulkhead up\` makes ${them} again`;
}

function diesWith({ name, components, workloads }: ClusterPlan): string {
  const volumes = components.flatMap(({ volumes }) =>
    volumes.map((volume) => `${volume.name} (${volume.sizeGiB} GB)`),
  );
  const own =
    workloads.length === 0 ? 'every volume in it' : `every volume of ${names(workloads)} and others in it`;
  return `${name}: ${[...volumes, own].join(', ')}`;
}

function names(workloads: ClusterPlan['workloads']): string {
  return workloads.map(({ name }) => name).join(', ');
}

function diesWithFoundation({ deployment: { platform } }: Run): readonly string[] {
  return [
    `the images in the registry ${platform.names.registryPrefix}…`,
    'the outbound addresses: others know them no more',
  ];
}

function remainsOf({ deployment }: Run): readonly string[] {
  const { platform, subscription, stateStore } = deployment;
  const { names, fleet } = platform;
  const vault = `${names.vaultPrefix}${suffixOf(names, subscription)}`;
  return [
    `the vault ${vault} with its secrets, deleted softly: its name stays taken for ` +
      `${VAULT_KEPT_DAYS[fleet.environment]} days, and \`bulkhead up\` takes it back`,
    ...(hasContainerInsights(fleet)
      ? [
          `the logs in ${names.logWorkspace}, deleted softly for ${WORKSPACE_KEPT_DAYS} days: ` +
            '`bulkhead up` takes them back',
        ]
      : []),
    stateStore.kind === 'azure'
      ? `the storage account ${stateStore.account} in ${stateStore.resourceGroup} with the states: delete it by hand`
      : 'the states, empty, beside the fleet file',
  ];
}
