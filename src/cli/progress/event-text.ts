import { Declined } from '../../deploy/ask.ts';
import type { StepEnd, StepEvent } from '../../deploy/step.ts';
import { printable, type Style } from '../../report/style.ts';

/** `4:07`, `1:02:45`: how long something has gone on. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * A line for what has ended, and for what was said meanwhile. Undefined for a step that begins, which its own words and
 * its end tell of, and for one that never began, which the end of the run tells of: one failure leaves many out.
 */
export function eventLine(event: StepEvent, startedMs: number | undefined, style: Style): string | undefined {
  const { step, atMs } = event;
  if (event.kind === 'started' || startedMs === undefined) return undefined;
  const time = style.dim(elapsedText(atMs).padStart(7));
  if (event.kind === 'detail') return `${time}    ${step.title}: ${style.dim(printable(event.text))}`;
  const { mark, note } = endText(event.end, style);
  const took = elapsedText(atMs - startedMs);
  const parts = [...(note === undefined ? [] : [printable(note)]), ...(took === '0:00' ? [] : [took])];
  const told = parts.length === 0 ? '' : `  ${style.dim(parts.join(', '))}`;
  return `${time}  ${mark} ${step.title}${told}`;
}

function endText(end: StepEnd, style: Style): { readonly mark: string; readonly note?: string | undefined } {
  switch (end.kind) {
    case 'changed':
      return { mark: style.green('+'), note: end.note };
    case 'unchanged':
      return { mark: style.dim('='), note: end.note };
    case 'failed':
      return end.error instanceof Declined
        ? { mark: style.yellow('-'), note: 'not agreed to' }
        : { mark: style.red('x'), note: 'failed' };
    case 'skipped':
    case 'stopped':
      return { mark: style.yellow('-'), note: end.kind };
  }
}
