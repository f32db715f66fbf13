import assert from 'node:assert/strict';
import { StepError } from '../../src/base/step-error.ts';

/** What a step refuses with; fails where it does not. */
export async function refusalOf(promise: Promise<unknown>): Promise<StepError> {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StepError, String(error));
  return error;
}
