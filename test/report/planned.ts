import { readFileSync } from 'node:fs';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import { type Plan, planFleet } from '../../src/plan/plan.ts';

export const atlasText = readFileSync(new URL('../../../examples/atlas/fleet.yaml', import.meta.url), 'utf8');

/** What the commands give to a report, of a fleet file's text. */
export function planned(text: string): {
  readonly plan: Plan;
  readonly sources: ReadonlyMap<string, string>;
  readonly isSound: boolean;
} {
  const load = loadFleetFile('fleet.yaml', new TextEncoder().encode(text));
  const plan = planFleet(load, { environments, today: '2026-11-22', priceBook: builtInPriceBook });
  return { plan, sources: new Map([['fleet.yaml', text]]), isSound: load.findings.length === 0 };
}
