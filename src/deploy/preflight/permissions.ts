import { listText } from '../../contract/wording.ts';
import { mayDo } from './grants.ts';
import type { Check } from './refusal.ts';

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
