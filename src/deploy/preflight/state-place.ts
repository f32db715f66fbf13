import { hasStateStore, stateStoreOf } from '../state-store.ts';
import type { Check } from './refusal.ts';

/**
 * A fleet has its states in one place: with them on this machine and others in Azure, everything that is there would be
 * taken for new, and imported into a second state.
 */
export const statePlace: Check = {
  id: 'state-place',
  subject: 'whether Azure has states of this fleet',
  look: async ({ run, signal }) => {
    const { deployment } = run;
    if (deployment.stateStore.kind === 'azure') return [];
    const stateStore = stateStoreOf(deployment.platform.names, deployment.subscription);
    const inAzure = { ...run, deployment: { ...deployment, stateStore } };
    if (!(await hasStateStore(inAzure, signal))) return [];
    return [
      {
        id: 'state-place',
        severity: 'error',
        message: `the states of this fleet are in Azure, in the storage account ${stateStore.account}`,
        advice: 'run it without --state local',
      },
    ];
  },
};
