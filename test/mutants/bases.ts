import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceFromPlatform } from '../../src/contract/evidence-from-platform.ts';
import { estimate } from '../../src/cost/estimate.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { fleetIn, loadFleetFile } from '../../src/fleet/load.ts';
import { buildPlatform } from '../../src/model/build.ts';
import { withPrice } from '../../src/plan/priced-evidence.ts';

/** Sound evidence that mutants are made of. */
export type Base = { readonly name: string; readonly evidence: Evidence };

/** Evidence of one kind: what is sound of it, and the file in which what survives is reviewed. */
export type MutatedKind = {
  readonly kind: Evidence['kind'];
  readonly bases: () => readonly Base[];
  /** Below `corpus/mutants/survivors`. */
  readonly survivors: string;
};

/** Another kind of evidence is one more entry here, and a file of reviewed survivors. */
export const mutatedKinds: readonly MutatedKind[] = [
  { kind: 'fleet', bases: fleetBases, survivors: 'fleet.yaml' },
];

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Fleets whose contract has no error. The last one stands at every limit, so that each next step is one too many. */
export const baseFleets = {
  atlas: 'examples/atlas/fleet.yaml',
  borealis: 'examples/borealis/fleet.yaml',
  tight: 'corpus/mutants/base/tight.yaml',
} as const;

export function baseFleetText(name: keyof typeof baseFleets): string {
  return readFileSync(`${ROOT}${baseFleets[name]}`, 'utf8');
}

function fleetBases(): readonly Base[] {
  return Object.entries(baseFleets).flatMap(([name, path]) => {
    const load = loadFleetFile(path, readFileSync(`${ROOT}${path}`));
    return environments.map((environment) => {
      const platform = buildPlatform(fleetIn(load, environment)!.fleet);
      const price = estimate(platform, builtInPriceBook(platform.fleet.region)!);
      return {
        name: `${name} ${environment}`,
        evidence: withPrice(evidenceFromPlatform(platform), price),
      };
    });
  });
}
