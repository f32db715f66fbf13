import { run } from '../../src/cli/program.ts';

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

export const TODAY = '2026-11-22';

/** Runs a command line as a function, without colour, on the day of the golden files. */
export async function bulkhead(...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const code = await run(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { NO_COLOR: '1' },
    today: TODAY,
  });
  return { code, ...written };
}
