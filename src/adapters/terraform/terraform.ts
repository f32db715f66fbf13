import { join } from 'node:path';
import { concurrencyLimit } from '../../base/concurrency.ts';
import { StepError } from '../../base/step-error.ts';
import { makePrivateFolder, removeFolder, writePrivateJson } from '../private-folder.ts';
import { type Environment, findProgram, type Program, runProgram } from '../program.ts';
import {
  outputValues,
  type PlannedChange,
  plannedChanges,
  type StateResource,
  stateResources,
} from './documents.ts';
import { afterRunsBefore, pidFileOf } from './runs-before.ts';
import { diagnosticText, parseEvent, plainErrorText, progressText } from './events.ts';
import { runLogged } from './logged-run.ts';

/** As in a deployment. */
type RootFolder = {
  readonly path: string;
  readonly folder: string;
  readonly variables?: Readonly<Record<string, unknown>>;
};
type Call = { readonly signal: AbortSignal; readonly report: (detail: string) => void };

export type TerraformOptions = {
  /** What a login and a backend need comes from here. `BULKHEAD_TERRAFORM` names another program. */
  readonly env: Environment;
  /** Where the log of a root is kept. */
  readonly logFile: (root: RootFolder) => string;
  /** Settings of a root's backend; given in a file, never as arguments. */
  readonly backend?: (root: RootFolder) => Readonly<Record<string, string | boolean>>;
  /** How long an interrupted Terraform may take to write its state; then it is killed. 2 minutes unless told. */
  readonly stopWaitMs?: number;
  /** How many Terraforms may run at once, each of which wants a core and some 300 MB; 8 unless told. */
  readonly parallel?: number;
  /** How long to wait for another run that holds the state's lock. 5 minutes unless told. */
  readonly lockWaitSeconds?: number;
};

const PROGRAM: Program = {
  names: ['terraform', 'tofu'],
  variable: 'BULKHEAD_TERRAFORM',
  advice: 'install Terraform or OpenTofu 1.11 or newer, or name its program in BULKHEAD_TERRAFORM',
};

const PARALLEL = 8;
const STOP_WAIT_MS = 120_000;
const LOCK_WAIT_SECONDS = 300;
/** Reading a plan or a state starts the provider for its schema; reading a state asks the backend. */
const READ_TIMEOUT_MS = 300_000;
/** A root of 200 pools plans about 2 MiB. */
const DOCUMENT_MAX_BYTES = 256 * 1024 * 1024;
/** Of what a failed command said and was no event. */
const LOOSE_LINES_MAX = 200;

/**
 * Terraform or OpenTofu by its command line, one root at a time, without a shell. What it does is logged as its own
 * events; plans, states and outputs, which may hold secrets, pass through memory and a folder that only this user may
 * read. `close` removes that folder, and with it the plans that nobody applied. The lock of a state that a Terraform of
 * ours left when it was killed is broken: whoever calls has to see to it that no other run is at work.
 */
export function openTerraform(options: TerraformOptions) {
  let found: string | undefined;
  // When it is first needed: a program that is missing is told of with all else that stands in the way.
  const path = (): string => (found ??= findProgram(PROGRAM, options.env));
  const env = terraformEnvironment(options.env);
  const privateFolder = makePrivateFolder('terraform');
  const slots = concurrencyLimit(options.parallel ?? PARALLEL);
  const ready = new Set<string>();
  let files = 0;
  const nextFile = (name: string): string => `${(files += 1)}-${name}`;
  /** In a file of its own and never as arguments, where any user of the machine could read them. */
  const variablesOf = ({ variables = {} }: RootFolder): readonly string[] => {
    if (Object.keys(variables).length === 0) return [];
    return [`-var-file=${writePrivateJson(privateFolder, nextFile('variables.tfvars.json'), variables)}`];
  };
  const lock = `-lock-timeout=${options.lockWaitSeconds ?? LOCK_WAIT_SECONDS}s`;

  const once = (root: RootFolder, args: readonly string[], { signal, report }: Call): Promise<void> =>
    slots(() => runChange({ path: path(), env, root, args, signal, report, options }));
  const change = (root: RootFolder, args: readonly string[], call: Call): Promise<void> => {
    if (!args.includes(lock)) return once(root, args, call);
    const hasty = args.map((word) => (word === lock ? '-lock-timeout=0s' : word));
    return afterRunsBefore({
      ...call,
      pidFile: pidFileOf(options.logFile(root)),
      attempt: (isPatient) => once(root, isPatient ? args : hasty, call),
      unlock: (id) => once(root, ['force-unlock', '-force', id], call),
    });
  };
  const read = async (root: RootFolder, args: readonly string[], { signal }: Call): Promise<unknown> => {
    const limits = { timeoutMs: READ_TIMEOUT_MS, bytesMax: DOCUMENT_MAX_BYTES };
    const ended = await slots(() => runProgram(path(), args, { cwd: root.folder, env, signal, ...limits }));
    if (ended.exitCode !== 0) throw failure(root, args[0]!, plainErrorText(ended.stderr), false);
    return JSON.parse(ended.stdout.toString('utf8'));
  };

  return {
    version: async (signal: AbortSignal) => {
      const limits = { timeoutMs: READ_TIMEOUT_MS, bytesMax: DOCUMENT_MAX_BYTES };
      const { stdout, stderr } = await runProgram(path(), ['version', '-json'], { env, signal, ...limits });
      return parseVersion(path(), stdout.toString('utf8'), stderr);
    },
    /** Once for each folder: what it prepares stays. */
    init: async (root: RootFolder, call: Call): Promise<void> => {
      if (ready.has(root.folder)) return;
      const settings = options.backend?.(root);
      const backend =
        settings && writePrivateJson(privateFolder, nextFile('backend.tfbackend.json'), settings);
      const more = backend === undefined ? [] : [`-backend-config=${backend}`, '-reconfigure'];
      await change(root, ['init', '-json', '-input=false', ...more], call);
      ready.add(root.folder);
    },
    plan: async (
      root: RootFolder,
      call: Call & { readonly isDestroy?: boolean },
    ): Promise<{ readonly changes: readonly PlannedChange[]; readonly planFile: string }> => {
      const planFile = join(privateFolder, nextFile('plan'));
      const more = [...(call.isDestroy ? ['-destroy'] : []), ...variablesOf(root)];
      await change(root, ['plan', '-json', '-input=false', lock, `-out=${planFile}`, ...more], call);
      return { changes: plannedChanges(await read(root, ['show', '-json', planFile], call)), planFile };
    },
    apply: async (root: RootFolder, planFile: string, call: Call): Promise<void> => {
      try {
        await change(root, ['apply', '-json', '-input=false', lock, planFile], call);
      } finally {
        // Applied or not: a plan serves once.
        removeFolder(planFile);
      }
    },
    outputs: async (root: RootFolder, call: Call): Promise<Readonly<Record<string, unknown>>> =>
      outputValues(await read(root, ['output', '-json'], call)),
    resources: async (root: RootFolder, call: Call): Promise<readonly StateResource[]> =>
      stateResources(await read(root, ['show', '-json'], call)),
    untaint: (root: RootFolder, address: string, call: Call): Promise<void> =>
      change(root, ['untaint', '-no-color', lock, '--', address], call),
    import: (root: RootFolder, address: string, id: string, call: Call): Promise<void> =>
      change(
        root,
        ['import', '-no-color', '-input=false', lock, ...variablesOf(root), '--', address, id],
        call,
      ),
    close: (): void => removeFolder(privateFolder),
  };
}

