import { textAt, valueAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';

/** The number at a path of keys. */
export function numberAt(body: unknown, ...path: readonly string[]): number | undefined {
  const value = valueAt(body, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** The strings in the list at a path of keys; none where there is no list. */
export function textsAt(body: unknown, ...path: readonly string[]): readonly string[] {
  const value = valueAt(body, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** True for ids, and words of enumerations, that ARM takes for the same: it does not regard case. */
export function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}

/** The region of a resource in ARM's spelling: `koreacentral` also for `Korea Central`. */
export function regionOf(body: ArmBody | undefined): string | undefined {
  return textAt(body, 'location')?.toLowerCase().replaceAll(' ', '');
}
