import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FLEET_DEFAULT } from './options.ts';

/**
 * The fleet file of a command line that names none: `fleet.yaml`, else `fleet.ts`; undefined when neither is
 * here.
 */
export function fleetFileHere(): string | undefined {
  return fleetFileIn('.');
}

/** The name of the fleet file in a folder. */
export function fleetFileIn(folder: string): string | undefined {
  return [FLEET_DEFAULT, 'fleet.ts'].find((name) => existsSync(join(folder, name)));
}
