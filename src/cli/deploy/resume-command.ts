import type { DeploymentCommandOptions } from '../options.ts';
import { shellWord } from '../shell-word.ts';

/**
 * The command line that goes on where a run has stopped, for a POSIX shell. What was agreed to is not in it: what is left
 * is another thing to agree to.
 */
export function resumeCommand(command: 'up' | 'down', options: DeploymentCommandOptions): string {
  const { file, environment, state, clusters, keeper, checkout } = options;
  const words = [
    'bulkhead',
    command,
    ...(clusters ? ['--clusters', clusters.join(',')] : []),
    ...(keeper ? ['--keeper'] : []),
    '-e',
    environment,
    ...(state === 'local' ? ['--state', state] : []),
    ...(checkout === undefined ? [] : ['--checkout', checkout]),
    file,
  ];
  return words.map(shellWord).join(' ');
}
