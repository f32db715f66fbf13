/** A bucket of tokens, one for each request; it begins full. */
export type Bucket = { readonly size: number; readonly perSecond: number };

/**
 * Seconds until the next request gets a token, 0 when it gets one now, after requests at these instants
 * (milliseconds, oldest first). Requests that found the bucket empty took nothing.
 */
export function secondsToWait(bucket: Bucket, instants: readonly number[], now: number): number {
  let tokens = bucket.size;
  let last = instants[0] ?? now;
  const refill = (until: number): void => {
    tokens = Math.min(bucket.size, tokens + (Math.max(0, until - last) / 1000) * bucket.perSecond);
    last = until;
  };
  for (const instant of instants) {
    refill(instant);
    if (hasOne(tokens)) tokens -= 1;
  }
  refill(now);
  return hasOne(tokens) ? 0 : (1 - tokens) / bucket.perSecond;
}

/** A token that was refilled in parts may fall short of one by a rounding. */
function hasOne(tokens: number): boolean {
  return tokens > 1 - 1e-9;
}
