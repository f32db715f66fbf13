import { listText } from '../../contract/wording.ts';
import type { Outcome } from '../../deploy/deploy.ts';
import { down } from '../../deploy/down.ts';
import type { Refusal } from '../../deploy/preflight/index.ts';
import type { Run } from '../../deploy/run.ts';
import { up } from '../../deploy/up.ts';
import { printable, type Style } from '../../report/style.ts';
import {
  DEPLOY_TOOLS,
  type DeploymentRun,
  type DeployTools,
  runDeployment,
} from '../deploy/run-deployment.ts';
import type { DownOptions, UpOptions } from '../options.ts';
import { type Terminal, UsageError } from '../terminal.ts';

/** `bulkhead up`: brings the fleet about, or finds that it is there. Exit 1 where something failed or was refused. */
export function upCommand(
  options: UpOptions,
  terminal: Terminal,
  tools: DeployTools = DEPLOY_TOOLS,
): Promise<number> {
  const idle = 'everything is as the fleet file says';
  const act = (run: Run, { style, write, ...how }: DeploymentRun): Promise<Outcome> =>
    up(run, { ...how, onRefusals: (refusals) => write(refusalsText(refusals, style)) });
  return runDeployment({ command: 'up', idle, act }, options, { terminal, tools });
}

/** `bulkhead down`: takes the fleet down, or the clusters that are named, or the keeper. */
export function downCommand(
  options: DownOptions,
  terminal: Terminal,
  tools: DeployTools = DEPLOY_TOOLS,
): Promise<number> {
  const { clusters, keeper } = options;
  const part = clusters || keeper ? { clusters: clusters ?? [], hasKeeper: keeper === true } : undefined;
  const names = part && [...part.clusters, ...(part.hasKeeper ? ['the keeper'] : [])];
  const idle = names ? `of ${listText(names)} nothing is there` : 'nothing of the fleet is there';
  const act = (run: Run, how: DeploymentRun): Promise<Outcome> => {
    const known = run.deployment.platform.clusters.map(({ name }) => name);
    const unknown = clusters?.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`the fleet has no cluster ${printable(unknown)}; it has ${known.join(', ')}`);
    }
    return down(run, part, how);
  };
  return runDeployment({ command: 'down', idle, act }, options, { terminal, tools });
}

function refusalsText(refusals: readonly Refusal[], style: Style): string {
  const told = refusals.map(({ severity, message, advice }) => {
    const mark = severity === 'error' ? style.red('error') : style.yellow('warning');
    return `  ${mark}  ${printable(message)}\n         ${style.dim('what to do:')} ${printable(advice)}\n`;
  });
  return told.length === 0 ? '' : `\n${told.join('')}\n`;
}
