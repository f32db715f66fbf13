import type { KubeObject } from '../world.ts';

export type Condition = { readonly type?: string; readonly status?: string; readonly message?: string };

/** The conditions in an object's status; a CRD that was just made has null there (kube-apiserver 1.36.3). */
export function conditionsOf({ status }: KubeObject): readonly Condition[] {
  const { conditions } = (status ?? {}) as { readonly conditions?: readonly Condition[] | null };
  return conditions ?? [];
}

/** Whether the condition is there and true. */
export function isSo(object: KubeObject, wanted: string): boolean {
  return conditionsOf(object).some(({ type, status }) => type === wanted && status === 'True');
}
