import { nearest } from '../base/nearest.ts';

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
