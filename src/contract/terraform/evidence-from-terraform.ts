import { type Environment, environments } from '../../fleet/fleet.ts';
import type { TeamEvidence } from '../access-evidence.ts';
import type { Evidence } from '../evidence.ts';
import { accessGrantsOf, roleAssignmentsOf } from './access.ts';
import { administrationOf } from './administration.ts';
import { apiServersOf, clustersOf, nodePoolsOf, poolNamesOf } from './clusters.ts';
import { graphOf } from './graph.ts';
import { federationsOf } from './identities.ts';
import { natGatewaysOf, rangesOf, subnetEvidenceOf, subnetUsesOf } from './network.ts';
import { privateApiServersOf } from './private-api-servers.ts';
import { securityOf } from './security.ts';
import {
  alertingOf,
  azureNamesOf,
  budgetsOf,
  logAssociationsOf,
  logsOf,
  rootsOf,
  secretSyncsOf,
  stateSecretsOf,
  vaultsOf,
} from './services.ts';
import { diagnosticSettingsOf, registriesOf, zoneLinksOf } from './shared-resources.ts';
import type { ShownFile } from './shown-file.ts';
import { CLUSTER, type KnownCluster, place, type Terms, termsOf } from './terms.ts';
import { textAt } from './values.ts';

/** What is known beside the files. */
export type TerraformContext = {
  /** Where the tags of the resources say none. */
  readonly environment?: Environment;
  /** Clusters of a fleet file, which knows roles and tiers. */
  readonly known: readonly KnownCluster[];
  /** Teams of a fleet file, with their clusters as Azure calls them: nothing in Terraform tells a team from others. */
  readonly teams?: readonly TeamEvidence[];
};

/**
 * Evidence of plans and states: one of each environment among them, so that a rule sees all roots of one fleet
 * and never two fleets at once. Of kinds of resources that no file has, nothing is said: another root may have
 * them.
 */
export function evidenceFromTerraform(files: readonly ShownFile[], context: TerraformContext): Evidence[] {
  const tagged = files.map((file) => ({ file, environment: environmentOf(file) }));
  const named = new Set(tagged.flatMap(({ environment }) => environment ?? []));
  // Files that do not say belong to the one environment that there is.
  const rest = named.size === 0 ? context.environment : named.size === 1 ? [...named][0] : undefined;
  const groups = new Map<Environment | undefined, ShownFile[]>();
  for (const { file, environment = rest } of tagged) {
    groups.set(environment, [...(groups.get(environment) ?? []), file]);
  }
  const order = [...environments, undefined];
  return order.flatMap((environment) => {
    const group = groups.get(environment);
    return group ? [evidenceOf(group, environment, context)] : [];
  });
}

function evidenceOf(
  files: readonly ShownFile[],
  environment: Environment | undefined,
  { known, teams }: TerraformContext,
): Evidence {
  const terms = termsOf(graphOf(files), known);
  const clusters = clustersOf(terms);
  const nodePools = nodePoolsOf(terms);
  const uses = subnetUsesOf(terms);
  const security = securityOf(terms, uses);
  const alerting = alertingOf(terms);
  const region = regionOf(terms);
  return {
    kind: 'terraform',
    isOfFiles: true,
    ...(environment === undefined ? {} : { environment }),
    ...(region === undefined ? {} : { region }),
    // Terraform has no tiers but those of clusters, and knows of each of them whether it is private.
    ...(clusters.length === 0
      ? {}
      : {
          tiers: [],
          operatorRanges: apiServersOf(terms),
          privateApiServers: privateApiServersOf(terms),
        }),
    ...some({
      clusters,
      nodePools,
      poolNames: poolNamesOf(nodePools),
      ranges: rangesOf(terms, uses, clusters),
      azureNames: azureNamesOf(terms),
      securityRules: security.rules,
      secretSyncs: secretSyncsOf(terms),
      federations: federationsOf(terms),
      administration: administrationOf(terms),
      roleAssignments: roleAssignmentsOf(terms),
      accessGrants: accessGrantsOf(terms),
      registries: registriesOf(terms),
      diagnosticSettings: diagnosticSettingsOf(terms),
      zoneLinks: zoneLinksOf(terms),
      logs: logsOf(terms),
      budgets: budgetsOf(terms),
      subnets: subnetEvidenceOf(terms, uses, security.unguarded),
      natGateways: natGatewaysOf(terms),
      vaults: vaultsOf(terms),
      logAssociations: logAssociationsOf(terms),
    }),
    ...(alerting === undefined ? {} : { alerting }),
    ...(teams === undefined ? {} : { teams }),
    stateSecrets: stateSecretsOf(terms),
    roots: rootsOf(terms),
  };
}

/** The lists that are not empty. */
function some<Lists extends Readonly<Record<string, readonly unknown[]>>>(lists: Lists): Partial<Lists> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<Lists>;
}

/** The region of all clusters; where they stand in several, of none. */
function regionOf({ graph }: Terms): Evidence['region'] {
  const [first, ...others] = graph.managed(CLUSTER).map((cluster) => ({
    path: place(cluster, 'location'),
    name: textAt(cluster.values, 'location')?.toLowerCase().replaceAll(' ', ''),
  }));
  if (first?.name === undefined || others.some(({ name }) => name !== first.name)) return undefined;
  return { path: first.path, name: first.name };
}

/** What the tags of the file's resources agree on. */
function environmentOf({ environments: said }: ShownFile): Environment | undefined {
  return said.length === 1 ? environments.find((environment) => environment === said[0]) : undefined;
}
