import { listText } from '../../contract/wording.ts';
import type { Run } from '../run.ts';
import { inSubscription } from './arm-answers.ts';
import type { Check } from './refusal.ts';

const API = '2022-04-01';

/** One role of the caller's: what it allows, and what it takes back. Patterns, with `*` for anything. */
export type Grant = { readonly actions?: readonly string[]; readonly notActions?: readonly string[] };

/** What no deployment does without, and the words for it. */
const NEEDED: readonly (readonly [action: string, words: string])[] = [
  ['Microsoft.Resources/subscriptions/resourceGroups/write', 'make resource groups'],
  ['Microsoft.ContainerService/managedClusters/write', 'make clusters'],
  ['Microsoft.Authorization/roleAssignments/write', 'assign roles'],
];

/**
 * Whether the caller may do what Terraform does first. Of a fleet that is there, missing rights are a warning: where
 * nothing changes, none are used. A condition on a role is not judged.
 */
export const permissions: Check = {
  id: 'permissions',
  subject: 'what you may do in the subscription',
  look: async ({ run, clusters, grants }) => {
    const held = await grants();
    const missing = NEEDED.filter(([action]) => !mayDo(held, action));
    if (missing.length === 0) return [];
    const planned = run.deployment.platform.clusters.length;
    const isThere = await clusters().then(
      ({ length }) => length === planned,
      () => false,
    );
    const { subscription } = run.deployment;
    return [
      {
        id: 'permissions',
        severity: isThere ? 'warning' : 'error',
        message:
          `you may not ${listText(missing.map(([, words]) => words))} in the subscription ${subscription}: ` +
          `${listText(missing.map(([action]) => action))}`,
        advice:
          'ask for the role Owner on the subscription, or Contributor and Role Based Access Control Administrator',
      },
    ];
  },
};

/** All pages of what the caller's roles allow in the subscription. */
export async function grantsOf(run: Run, signal: AbortSignal): Promise<readonly Grant[]> {
  const path = inSubscription(run, 'Microsoft.Authorization/permissions');
  return (await run.world.azure.list(path, API, signal)) as readonly Grant[];
}

/** Whether one role allows it and does not take it back: another role's exclusions are its own alone. */
export function mayDo(grants: readonly Grant[], action: string): boolean {
  const isAmong = (patterns: readonly string[] = []): boolean =>
    patterns.some((pattern) => isMatch(pattern, action));
  return grants.some(({ actions, notActions }) => isAmong(actions) && !isAmong(notActions));
}

function isMatch(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
