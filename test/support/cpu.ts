import assert from 'node:assert/strict';

/**
 * What tells a text that is read in a moment from one that takes for ever: the worst of ours takes half a second of
 * CPU, what it guards against minutes or years. CPU time, since a busy machine stretches the clock.
 */
const SECONDS_MAX = 30;

/** Runs something that must end soon whatever it is given, and answers what it answers. */
export function soon<T>(what: string, run: () => T): T {
  const before = process.cpuUsage();
  const answer = run();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  assert.ok(seconds < SECONDS_MAX, `${what} took ${seconds.toFixed(1)} s of CPU`);
  return answer;
}
