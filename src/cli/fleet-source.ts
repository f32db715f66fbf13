import { readFleetBytes } from '../adapters/fleet-file.ts';
import { type FleetFileLoad, loadFleetCode, loadFleetFile } from '../fleet/load.ts';
import { type Terminal, UsageError } from './terminal.ts';

/**
 * Reads and judges the fleet file; one in TypeScript is run for that, unless `BULKHEAD_NO_CODE` is set. A
 * file that cannot be read, or may not be run, is a usage error.
 */
export async function readFleet(file: string, { env }: Pick<Terminal, 'env'>): Promise<FleetFileLoad> {
  const isCode = isFleetCode(file);
  if (isCode && env.BULKHEAD_NO_CODE !== undefined && env.BULKHEAD_NO_CODE !== '') {
    throw new UsageError(
      `${file} is not run, because BULKHEAD_NO_CODE is set: a fleet in TypeScript does on this machine ` +
        'whatever its author wrote; name a fleet in YAML, or unset it where the author is trusted',
    );
  }
  if (!isCode && /\.(?:[cm]?js|cts|[jt]sx)$/i.test(file)) {
    throw new UsageError(
      `${file} is code, and only .ts and .mts are run; name a fleet.ts, or a fleet in YAML`,
    );
  }
  const bytes = readFleetBytes(file);
  if ('problem' in bytes) throw new UsageError(bytes.problem);
  if (!isCode) return loadFleetFile(file, bytes);
  // Loaded here: most fleets are YAML.
  const { runFleetCode } = await import('../adapters/fleet-code.ts');
  return loadFleetCode(file, bytes, await runFleetCode(file));
}

/** Whether the file is a module that has to be run to be read. */
export function isFleetCode(file: string): boolean {
  return /\.m?ts$/.test(file);
}
