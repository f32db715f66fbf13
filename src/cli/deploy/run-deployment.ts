import { createInterface } from 'node:readline/promises';
import { existsSync } from 'node:fs';
import { takeLocalLease } from '../../adapters/local-lease.ts';
import { StepError } from '../../base/step-error.ts';
import type { DeployOptions, Outcome } from '../../deploy/deploy.ts';
import type { Run } from '../../deploy/run.ts';
import { printable, type Style } from '../../report/style.ts';
import type { DeploymentCommandOptions } from '../options.ts';
import { liveProgress, type Progress, plainProgress } from '../progress/progress.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';
import { readDeployment } from './deployment.ts';
import { openWorld } from './open-world.ts';
import { outcomeText } from './outcome-text.ts';
import { type Questions, questionsOf } from './questions.ts';
import { resumeCommand } from './resume-command.ts';
import { writeWorkFolder } from './work-folder.ts';

/** The outside of these commands, so that a test can give another. */
export type DeployTools = {
  readonly openWorld: typeof openWorld;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Calls back at each Ctrl-C, until what it answers is called. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
};

export const DEPLOY_TOOLS: DeployTools = {
  openWorld,
  input: process.stdin,
  onInterrupt: (interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
    };
  },
};

/** What distinguishes the commands. */
type Deed = {
  readonly command: 'up' | 'down';
  /** What is told where nothing was to do. */
  readonly idle: string;
  readonly act: (run: Run, how: DeploymentRun) => Promise<Outcome>;
};

export type DeploymentRun = DeployOptions & { readonly style: Style; readonly write: (text: string) => void };

type Outside = { readonly terminal: Terminal; readonly tools: DeployTools };
type Read = Exclude<Awaited<ReturnType<typeof readDeployment>>, { readonly exitCode: number }>;

/** What `up` and `down` have in common: the files, the outside, the questions, Ctrl-C, and what is told in the end. */
export async function runDeployment(
  deed: Deed,
  options: DeploymentCommandOptions,
  outside: Outside,
): Promise<number> {
  const { terminal, tools } = outside;
  const read = await readDeployment(options, deed.command, terminal);
  if ('exitCode' in read) return read.exitCode;
  const giveBack = takeFolder(read, terminal);
  if (!giveBack) return EXIT.findings;
  try {
    refuseOtherPlace(read);
    writeWorkFolder(read.folder, read.deployment.tree);
    const { world, close } = tools.openWorld(read.deployment, read.folder, {
      env: terminal.env,
      parallel: options.parallel,
    });
    try {
      return await runIn({ ...read, world }, deed, options, outside);
    } finally {
      await close();
    }
  } finally {
    giveBack();
  }
}

/** Before its files change: another run may be at work on them, whatever place the states are in. */
function takeFolder({ folder, deployment }: Read, { stderr, env }: Terminal): (() => void) | undefined {
  try {
    return takeLocalLease(folder.lock, deployment.operator, Date.now);
  } catch (error) {
    if (!(error instanceof StepError)) {
      throw new UsageError(`cannot write to ${folder.lock}: ${(error as Error).message}`);
    }
    const style = styleFor(stderr, env);
    const advice = `${style.dim('what to do:')} ${printable(error.advice ?? '')}`;
    stderr.write(`${style.red(printable(error.message))}\n  ${advice}\nNothing was done.\n`);
    return undefined;
  }
}

/** With states here and others in Azure, all that is there would be taken for new. Preflight tells of the reverse. */
function refuseOtherPlace({ deployment, folder }: Read): void {
  if (deployment.stateStore.kind === 'local' || !existsSync(folder.states)) return;
  throw new UsageError(
    `the states of this fleet are on this machine, in ${folder.states}; run it with --state local, or move them away`,
  );
}

async function runIn(
  { deployment, world }: Read & Pick<Run, 'world'>,
  { command, idle, act }: Deed,
  options: DeploymentCommandOptions,
  { terminal, tools }: Outside,
): Promise<number> {
  const screen = terminal.stdout;
  const style = styleFor(screen, terminal.env);
  const progress = progressOn(screen, style, terminal.env, world.clock.now);
  const write = (text: string): void => void progress.aside(async () => screen.write(text));
  const ask = questionsOf(
    {
      write: (text) => void screen.write(text),
      ask: answersFrom(tools.input, screen),
      aside: progress.aside,
      fleet: deployment.platform.fleet.name,
      environment: options.environment,
      style,
    },
    { isAgreed: options.yes === true, mayDestroy: options.allowDestroy === true },
  );
  const stopping = new AbortController();
  const endInterrupts = tools.onInterrupt(() => {
    if (stopping.signal.aborted) return;
    write('\nstopping: a Terraform at work writes its state first\n');
    stopping.abort(new StepError('stopped'));
  });
  try {
    const outcome = await act(
      { deployment, world, ask, found: { plans: new Map() } },
      { signal: stopping.signal, parallel: options.parallel, onEvent: progress.onEvent, style, write },
    );
    progress.stop();
    const words = { command: resumeCommand(command, options), idle, style };
    return await told(outcome, words, (text) => void screen.write(text));
  } catch (error) {
    // What cannot begin as it was asked for.
    if (error instanceof StepError) {
      throw new UsageError([error.message, error.advice].filter(Boolean).join('; '));
    }
    throw error;
  } finally {
    progress.stop();
    endInterrupts();
  }
}

function progressOn(
  screen: Terminal['stdout'],
  style: Style,
  env: Terminal['env'],
  now: () => number,
): Progress {
  const begin = now();
  const isLive = screen.isTTY === true && env['TERM'] !== 'dumb';
  return isLive ? liveProgress(screen, style, () => now() - begin) : plainProgress(screen, style);
}

/** What a step threw and did not mean to is our bug: its stack is told, and the exit code says so. */
async function told(
  outcome: Outcome,
  words: Omit<Parameters<typeof outcomeText>[1], 'detailOf'>,
  write: (text: string) => void,
): Promise<number> {
  const { sourceStack } = await import('../source-stack.ts');
  const detailOf = (error: Error): string =>
    error instanceof StepError
      ? error.message
      : `a bug of ours, please report it: ${sourceStack(error.stack ?? error.message)}`;
  write(`\n${outcomeText(outcome, { ...words, detailOf })}`);
  const ends = [...outcome.ends.values()];
  if (ends.some((end) => end.kind === 'failed' && !(end.error instanceof StepError))) return EXIT.bug;
  return ends.every(({ kind }) => kind === 'changed' || kind === 'unchanged') ? EXIT.fine : EXIT.findings;
}

/** A person who reads the screen and types; undefined where there is none. */
function answersFrom(input: DeployTools['input'], screen: Terminal['stdout']): Questions['ask'] {
  if (input.isTTY !== true || screen.isTTY !== true) return undefined;
  return async (prompt, signal) => {
    screen.write(prompt);
    // Without an output readline leaves the line, and Ctrl-C, to the terminal itself.
    const reader = createInterface({ input });
    // A question would wait for ever on an input that has ended, by Ctrl-D for one: no answer is no yes.
    const ended = new Promise<undefined>((resolve) => {
      reader.on('close', () => resolve(undefined));
    });
    try {
      const answer = await Promise.race([reader.question('', { signal }), ended]);
      if (answer === undefined) screen.write('\n');
      return answer ?? '';
    } finally {
      reader.close();
    }
  };
}
