import { fleetJsonSchema } from '../../fleet/schema.ts';
import { EXIT, type Terminal } from '../terminal.ts';

/** `bulkhead schema`: the grammar of the fleet file. */
export function schemaCommand(terminal: Terminal): number {
  terminal.stdout.write(`${JSON.stringify(fleetJsonSchema(), null, 2)}\n`);
  return EXIT.fine;
}
