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
  /** The IANA zone of the place where its machines stand: `Asia/Seoul`. */
  readonly timeZone: string;
};

type RegionRow = readonly [
  name: string,
  displayName: string,
  geography: string,
  zones: string,
  timeZone: string,
];

type RegionFile = {
  readonly source: string;
  readonly date: string;
  readonly rows: readonly RegionRow[];
  readonly others: {
    readonly source: string;
    readonly date: string;
    readonly rows: readonly (readonly [name: string, timeZone: string])[];
  };
};

let cached: ReadonlyMap<string, Region> | undefined;

function byName(): ReadonlyMap<string, Region> {
  cached ??= new Map(
    regionFile().rows.map(([name, displayName, geography, zones, timeZone]) => [
      name,
      { name, displayName, geography, zones: [...zones].map(Number), timeZone },
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

/** Whether that is a public region of Azure of which the catalogue knows the clock alone: no prices, no zones. */
export function isOtherRegion(name: string): boolean {
  return otherTimeZone(name) !== undefined;
}

/** The IANA zone of any public region of Azure; undefined for a name that is none. */
export function regionTimeZone(name: string): string | undefined {
  return region(name)?.timeZone ?? otherTimeZone(name);
}

/** Where and when the list was read. */
export function regionsProvenance(): { readonly source: string; readonly date: string } {
  const { source, date } = regionFile();
  return { source, date };
}

function otherTimeZone(name: string): string | undefined {
  return regionFile().others.rows.find(([other]) => other === name)?.[1];
}

function regionFile(): RegionFile {
  return storedFacts('regions') as RegionFile;
}
