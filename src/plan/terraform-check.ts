import type { Finding } from '../base/finding.ts';
import type { TeamEvidence } from '../contract/access-evidence.ts';
import { teamsOf } from '../contract/access-from-platform.ts';
import type { Evidence } from '../contract/evidence.ts';
import { evidenceFromTerraform } from '../contract/terraform/evidence-from-terraform.ts';
import type { ShownFileLoad } from '../contract/terraform/shown-file.ts';
import type { KnownCluster } from '../contract/terraform/terms.ts';
import type { Environment } from '../fleet/fleet.ts';
import type { Platform } from '../model/platform.ts';
import { checkEvidence, type EvidenceCheck, type EvidenceInputs } from './evidence-check.ts';

/** What the contract says of Terraform's plans and states, and what is wrong with the files themselves. */
export type TerraformCheck = {
  readonly evidence: readonly EvidenceCheck[];
  readonly findings: readonly Finding[];
};

/** Holds the contract against plans and states, with what the fleet file knows of their clusters, if there is one. */
export function checkTerraform(
  loads: readonly ShownFileLoad[],
  environments: readonly Environment[],
  platforms: readonly Platform[],
  inputs: EvidenceInputs,
): TerraformCheck & {
  /** What was held against the contract: other evidence is compared with it. */
  readonly said: readonly Evidence[];
} {
  const [only, ...others] = environments;
  const files = loads.flatMap(({ file }) => file ?? []);
  const said = evidenceFromTerraform(files, {
    ...(only !== undefined && others.length === 0 ? { environment: only } : {}),
    known: platforms.flatMap(knownClusters),
    ...(platforms.length === 0 ? {} : { teams: platforms.flatMap(knownTeams) }),
  });
  const evidence = said.map((one) => checkEvidence(one, inputs));
  return {
    evidence,
    said,
    findings: [...loads.flatMap(({ findings }) => findings), ...evidence.flatMap((one) => one.findings)],
  };
}

/** What the teams of a file were given, with their clusters as Azure calls them. */
function knownTeams(platform: Platform): TeamEvidence[] {
  const names = new Map(platform.clusters.map(({ name, resourceName }) => [name, resourceName]));
  return teamsOf(platform).map((team) => ({
    ...team,
    clusters: (team.clusters ?? []).flatMap((cluster) => names.get(cluster) ?? []),
  }));
}

function knownClusters({ clusters }: Platform): KnownCluster[] {
  return clusters.map(({ resourceName, resourceGroup, role, tier }) => ({
    resourceName,
    resourceGroup,
    role,
    tier,
  }));
}
