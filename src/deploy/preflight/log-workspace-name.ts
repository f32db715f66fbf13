import { hasContainerInsights } from '../../model/fit.ts';
import { inFleetGroup, inSubscription, isSame, orNothing, regionName } from './arm-answers.ts';
import type { Check } from './refusal.ts';

const API = '2025-07-01';

type DeletedWorkspace = { readonly id?: string; readonly location?: string };

/**
 * A deleted log workspace keeps its name in its group for 14 days, and comes back with its data when it is made again
 * in its region (learn.microsoft.com, azure-monitor/logs/delete-workspace); in another one it is in the way.
 */
export const logWorkspaceName: Check = {
  id: 'log-workspace-name',
  subject: 'whether the name of the log workspace is free',
  look: async ({ run, signal }) => {
    const { fleet, names } = run.deployment.platform;
    if (!hasContainerInsights(fleet)) return [];
    const type = 'Microsoft.OperationalInsights/workspaces';
    const own = inFleetGroup(run, `${type}/${names.logWorkspace}`);
    const path = inSubscription(run, 'Microsoft.OperationalInsights/deletedWorkspaces');
    const deleted = (await orNothing(
      run.world.azure.list(path, API, signal),
      [],
    )) as readonly DeletedWorkspace[];
    const found = deleted.find(({ id }) => isSame(id, own));
    if (found === undefined) return [];
    const region = regionName(found.location);
    const restore =
      `az monitor log-analytics workspace recover --resource-group ${names.resourceGroup} ` +
      `--workspace-name ${names.logWorkspace}`;
    if (region === fleet.region) {
      return [
        {
          id: 'log-workspace-name',
          severity: 'warning',
          message: `the log workspace ${names.logWorkspace} was deleted and comes back with the logs that it held`,
          advice: 'nothing is to be done: what the fleet file says of it applies again',
        },
      ];
    }
    return [
      {
        id: 'log-workspace-name',
        severity: 'error',
        message: `a log workspace ${names.logWorkspace} was deleted in ${region} and keeps the name for 14 days`,
        advice: `if nobody misses its logs, run: ${restore}, then delete it with --force`,
      },
    ];
  },
};
