import { StepError } from '../../base/step-error.ts';
import { Declined } from '../../deploy/ask.ts';
import type { Outcome } from '../../deploy/deploy.ts';
import type { Step, StepEnd } from '../../deploy/step.ts';
import { printable, type Style } from '../../report/style.ts';

/** Of the steps that were not done; beyond it a count. */
const LEFT_MAX = 12;

type Words = {
  /** The command that goes on. */
  readonly command: string;
  /** Where nothing was to do: `everything is as the fleet file says`. */
  readonly idle: string;
  readonly style: Style;
  /** What is told of an error. */
  readonly detailOf: (error: Error) => string;
};

type Ended = { readonly step: Step; readonly end: StepEnd };

/** The end of a run: every error with what to do about it, what was left out, and the command that goes on. */
export function outcomeText({ steps, ends, lost }: Outcome, words: Words): string {
  const { command, idle, style } = words;
  const all = steps.map((step): Ended => ({ step, end: ends.get(step.id)! }));
  if (all.every(isDone)) {
    return all.some(({ end }) => end.kind === 'changed') ? 'Done.\n' : `Nothing to do: ${idle}.\n`;
  }
  const told = all.map((each) => troubleText(each, words)).join('');
  const why = lost ? `${style.red('The lease of the fleet was lost')}\n${errorText(lost, words)}\n` : '';
  // Everything else comes after these.
  if (all.some((each) => each.step.phase === 'preflight' && !isDone(each))) {
    const again = all.some(isDeclined) ? '' : ` To begin again: ${style.bold(command)}`;
    return `${told}${why}Nothing was done.${again}\n`;
  }
  return `${told}${why}${leftText(all)}What is done stays done. To go on: ${style.bold(command)}\n`;
}

function isDone({ end }: Ended): boolean {
  return end.kind === 'changed' || end.kind === 'unchanged';
}

/** A person's no: nothing has failed. */
function isDeclined({ end }: Ended): boolean {
  return end.kind === 'failed' && end.error instanceof Declined;
}

function troubleText({ step, end }: Ended, words: Words): string {
  if (end.kind !== 'failed' && end.kind !== 'stopped') return '';
  if (end.error === undefined || end.error instanceof Declined) return '';
  const how = end.kind === 'failed' ? 'failed' : 'was stopped';
  return `${words.style.red(`${step.title} ${how}`)}\n${errorText(end.error, words)}\n`;
}

function errorText(error: Error, { style, detailOf }: Words): string {
  const advice = error instanceof StepError ? error.advice : undefined;
  const told = advice ? `  ${style.dim('what to do:')} ${lines(advice)}\n` : '';
  return `  ${lines(detailOf(error))}\n${told}`;
}

function leftText(all: readonly Ended[]): string {
  const failed = all.filter(({ end }) => end.kind === 'failed');
  const left = all.filter((each) => !isDone(each) && (isDeclined(each) || !failed.includes(each)));
  if (left.length === 0) return '';
  const titles = left
    .slice(0, LEFT_MAX)
    .map((each) => `${each.step.title}${isDeclined(each) ? ' (not agreed to)' : ''}`);
  const more = left.length > LEFT_MAX ? ` and ${left.length - LEFT_MAX} more` : '';
  return `Not done: ${titles.join(', ')}${more}.\n`;
}

/** Several lines, each made safe for a terminal, the later ones indented like the first. */
function lines(text: string): string {
  return text.split('\n').map(printable).join('\n  ');
}
