import { compareText } from '../base/order.ts';
import { storedFacts } from './stored-facts.ts';

/** A Kubernetes minor that AKS supports for every tier, until the end of its month. */
type AksVersion = {
  /** `1.35` */
  readonly minor: string;
  /** `2027-03` */
  readonly endOfLife: string;
};

/**
 * `lts-only` is past community support and needs the Premium tier; `unknown` is newer than the catalogue, or
 * no version.
 */
type AksVersionStatus = 'supported' | 'lts-only' | 'unknown';

type VersionFile = {
  readonly source: string;
  readonly date: string;
  readonly default: string;
  readonly supported: readonly AksVersion[];
};

/** The minor of a new cluster when the fleet file names none. AKS picks the patch. */
export function defaultAksVersion(): string {
  return versionFile().default;
}

/** Supported minors, oldest first. */
export function aksVersions(): readonly AksVersion[] {
  return versionFile().supported;
}

/** What AKS makes of a version, `1.35` or `1.35.2`, on the day that the catalogue was written. */
export function aksVersionStatus(version: string): AksVersionStatus {
  const match = /^1\.(0|[1-9]\d{0,2})(?:\.\d{1,3})?$/.exec(version);
  if (!match) return 'unknown';
  const minors = aksVersions().map(({ minor }) => Number(minor.slice(2)));
  const asked = Number(match[1]);
  if (minors.includes(asked)) return 'supported';
  return asked < Math.min(...minors) ? 'lts-only' : 'unknown';
}

/**
 * True when support of the version has ended before `month` (`2027-04`). False for a version that is not
 * listed.
 */
export function isPastEndOfLife(version: string, month: string): boolean {
  const minor = version.split('.').slice(0, 2).join('.');
  const known = aksVersions().find((candidate) => candidate.minor === minor);
  return known !== undefined && compareText(known.endOfLife, month) < 0;
}

/** Where and when the versions were read. */
export function aksVersionsProvenance(): { readonly source: string; readonly date: string } {
  const { source, date } = versionFile();
  return { source, date };
}

function versionFile(): VersionFile {
  return storedFacts('aks-versions') as VersionFile;
}
