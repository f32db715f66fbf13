import { type Finding, pathText } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { type FleetFileLoad, loadFleetFile } from '../../src/fleet/load.ts';
import { planFleet } from '../../src/plan/plan.ts';
import { type FileMutant, rewritten } from './file-mutants.ts';

/** What is said of a mutant that was not said of the base, at its place or elsewhere: ids. */
export type FileVerdict = { readonly here: readonly string[]; readonly elsewhere: readonly string[] };

/** Judges mutants of one fleet file as a whole: what its loader finds, and what the contract finds in both environments. */
export function judgeFileOf(text: string): (mutant: FileMutant) => FileVerdict {
  const base = countsOf(plan(rewritten(text)).findings);
  return (mutant) => {
    const { load, findings } = plan(mutant.file);
    const counts = countsOf(findings);
    const news = findings.filter(
      (finding) => (counts.get(keyOf(finding)) ?? 0) > (base.get(keyOf(finding)) ?? 0),
    );
    const ids = (isHere: boolean): string[] => [
      ...new Set(news.filter((finding) => pointsAt(finding, mutant, load) === isHere).map(({ id }) => id)),
    ];
    return { here: ids(true), elsewhere: ids(false) };
  };
}

function plan(text: string): { readonly load: FleetFileLoad; readonly findings: readonly Finding[] } {
  const load = loadFleetFile('fleet.yaml', Buffer.from(text));
  const { findings } = planFleet(load, { environments, today: '2026-11-22', priceBook: builtInPriceBook });
  return { load, findings: findings.filter(({ isUndetermined }) => !isUndetermined) };
}

function countsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}

function keyOf({ id, severity, path, environment }: Finding): string {
  return `${id} ${severity} ${environment ?? ''} ${pathText(path)}`;
}

/**
 * Whether a finding, or a place related to it, stands on the mutant's line, on that of a map around it, or inside it. What
 * was dropped is looked for at the map that had it.
 */
function pointsAt(finding: Finding, { steps, change }: FileMutant, { document }: FleetFileLoad): boolean {
  const path = change === 'dropped' ? steps.slice(0, -1) : steps;
  const places = [finding, ...(finding.related ?? [])];
  const own = document.spanOf(path, 'value') ?? document.spanOf(path, 'key');
  return places.some(({ path: other, span }) => {
    const isSameLine = own && span && own.start.line <= span.start.line && span.start.line <= own.end.line;
    return isSameLine || isPrefix(other, steps) || isPrefix(steps, other);
  });
}

function isPrefix(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  return a.length > 0 && a.length <= b.length && a.every((step, index) => step === b[index]);
}
