import { rootPaths } from '../roots.ts';
import { inFleetGroup, orNothing } from './arm-answers.ts';
import type { Check } from './refusal.ts';

/** What a keeper can be, with a version of its API. */
const KINDS = [
  ['Microsoft.ContainerInstance/containerGroups', '2023-05-01'],
  ['Microsoft.App/jobs', '2025-01-01'],
] as const;

/**
 * A keeper that was taken out of the file and still runs: the foundation would take its identity and its subnet away under
 * it, and could not let go of its own resource group.
 */
export const forgottenKeeper: Check = {
  id: 'forgotten-keeper',
  subject: 'whether a keeper was taken out of the file that is still there',
  look: async ({ run, signal }) => {
    const { platform } = run.deployment;
    if (rootPaths(platform).includes('keeper')) return [];
    const asked = KINDS.map(([type, version]) =>
      orNothing(
        run.world.azure.get(inFleetGroup(run, `${type}/${platform.names.keeper}`), version, signal),
        undefined,
      ),
    );
    if ((await Promise.all(asked)).every((answer) => answer === undefined)) return [];
    return [
      {
        id: 'forgotten-keeper',
        severity: 'error',
        message: `${platform.names.keeper} is in Azure, and the fleet file has no keeper any more`,
        advice:
          `with the file as it was before, run: bulkhead down --keeper -e ${platform.fleet.environment}; ` +
          'then take it out',
      },
    ];
  },
};
