import { waitFor } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import type { StepContext } from '../step.ts';
import type { Clock } from '../world.ts';

export type Wait = {
  /** What is wrong when it runs out: `the nodes of app1 are not ready`. */
  readonly unmet: string;
  readonly minutes: number;
  /** Between two looks. */
  readonly everySeconds: number;
  readonly advice: string;
};

const MINUTE_MS = 60_000;

/**
 * Looks again and again until nothing is lacking, and reports what is whenever that changes. Throws a StepError with
 * the last lack when the time is over; a refusal brings its own advice.
 */
export async function awaitNothing(
  lack: () => Promise<string | StepError | undefined>,
  { unmet, minutes, everySeconds, advice }: Wait,
  clock: Clock,
  { signal, report }: StepContext,
): Promise<void> {
  let last: string | undefined;
  let ownAdvice: string | undefined;
  const look = async (): Promise<true | undefined> => {
    const found = await lack();
    if (found === undefined) return true;
    const text = found instanceof StepError ? found.message : found;
    if (text !== last) report(text);
    last = text;
    ownAdvice = found instanceof StepError ? found.advice : undefined;
    return undefined;
  };
  const deadline = { deadlineMs: minutes * MINUTE_MS, everyMs: everySeconds * 1000, now: clock.now };
  if ((await waitFor(look, deadline, { signal, sleep: clock.sleep })) === true) return;
  throw new StepError(`${unmet} after ${minutes} minutes: ${last ?? ''}`, {
    advice: ownAdvice ?? advice,
  });
}

/** The refusal of a call; another failure is thrown on. */
export async function refusalOf(
  call: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<StepError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError) || signal.aborted) throw error;
    return error;
  }
}
