import { listText } from '../../contract/wording.ts';
import type { Deployment } from '../run.ts';
import { mayDo } from './grants.ts';
import { isSame } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

const API = '2021-04-01';

type Provider = { readonly namespace?: string; readonly registrationState?: string };

/** Resource providers that the subscription has not registered. The run registers them, so only who may not is told. */
export const providerRegistration: Check = {
  id: 'provider-registration',
  subject: 'which resource providers are registered',
  look: async ({ run, signal, grants }) => {
    const path = `/subscriptions/${run.deployment.subscription}/providers`;
    const all = (await run.world.azure.list(path, API, signal)) as readonly Provider[];
    const isOff = (namespace: string): boolean => {
      const state = all.find((each) => isSame(each.namespace, namespace))?.registrationState;
      return state !== 'Registered' && state !== 'Registering';
    };
    const off = registeredAlong(run.deployment).filter(isOff);
    if (off.length === 0) return [];
    const held = await grants();
    const barred = off.filter((namespace) => !mayDo(held, `${namespace}/register/action`));
    return barred.length > 0 ? [refusal(barred)] : [];
  },
};

/** As the foundation's provider block lists them, and what the store of the states is of. */
function registeredAlong({ tree, stateStore }: Deployment): readonly string[] {
  const providers = tree.get('terraform/foundation/providers.tf') ?? '';
  const [, list] = /resource_providers_to_register\s*=\s*\[([^\]]*)\]/.exec(providers) ?? [];
  if (list === undefined) throw new Error('the foundation registers no resource providers');
  const named = [...list.matchAll(/"([^"]+)"/g)].map(([, namespace]) => namespace!);
  return [...new Set([...(stateStore.kind === 'azure' ? ['Microsoft.Storage'] : []), ...named])];
}

function refusal(namespaces: readonly string[]): Refusal {
  const isOrAre = namespaces.length === 1 ? 'is' : 'are';
  const commands = namespaces.map((namespace) => `az provider register --wait --namespace ${namespace}`);
  return {
    id: 'provider-registration',
    severity: 'error',
    message: `${listText(namespaces)} ${isOrAre} not registered in the subscription, and you may not register it`,
    advice: `have somebody who owns the subscription run: ${commands.join(' && ')}`,
  };
}
