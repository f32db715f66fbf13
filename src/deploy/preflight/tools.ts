import { StepError } from '../../base/step-error.ts';
import type { Check, Refusal } from './refusal.ts';

/** `required_version` of every root. */
const TERRAFORM_MIN = [1, 11] as const;
/** Its flags of `template`, and how it answers charts with the cluster's version, differ from those of Helm 3. */
const HELM_MIN = [4, 0] as const;

/** The programs that do the work, each in a version that can. */
export const tools: Check = {
  id: 'tools',
  subject: 'the programs that are needed',
  look: async ({ run: { world }, signal }) => {
    const terraform = async (): Promise<readonly Refusal[]> => {
      const { program, version } = await world.terraform.version(signal);
      const advice = 'install Terraform or OpenTofu 1.11 or newer, or name its program in BULKHEAD_TERRAFORM';
      const name = program === 'tofu' ? 'OpenTofu' : 'Terraform';
      return isAtLeast(version, TERRAFORM_MIN) ? [] : [tooOld(`${name} ${version}`, '1.11', advice)];
    };
    const helm = async (): Promise<readonly Refusal[]> => {
      const version = await world.helm.version(signal);
      const advice = 'install Helm 4, or name its program in BULKHEAD_HELM';
      return isAtLeast(version, HELM_MIN) ? [] : [tooOld(`Helm ${version}`, '4', advice)];
    };
    const told = await Promise.all([terraform, helm].map((look) => orMissing(look)));
    return told.flat();
  },
};

/** A program that is not there, or does not work, says so itself. */
async function orMissing(look: () => Promise<readonly Refusal[]>): Promise<readonly Refusal[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const { message, advice = 'install it' } = error;
    return [{ id: 'tools', severity: 'error', message, advice }];
  }
}

function tooOld(found: string, needed: string, advice: string): Refusal {
  return { id: 'tools', severity: 'error', message: `${found} is too old: ${needed} is needed`, advice };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ofMajor, ofMinor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  // A version that is not written as one is somebody's own build.
  if (ofMajor === undefined) return true;
  return Number(ofMajor) > major || (Number(ofMajor) === major && Number(ofMinor) >= minor);
}
