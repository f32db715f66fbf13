import { Argument, Option } from 'commander';
import { environments } from '../fleet/fleet.ts';
import { fleetFileHere } from './fleet-choice.ts';
import { FLEET_DEFAULT } from './options.ts';

/** The fleet file, which need not be named where it lies here. */
export function fleetArgument(): Argument {
  return new Argument('[file]', 'the fleet file').default(
    fleetFileHere() ?? FLEET_DEFAULT,
    '"fleet.yaml", else "fleet.ts"',
  );
}

/** One environment, without a default: what is done in the wrong one is found late. */
export function environmentOption(what: string): Option {
  return new Option('-e, --environment <name>', what).choices(environments).makeOptionMandatory();
}
