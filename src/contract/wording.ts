import { nearest } from '../base/nearest.ts';
import { formatCpu, formatMemory } from '../base/quantity.ts';
import { quote } from '../base/quote.ts';
import type { Resources } from './evidence.ts';

/** How many names a sentence takes before it counts the rest. */
const NAMES_MAX = 4;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 7 more`: names within a sentence, never a page of them. */
export function listText(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  const shown = distinct.length > NAMES_MAX ? distinct.slice(0, NAMES_MAX - 1) : distinct;
  const rest = distinct.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/**
 * A name as people wrote it: bare when it is a plain word, else quoted and cut, so that no text runs the
 * message.
 */
export function nameText(name: string): string {
  return /^[\w./-]{1,64}$/.test(name) ? name : quote(name);
}

/** `1 node`, `2 nodes`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What to write instead of a name that nothing has: the nearest one, or all there are. */
export function nameHelp(written: string, names: readonly string[]): string {
  const near = nearest(written, names);
  if (near !== undefined) return `write ${near}, if that is what you mean`;
  return names.length === 0 ? 'there is none to name' : `there are ${listText(names)}`;
}

/**
 * `2300m CPU where there is 1900m`: what is asked for beyond what is there, or undefined when all of it fits.
 */
export function shortageText(asked: Resources, there: Resources): string | undefined {
  const parts = [
    ...(asked.cpuMillis > there.cpuMillis
      ? [`${formatCpu(asked.cpuMillis)} CPU where there is ${formatCpu(Math.max(0, there.cpuMillis))}`]
      : []),
    ...(asked.memoryMiB > there.memoryMiB
      ? [`${formatMemory(asked.memoryMiB)} where there is ${formatMemory(Math.max(0, there.memoryMiB))}`]
      : []),
  ];
  return parts.length === 0 ? undefined : listText(parts);
}
