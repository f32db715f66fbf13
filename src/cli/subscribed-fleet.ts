import { redacted } from '../base/redaction.ts';
import type { Environment } from '../fleet/fleet.ts';
import { fleetIn } from '../fleet/load.ts';
import { buildPlatform } from '../model/build.ts';
import type { Platform } from '../model/platform.ts';
import { renderFindingSection } from '../report/plan-text.ts';
import { readFleet } from './fleet-source.ts';
import { styleFor, type Terminal, UsageError } from './terminal.ts';

/** A fleet in one environment, and the subscription that it says it is in. */
export type SubscribedFleet = { readonly platform: Platform; readonly subscription: string };

/**
 * The fleet of a file. Undefined for one that is not sound: what is wrong with it has been told. `why` says in an error
 * what the subscription, which the file has to name, is needed for.
 */
export async function readSubscribedFleet(
  { file, environment }: { readonly file: string; readonly environment: Environment },
  why: string,
  terminal: Terminal,
): Promise<SubscribedFleet | undefined> {
  const load = await readFleet(file, terminal);
  const resolved = load.findings.length === 0 ? fleetIn(load, environment) : undefined;
  if (resolved === undefined) {
    const sources = redacted(new Map([[file, load.document.text]]), load.findings);
    const style = styleFor(terminal.stderr, terminal.env);
    terminal.stderr.write(renderFindingSection(load.findings, sources, style));
    return undefined;
  }
  const { subscription } = resolved.fleet.azure;
  if (subscription === undefined) {
    throw new UsageError(`${file} does not say azure.subscription, and ${why}; write it there`);
  }
  return { platform: buildPlatform(resolved.fleet), subscription };
}
