import type { Finding } from './finding.ts';

/**
 * A deployment that cannot go on at one place: what is wrong, why, and what to do. Told without a stack; anything
 * else that a step throws is our bug.
 */
export class StepError extends Error {
  /** What the person can do about it, as a sentence. */
  readonly advice: string | undefined;
  /** More than one thing may be wrong at once: preflight tells them all. */
  readonly findings: readonly Finding[];

  constructor(
    message: string,
    more: { readonly advice?: string; readonly findings?: readonly Finding[]; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'StepError';
    this.advice = more.advice;
    this.findings = more.findings ?? [];
  }
}
