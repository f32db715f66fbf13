import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import type { Environment, Fleet } from '../../src/fleet/fleet.ts';
import { fileFor } from '../../src/fleet/overrides.ts';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import type { SoundFile } from '../../src/fleet/sound-file.ts';
import { buildPlatform } from '../../src/model/build.ts';
import type { Platform } from '../../src/model/platform.ts';

const atlasText = readFileSync(new URL('../../../examples/atlas/fleet.yaml', import.meta.url), 'utf8');

/** A fleet file as data, before any default. */
export type FleetData = { readonly [key: string]: unknown };

/** The example of the source design, with top-level keys replaced. */
export function atlas(change: FleetData = {}): FleetData {
  return { ...(parse(atlasText) as FleetData), ...change };
}

export function fleetOf(data: FleetData, environment: Environment = 'demo'): Fleet {
  return resolveFleet(fileFor(data, environment) as SoundFile, environment).fleet;
}

export function platformOf(data: FleetData, environment: Environment = 'demo'): Platform {
  return buildPlatform(fleetOf(data, environment));
}

/** A fleet with this many app clusters, which leaves everything else to the defaults. */
export function fleetWithApps(count: number): FleetData {
  const clusters: Record<string, object> = { mgmt: {} };
  for (let number = 1; number <= count; number++) clusters[`app${number}`] = {};
  return { name: 'many', region: 'koreacentral', clusters };
}
