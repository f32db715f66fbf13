/** How long and how often something is tried again. Every wait is bounded. */
export type RetryPolicy = {
  /** Tries in all, the first one included. */
  readonly tries: number;
  /** The wait after the first failure; it doubles up to `maxWaitMs`. */
  readonly waitMs: number;
  readonly maxWaitMs: number;
};

export type Waiting = {
  readonly signal: AbortSignal;
  /** Ends early, rejected, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Calls until it succeeds, the failure is not worth another try, or the tries are used up; then the last failure
 * is thrown. `retryAfterMs` says whether a failure is passing, and how long the other side asked to wait:
 * undefined for one that will not pass, 0 for one without a wish.
 */
export async function retry<T>(
  call: () => Promise<T>,
  policy: RetryPolicy,
  retryAfterMs: (error: unknown) => number | undefined,
  { signal, sleep }: Waiting,
): Promise<T> {
  let wait = policy.waitMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const asked = retryAfterMs(error);
      if (asked === undefined || tries >= policy.tries || signal.aborted) throw error;
      await sleep(Math.min(Math.max(wait, asked), policy.maxWaitMs), signal);
      wait *= 2;
    }
  }
}

/**
 * Looks until something is there, so often and no longer than the deadline. Answers it, or undefined when the
 * deadline passed first.
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  {
    deadlineMs,
    everyMs,
    now,
  }: { readonly deadlineMs: number; readonly everyMs: number; readonly now: () => number },
  { signal, sleep }: Waiting,
): Promise<T | undefined> {
  const end = now() + deadlineMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    const left = end - now();
    if (left <= 0) return undefined;
    await sleep(Math.min(everyMs, left), signal);
  }
}
