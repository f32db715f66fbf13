import { storedFacts } from './stored-facts.ts';

/** An Azure region that the catalogue holds VM prices for. */
type Region = {
  /** The name that ARM takes: `koreacentral`. */
  readonly name: string;
  /** `Korea Central`. */
  readonly displayName: string;
  readonly geography: string;
  /** Availability zones, empty where the region has none. */
  readonly zones: readonly number[];
};

type RegionFile = {
  readonly source: string;
  readonly date: string;
  readonly rows: readonly (readonly [name: string, displayName: string, geography: string, zones: string])[];
  readonly others: { readonly source: string; readonly date: string; readonly names: readonly string[] };
};

let cached: ReadonlyMap<string, Region> | undefined;

function byName(): ReadonlyMap<string, Region> {
  cached ??= new Map(
    regionFile().rows.map(([name, displayName, geography, zones]) => [
      name,
      { name, displayName, geography, zones: [...zones].map(Number) },
    ]),
  );
  return cached;
}

/** The region of that name, or undefined when the catalogue does not know it. */
export function region(name: string): Region | undefined {
  return byName().get(name);
}

/** All known regions, by name. */
export function regions(): readonly Region[] {
  return [...byName().values()];
}

/** Whether that is a public region of Azure which the catalogue holds nothing else of: no prices, no zones. */
export function isOtherRegion(name: string): boolean {
  return regionFile().others.names.includes(name);
}

/** Where and when the list was read. */
export function regionsProvenance(): { readonly source: string; readonly date: string } {
  const { source, date } = regionFile();
  return { source, date };
}

function regionFile(): RegionFile {
  return storedFacts('regions') as RegionFile;
}
