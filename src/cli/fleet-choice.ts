import { existsSync } from 'node:fs';
import { FLEET_DEFAULT } from './options.ts';

/**
 * The fleet file of a command line that names none: `fleet.yaml`, else `fleet.ts`; undefined when neither is
 * here.
 */
export function fleetFileHere(): string | undefined {
  return [FLEET_DEFAULT, 'fleet.ts'].find((path) => existsSync(path));
}
