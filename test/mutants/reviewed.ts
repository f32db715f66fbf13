import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Who may speak of a leaf: those whose statement it is, and those whose statement follows from it. */
export type Owner = { readonly owners: readonly string[]; readonly related?: readonly string[] };

/** Mutants that nothing catches, and why that is right. */
export type SurvivorGroup = {
  readonly because: string;
  /**
   * `nodePools.name` for every change but a drop, or `nodePools.name dropped` for one change. In a list with stars, a
   * star stands for any text, and a row for every change.
   */
  readonly of: readonly string[];
  /** What the text of the mutant must match, where not every one of the leaf is meant. */
  readonly like?: string;
};

const FOLDER = fileURLToPath(new URL('../../../corpus/mutants/', import.meta.url));

/** The reviewed table of who owns which leaf of the evidence, of whatever kind. */
export function ownersByLeaf(): ReadonlyMap<string, Owner> {
  const table = parse(readFileSync(`${FOLDER}owners.yaml`, 'utf8')) as Record<string, Owner>;
  return new Map(Object.entries(table));
}

export function survivorGroups(file: string): readonly SurvivorGroup[] {
  return parse(readFileSync(`${FOLDER}survivors/${file}`, 'utf8')) as SurvivorGroup[];
}

/** Finds the reviewed group of a survivor, and remembers which rows of the groups were of use. */
export type SurvivorList = {
  readonly find: (mutant: { leaf: string; change: string; text: string }) => SurvivorGroup | undefined;
  /** Rows that no survivor needed, as `row (reason)`. */
  readonly idle: () => readonly string[];
};

export function survivorList(
  groups: readonly SurvivorGroup[],
  { hasStars } = { hasStars: false },
): SurvivorList {
  const rows = groups.flatMap(({ because, of, like }, index) =>
    of.map((row) => ({
      row,
      like: like && new RegExp(like),
      key: `${row} (${because})`,
      group: groups[index]!,
    })),
  );
  const byRow = new Map<string, typeof rows>();
  for (const row of rows) byRow.set(row.row, [...(byRow.get(row.row) ?? []), row]);
  const patterns = hasStars ? rows.map((row) => ({ ...row, pattern: patternOf(row.row) })) : [];
  const used = new Set<string>();
  return {
    find({ leaf, change, text }) {
      const asked = [`${leaf} ${change}`, ...(change === 'dropped' ? [] : [leaf])];
      const found = [
        ...asked.flatMap((row) => byRow.get(row) ?? []),
        ...patterns.filter(({ pattern }) => pattern.test(leaf)),
      ].filter(({ like }) => !like || like.test(text));
      for (const { key } of found) used.add(key);
      return found[0]?.group;
    },
    idle: () => rows.map(({ key }) => key).filter((key) => !used.has(key)),
  };
}

function patternOf(row: string): RegExp {
  const parts = row.split('*').map((part) => part.replaceAll(/[.[\]/()]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Reviewed mutants of a fleet file: those of which nothing is said, and those of which something is said elsewhere. */
export function fileSurvivorGroups(): {
  readonly survive: readonly SurvivorGroup[];
  readonly elsewhere: readonly SurvivorGroup[];
} {
  return parse(readFileSync(`${FOLDER}survivors/fleet-file.yaml`, 'utf8')) as ReturnType<
    typeof fileSurvivorGroups
  >;
}

/** What the reviewed files say of mutants of one kind of documents. */
export type DocumentGroups = {
  /** Leaves of documents that no invariant needs. */
  readonly unread: readonly SurvivorGroup[];
  /** Leaves of the evidence, as they stand in mutants of evidence. */
  readonly survive: readonly SurvivorGroup[];
};

/** Of one kind of documents; and with what survives in the evidence of a fleet file, and so in any. */
export function documentGroups(file: string): { readonly own: DocumentGroups; readonly all: DocumentGroups } {
  const own = parse(readFileSync(`${FOLDER}survivors/${file}`, 'utf8')) as DocumentGroups;
  return { own, all: { ...own, survive: [...survivorGroups('fleet.yaml'), ...own.survive] } };
}
