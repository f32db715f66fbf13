import { listText } from '../../contract/wording.ts';
import type { Run } from '../run.ts';
import type { Check, Refusal } from './refusal.ts';

/** Within the virtual network an API server answers in milliseconds; elsewhere its address leads nowhere. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * A private API server is reached from inside the virtual network alone. Whether this machine is there shows only once
 * there is one: nothing can be done without its answer.
 */
export const privateApiServer: Check = {
  id: 'private-api-server',
  subject: 'whether this machine reaches the API servers',
  look: async ({ run, signal, clusters }) => {
    const { fleet, names } = run.deployment.platform;
    if (fleet.network.apiServer === 'public') return [];
    const there = (await clusters()).filter(
      ({ power, provisioning }) => power === 'Running' && provisioning === 'Succeeded',
    );
    const answers = await Promise.all(there.map(({ plan }) => isAnswering(run, plan.name, signal)));
    const silent = there.filter((_, index) => !answers[index]).map(({ plan }) => plan.name);
    if (there.length > 0 && silent.length === 0) return [];
    const message =
      silent.length === 0
        ? `the API servers will be private: nobody reaches them from outside ${names.virtualNetwork}`
        : `the private API server of ${listText(silent)} did not answer here within ${ANSWER_WITHIN_MS / 1000} s`;
    const told: Refusal = {
      id: 'private-api-server',
      severity: silent.length === 0 ? 'warning' : 'error',
      message,
      advice:
        `run this on a machine or CI runner in ${names.virtualNetwork}, or in a network that is peered with it and ` +
        'resolves its private names',
    };
    return [told];
  },
};

async function isAnswering({ world }: Run, cluster: string, signal: AbortSignal): Promise<boolean> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const no = (): false => false;
  const asked = async (): Promise<true> => {
    const kube = await world.kube(cluster, either);
    await kube.isAdmin(either);
    return true;
  };
  const late = world.clock.sleep(ANSWER_WITHIN_MS, either);
  try {
    return await Promise.race([asked().catch(no), late.then(no, no)]);
  } finally {
    ended.abort();
  }
}
