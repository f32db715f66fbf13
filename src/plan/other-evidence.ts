import type { Finding } from '../base/finding.ts';
import { evidenceFromPlatform } from '../contract/evidence-from-platform.ts';
import { ofFile } from '../contract/joined-evidence.ts';
import type { ShownFileLoad } from '../contract/terraform/shown-file.ts';
import type { Environment } from '../fleet/fleet.ts';
import { type FleetFileLoad, locate } from '../fleet/load.ts';
import { checkFolders, type FolderLoad } from './folder-check.ts';
import type { CheckOthers } from './plan.ts';
import { checkTerraform } from './terraform-check.ts';

/** Evidence beside the fleet file, read from the disk. */
export type OtherLoads = {
  /** Plans and states of Terraform. */
  readonly terraform?: readonly ShownFileLoad[];
  /** GitOps directories and snapshots of the running fleet. */
  readonly folders?: readonly FolderLoad[];
};

/** Of what was read, what a plan asks for: Terraform first, then folders, each compared with all the rest. */
export function othersOf({ terraform = [], folders = [] }: OtherLoads): CheckOthers {
  return (environments, load, inputs) => {
    const waiversIn = (environment: Environment | undefined) => {
      const own = environments.find((one) => one.environment === environment) ?? environments[0];
      return { list: own?.platform.fleet.waivers ?? [], today: inputs.today };
    };
    const platforms = environments.map(({ platform }) => platform);
    const ofTerraform = checkTerraform(terraform, inputs.environments, platforms, {
      waiversIn,
      priceBook: inputs.priceBook,
    });
    const file = load?.document.file ?? '';
    const ofFolders = checkFolders(folders, {
      waiversIn,
      priceBook: inputs.priceBook,
      environments: inputs.environments,
      others: [
        ...ofTerraform.said,
        ...platforms.map((platform) => ofFile(evidenceFromPlatform(platform), file)),
      ],
      locate: (finding, environment) => (load ? locateInFile(load, environment, finding) : finding),
    });
    return {
      evidence: [...ofTerraform.evidence, ...ofFolders.map(({ check }) => check)],
      findings: [...ofTerraform.findings, ...ofFolders.flatMap(({ findings }) => findings)],
    };
  };
}

/** Places of the fleet file among findings about other files. */
function locateInFile(load: FleetFileLoad, environment: Environment | undefined, finding: Finding): Finding {
  const { file } = load.document;
  if (finding.file === file && finding.span === undefined) return locate(load, environment, finding);
  const related = finding.related?.map((other) => {
    if (other.file !== file || other.span !== undefined) return other;
    const { id, severity, message } = finding;
    const { span } = locate(load, environment, { id, severity, message, path: other.path });
    return span === undefined ? other : { ...other, span };
  });
  return related === undefined ? finding : { ...finding, related };
}
