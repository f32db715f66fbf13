import { type Cidr, parseCidr } from '../base/cidr.ts';
import type { Path } from '../base/finding.ts';
import type { Explanation } from './explanation.ts';
import type { FleetFile } from './schema.ts';

export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

/** The file for one environment, well-formed where it is present: what the schema refused has been taken out. */
export type SoundFile = DeepPartial<Omit<FleetFile, 'environments'>>;
export type ClusterFile = NonNullable<NonNullable<SoundFile['clusters']>[string]>;

/** Fills one default and notes why. */
export type Fill = <T>(
  path: Path,
  written: T | undefined,
  fallback: T,
  rule: string,
  inputs?: Explanation['inputs'],
) => T;

/** Reads a range that the schema has accepted. */
export function range(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`${text} ${parsed.problem}`);
  return parsed.value;
}

export function rangeIn(text: string | undefined): Cidr | undefined {
  return text === undefined ? undefined : range(text);
}

export function present<T>(list: readonly (T | undefined)[] | undefined): T[] {
  return (list ?? []).filter((item) => item !== undefined);
}
