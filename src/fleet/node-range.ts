import { quote } from '../base/quote.ts';

/** How many nodes a pool may have: both bounds inclusive. */
export type NodeRange = { readonly min: number; readonly max: number };

/** AKS allows 1,000 nodes a pool (learn.microsoft.com, quotas-skus-regions, 2026-04). */
const NODES_MAX = 1000;

/** Reads `2..5` or `3`. Answers a sentence that says what is wrong when it is neither. */
export function parseNodeRange(written: string | number): NodeRange | string {
  const text = String(written);
  const match = /^(\d{1,4})(?:\.\.(\d{1,4}))?$/.exec(text);
  if (!match) return `${quote(text)} is no node count; write a number or least..most, e.g. 2..5`;
  const min = Number(match[1]);
  const max = Number(match[2] ?? match[1]);
  if (min > max) return `${text} has its bounds the wrong way round; write ${max}..${min}`;
  if (max < 1) return `${text} allows no node at all; the most must be at least 1`;
  if (max > NODES_MAX) return `${text} is above ${NODES_MAX}, the most that AKS allows in one pool`;
  return { min, max };
}
