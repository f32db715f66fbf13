import type { ArmBody } from '../resource.ts';
import type { ArmRule, ArmWorld, ArmWrite, Refusal } from '../rule.ts';

/** Judges what a PUT or a PATCH wants to stand under an id. */
export function whenWritten(
  judge: (body: ArmBody, write: ArmWrite, world: ArmWorld) => Refusal | undefined,
): ArmRule['check'] {
  return (write, world) => (isUpsert(write) ? judge(write.body ?? {}, write, world) : undefined);
}

/** Judges a DELETE. */
export function whenDeleted(
  judge: (write: ArmWrite, world: ArmWorld) => Refusal | undefined,
): ArmRule['check'] {
  return (write, world) => (write.method === 'DELETE' ? judge(write, world) : undefined);
}

/** Judges a POST of one of these actions. */
export function whenAsked(
  actions: readonly string[],
  judge: (write: ArmWrite, world: ArmWorld) => Refusal | undefined,
): ArmRule['check'] {
  return (write, world) => (isAction(write, actions) ? judge(write, world) : undefined);
}

/** True for a write that wants something to stand under its id. */
export function isUpsert({ method }: ArmWrite): boolean {
  return method === 'PUT' || method === 'PATCH';
}

/** True for a POST of one of these actions. */
export function isAction({ method, action }: ArmWrite, actions: readonly string[]): boolean {
  return method === 'POST' && actions.some((name) => name.toLowerCase() === action?.toLowerCase());
}
