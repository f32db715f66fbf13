import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { anyFleet } from '../../test/support/any-fleet.ts';
import type { FleetData } from '../../test/support/fleets.ts';
import { repositoryRoot } from './tools.ts';

/** Another seed makes other fleets; the printed one makes a failure again. */
export const seed = Number(process.env.BULKHEAD_SEED ?? 20261122);

/** The fleets of examples/, by the names of their folders. */
export const exampleFleets: ReadonlyMap<string, FleetData> = new Map(
  readdirSync(join(repositoryRoot, 'examples')).map((name) => [
    name,
    parse(readFileSync(join(repositoryRoot, 'examples', name, 'fleet.yaml'), 'utf8')) as FleetData,
  ]),
);

/** So many fleets of the seed, or as many as BULKHEAD_FLEETS says; of so many clusters at most. */
export function randomFleets(count: number, clustersMax = Number.POSITIVE_INFINITY): readonly FleetData[] {
  const small = anyFleet.filter(({ clusters }) => Object.keys(clusters as object).length <= clustersMax);
  return fc.sample(small, { seed, numRuns: Number(process.env.BULKHEAD_FLEETS ?? count) });
}
