import { ansiStyle, plainStyle, type Style } from '../report/style.ts';

/** What a command may touch of the outside, so that a test can run it as a function. */
export type Terminal = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ISO date: waivers end by it. */
  readonly today: string;
};

type Stream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  /** Of a terminal: its size now. */
  readonly columns?: number;
  readonly rows?: number;
};

/** Documented once, here and in the README: the run was fine, found something, was misused, or met our bug. */
export const EXIT = { fine: 0, findings: 1, usage: 2, bug: 3 } as const;

/** Colour on a terminal only, and never where `NO_COLOR` is set (no-color.org); `FORCE_COLOR` wins for CI logs. */
export function styleFor(stream: Stream, env: Terminal['env']): Style {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return plainStyle;
  const isForced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  return isForced || (stream.isTTY === true && env.TERM !== 'dumb') ? ansiStyle : plainStyle;
}

/** A mistake of the caller's: told in one line, without a stack, exit 2. */
export class UsageError extends Error {}
