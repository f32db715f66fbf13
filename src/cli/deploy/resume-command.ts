import type { DeploymentCommandOptions } from '../options.ts';

/** What a shell takes as it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * The command line that goes on where a run has stopped, for a POSIX shell. What was agreed to is not in it: what is left
 * is another thing to agree to.
 */
export function resumeCommand(command: 'up' | 'down', options: DeploymentCommandOptions): string {
  const { file, environment, state, clusters, checkout } = options;
  const words = [
    'bulkhead',
    command,
    ...(clusters ? ['--clusters', clusters.join(',')] : []),
    '-e',
    environment,
    ...(state === 'local' ? ['--state', state] : []),
    ...(checkout === undefined ? [] : ['--checkout', checkout]),
    file,
  ];
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
