import type { Run } from '../run.ts';
import { inSubscription } from './arm-answers.ts';

const API = '2022-04-01';

/** One role of the caller's: what it allows, and what it takes back. Patterns, with `*` for anything. */
export type Grant = { readonly actions?: readonly string[]; readonly notActions?: readonly string[] };

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
