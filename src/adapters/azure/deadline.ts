/**
 * Calls with a signal that is aborted when this one is, or after so many milliseconds, and waits no longer, whether or not
 * the call heeds it. Rejects with the signal's reason, or with the code `ETIMEDOUT`.
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  call: (bounded: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const bounded = new AbortController();
  const stop = (): void => bounded.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const late = Object.assign(new Error(`no answer within ${Math.ceil(ms / 1000)} s`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => bounded.abort(late), ms);
  try {
    return await unlessAborted(call(bounded.signal), bounded.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** What a promise comes to, unless the signal is aborted first; then its reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
