import { listText } from '../../contract/wording.ts';
import type { Check } from './refusal.ts';

/**
 * Clusters that were taken out of the file and still run: the foundation would take their subnets and identities away
 * under them, and their own states would lie there for ever.
 */
export const forgottenCluster: Check = {
  id: 'forgotten-cluster',
  subject: 'whether a cluster was taken out of the file that is still there',
  look: async ({ forgotten, run }) => {
    const names = await forgotten();
    if (names.length === 0) return [];
    const [is, it] = names.length === 1 ? ['is', 'it'] : ['are', 'them'];
    const { environment } = run.deployment.platform.fleet;
    return [
      {
        id: 'forgotten-cluster',
        severity: 'error',
        message: `${listText(names)} ${is} in Azure and no longer in the fleet file`,
        advice:
          `with the file as it was before, run: bulkhead down --clusters ${names.join(',')} -e ${environment}; ` +
          `then take ${it} out`,
      },
    ];
  },
};
