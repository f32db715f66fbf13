import { readFleetBytes } from '../adapters/fleet-file.ts';
import { builtInPriceBook } from '../catalog/price-book.ts';
import { failsAt } from '../contract/check.ts';
import { loadFleetFile } from '../fleet/load.ts';
import { type Plan, planFleet } from '../plan/plan.ts';
import type { CommonOptions } from './options.ts';
import { EXIT, type Terminal, UsageError } from './terminal.ts';

/** A plan of the file named on the command line. */
export type PlannedFile = {
  readonly plan: Plan;
  readonly sources: ReadonlyMap<string, string>;
  /** Whether the file itself is sound: only then is anything synthesised from it. */
  readonly isSound: boolean;
  readonly exitCode: number;
};

/** Reads and plans the file. A file that cannot be read is a usage error; an unsound one is a plan with findings. */
export function planFile(
  options: CommonOptions & { readonly file: string },
  terminal: Terminal,
): PlannedFile {
  const bytes = readFleetBytes(options.file);
  if ('problem' in bytes) throw new UsageError(bytes.problem);
  const load = loadFleetFile(options.file, bytes);
  const plan = planFleet(load, {
    environments: options.environment,
    today: terminal.today,
    priceBook: builtInPriceBook,
  });
  const isSound = load.findings.length === 0;
  return {
    plan,
    sources: new Map([[options.file, load.document.text]]),
    isSound,
    exitCode: isSound ? (failsAt(plan.findings, options.failOn) ? EXIT.findings : EXIT.fine) : EXIT.usage,
  };
}
