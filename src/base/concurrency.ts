/** Runs at most `count` of the given jobs at a time, in the order they came. */
export function concurrencyLimit(count: number): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (job) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await job();
    } finally {
      // The place goes straight to the next in line, so that a newcomer cannot take it as well.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