/**
 * No questions, no call home, and nothing of the caller's shell that would change what a command means: arguments that
 * Terraform adds by itself, another workspace. Its debug log, which shows requests, goes to a file that is named or
 * nowhere.
 */
export function terraformEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !name.startsWith('TF_CLI_ARGS') &&
      name !== 'TF_WORKSPACE' &&
      !(/^TF_LOG(?!_PATH$)/.test(name) && !env['TF_LOG_PATH']),
  );
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
}

function parseVersion(
  path: string,
  stdout: string,
  stderr: string,
): { readonly program: 'terraform' | 'tofu'; readonly version: string } {
  try {
    const { terraform_version: version } = JSON.parse(stdout) as { readonly terraform_version?: unknown };
    // OpenTofu answers under Terraform's key.
    if (typeof version === 'string') return { program: /tofu/.test(path) ? 'tofu' : 'terraform', version };
  } catch {
    // Told below.
  }
  const said = plainErrorText(stderr || stdout).slice(0, 500);
  throw new StepError(`${path} does not say its version as Terraform does: ${said}`, {
    advice: PROGRAM.advice,
  });
}

async function runChange(run: {
  readonly path: string;
  readonly env: Environment;
  readonly root: RootFolder;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly report: (detail: string) => void;
  readonly options: TerraformOptions;
}): Promise<void> {
  const { path, env, root, args, signal, report, options } = run;
  const errors: string[] = [];
  const loose: string[] = [];
  const onLine = (line: string): void => {
    const event = parseEvent(line);
    if (event?.diagnostic?.severity === 'error') errors.push(diagnosticText(event.diagnostic));
    const text = event && progressText(event);
    if (text !== undefined) report(text);
    if (!event && loose.length < LOOSE_LINES_MAX) loose.push(line);
  };
  const { exitCode, isKilled } = await runLogged(path, args, {
    folder: root.folder,
    env,
    signal,
    logFile: options.logFile(root),
    onLine,
    stopWaitMs: options.stopWaitMs ?? STOP_WAIT_MS,
  });
  if (exitCode === 0) return;
  const said = errors.length > 0 ? [...new Set(errors)].join('\n\n') : plainErrorText(loose.join('\n'));
  const why = said || `it ended ${exitCode === undefined ? 'by a signal' : `with exit code ${exitCode}`}`;
  throw failure(root, args[0]!, why, isKilled, options.logFile(root));
}

function failure(
  root: RootFolder,
  command: string,
  said: string,
  isKilled: boolean,
  logFile?: string,
): StepError {
  const lockId = /lock[\s\S]*?\bID:\s+(\S+)/i.exec(said)?.[1];
  const advice = isKilled
    ? `Terraform did not end in time and was killed; what it was making may be missing in the state of ${root.path}`
    : lockId === undefined
      ? logFile && `what it did before is in ${logFile}`
      : `if nobody else is at work, run: terraform -chdir=${root.folder} force-unlock ${lockId}`;
  return new StepError(`terraform ${command} of ${root.path} failed:\n${said}`, advice ? { advice } : {});
}
