import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { concurrencyLimit } from '../../src/base/concurrency.ts';
import { runProgram, temporaryFolder } from './processes.ts';
import type { Outcome, RunningProcess } from './processes.ts';
import { startResidentProvider } from './resident-provider.ts';
import { findTool, pathOf } from './tools.ts';

/** What Terraform says about one place of a root. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** `<file>:<line>`, if Terraform names a place. */
  readonly place?: string;
}

/** What became of one `run` block of a test file. */
export interface TestRun {
  readonly file: string;
  readonly run: string;
  readonly status: 'pass' | 'fail' | 'error' | 'skip';
  /** The messages of the assertions that did not hold, and of anything else that went wrong. */
  readonly messages: readonly string[];
}

/** A provider that was installed by `terraform init`, started once and shared by every validation. */
interface AttachedProvider {
  readonly version: string;
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
}

export interface Terraform {
  /**
   * `terraform init -backend=false` and `terraform validate` of one root, which is not written to. Errors
   * come first; an empty list is a valid root. Variable values (`*.tfvars`) are not judged: validate never
   * reads them.
   */
  validate(root: string): Promise<readonly Diagnostic[]>;
  /**
   * `terraform test` of one root, which is not written to: of all its test files, or of those that are named. Throws
   * when nothing is run, since that would pass for success.
   */
  test(root: string, ...files: readonly string[]): Promise<readonly TestRun[]>;
  /** Version of azurerm that the last `init` chose; undefined before the first. */
  azurermVersion(): string | undefined;
  stop(): Promise<void>;
}

/**
 * `terraform fmt -check` over a folder and all below it.
 *
 * @returns Terraform's own diff, empty if every file is formatted; the message if a file cannot be parsed.
 */
export async function terraformFmtCheck(folder: string): Promise<string> {
  const outcome = await terraform(folder, ['fmt', '-check', '-diff', '-recursive', '-no-color', '.']);
  // 0: formatted, 3: not formatted, 2: unreadable.
  if (outcome.exitCode === 0) return '';
  return `${outcome.stdout}${outcome.stderr}` || `terraform fmt: exit code ${outcome.exitCode}`;
}

/**
 * A session in which many roots can be validated cheaply. `init` hashes the provider's 220 MB, and so does
 * each `validate` before it starts it again: 1.4 s a root. Here `init` runs once for each distinct
 * `required_providers`, and the provider that it installed stays up: 0.2 s a root (60 resources, 2 cores). Terraform and the provider are the released
 * programs and judge as always; the harness's own suite compares. Roots with equal files are judged once.
 */
export function openTerraform(): Terraform {
  const folder = temporaryFolder('terraform');
  const slots = concurrencyLimit(Math.min(2, availableParallelism()));
  const inits = new Map<string, Promise<AttachedProvider | Diagnostic>>();
  const verdicts = new Map<string, Promise<readonly Diagnostic[]>>();
  const residents = new Map<string, Promise<AttachedProvider>>();
  const processes: RunningProcess[] = [];
  let version: string | undefined;

  const providerFor = async (root: string, requirements: string): Promise<AttachedProvider | Diagnostic> => {
    const provider = await remember(inits, requirements, async () => {
      const workspace = join(folder.path, `init-${inits.size}`);
      const executable = await initialize(root, workspace);
      if (typeof executable !== 'string') return executable;
      return remember(residents, basename(executable), () => startProvider(executable, workspace, processes));
    });
    if ('version' in provider) version = provider.version;
    return provider;
  };
  const validateFresh = async (root: string, requirements: string): Promise<readonly Diagnostic[]> => {
    const provider = await providerFor(root, requirements);
    return 'severity' in provider ? [provider] : slots(() => validateAttached(root, provider, folder.path));
  };

  return {
    validate: (root) => {
      const { digest, requirements } = fingerprint(root);
      return remember(verdicts, digest, () => validateFresh(root, requirements));
    },
    test: async (root, ...files) => {
      const provider = await providerFor(root, fingerprint(root).requirements);
      if ('severity' in provider) throw new Error(`${provider.summary}: ${provider.detail}`);
      return slots(() => testAttached(root, files, provider, folder.path));
    },
    azurermVersion: () => version,
    stop: async () => {
      await Promise.all(processes.map((each) => each.stop()));
      folder.remove();
    },
  };
}

/** Version of the terraform program, for example `1.11.4`. */
export async function terraformVersion(): Promise<string> {
  const outcome = await terraform('.', ['version', '-json']);
  return (JSON.parse(outcome.stdout) as { terraform_version: string }).terraform_version;
}

/** Runs the real `init` on a copy of the root; gives the provider's executable, or why there is none. */
async function initialize(root: string, workspace: string): Promise<string | Diagnostic> {
  mkdirSync(workspace);
  for (const file of configurationFiles(root)) cpSync(join(root, file), join(workspace, file));
  const args = ['init', '-backend=false', '-input=false', '-no-color'];
  const { exitCode, stdout, stderr } = await terraform(workspace, args, { timeoutSeconds: 300 });
  if (exitCode !== 0)
    return { severity: 'error', summary: 'terraform init failed', detail: stderr || stdout };
  const executable = findExecutable(join(workspace, '.terraform', 'providers'));
  if (executable !== undefined) return executable;
  return { severity: 'error', summary: 'the root does not use hashicorp/azurerm', detail: stdout };
}

/** `<registry>/hashicorp/azurerm/<version>/<platform>/terraform-provider-azurerm_v<version>_x5` */
export function findExecutable(providers: string): string | undefined {
  if (!existsSync(providers)) return undefined;
  for (const registry of readdirSync(providers)) {
    const slot = join(providers, registry, 'hashicorp', 'azurerm');
    if (!existsSync(slot)) continue;
    const platform = join(slot, readdirSync(slot)[0]!);
    const home = join(platform, readdirSync(platform)[0]!);
    const program = readdirSync(home).find((file) => file.startsWith('terraform-provider-azurerm'));
    if (program !== undefined) return join(home, program);
  }
  return undefined;
}

async function startProvider(
  executable: string,
  workspace: string,
  processes: RunningProcess[],
): Promise<AttachedProvider> {
  const { reattach, process } = await startResidentProvider(executable, workspace);
  processes.push(process);
  return { version: basename(dirname(dirname(executable))), reattach };
}

async function validateAttached(
  root: string,
  provider: AttachedProvider,
  sessionFolder: string,
): Promise<readonly Diagnostic[]> {
  const outcome = await terraform(root, ['validate', '-json'], {
    env: { TF_REATTACH_PROVIDERS: provider.reattach, TF_DATA_DIR: join(sessionFolder, 'no-data') },
  });
  return readDiagnostics(outcome);
}

async function testAttached(
  root: string,
  files: readonly string[],
  provider: AttachedProvider,
  sessionFolder: string,
): Promise<readonly TestRun[]> {
  const filters = files.map((file) => `-filter=tests/${file}`);
  const { stdout, stderr } = await terraform(root, ['test', '-json', ...filters], {
    env: { TF_REATTACH_PROVIDERS: provider.reattach, TF_DATA_DIR: join(sessionFolder, 'no-data') },
    timeoutSeconds: 300,
  });
  interface Event {
    readonly type: string;
    readonly '@testfile'?: string;
    readonly '@testrun'?: string;
    readonly test_run?: { readonly progress: string; readonly status: TestRun['status'] };
    readonly diagnostic?: Omit<Diagnostic, 'place'>;
  }
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
  const ended = events.filter(({ test_run: run }) => run?.progress === 'complete');
  if (ended.length === 0) throw new Error(`terraform test ran nothing:\n${stderr || stdout}`);
  return ended.map((event) => ({
    file: event['@testfile']!.replace(/^tests\//, ''),
    run: event['@testrun']!,
    status: event.test_run!.status,
    messages: events
      .filter((other) => other.diagnostic?.severity === 'error' && other['@testrun'] === event['@testrun'])
      .map(({ diagnostic }) => `${diagnostic!.summary}: ${diagnostic!.detail}`),
  }));
}

/** Reads the answer of `terraform validate -json`. Anything else throws and is never a valid root. */
export function readDiagnostics(outcome: Outcome): readonly Diagnostic[] {
  interface Verdict {
    readonly valid: boolean;
    readonly diagnostics: readonly (Omit<Diagnostic, 'place'> & {
      readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
    })[];
  }
  if (!outcome.stdout.startsWith('{'))
    throw new Error(`terraform validate gave no verdict:\n${outcome.stderr}`);
  const verdict = JSON.parse(outcome.stdout) as Verdict;
  const diagnostics = verdict.diagnostics.map(({ severity, summary, detail, range }) => ({
    severity,
    summary,
    detail,
    ...(range ? { place: `${range.filename}:${range.start.line}` } : {}),
  }));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (verdict.valid !== (errors.length === 0)) {
    throw new Error(`terraform validate contradicts itself:\n${outcome.stdout}`);
  }
  return [...errors, ...diagnostics.filter((diagnostic) => diagnostic.severity !== 'error')];
}

/** Runs terraform, or OpenTofu in its place, in a folder, away from the user's state and without a call home. */
export function terraform(
  folder: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly timeoutSeconds?: number;
    readonly program?: 'terraform' | 'tofu';
    readonly niceness?: number;
  } = {},
): Promise<Outcome> {
  const lookup = findTool('azurerm');
  const isConfiguration = lookup.found && lookup.path !== process.env['TF_PLUGIN_CACHE_DIR'];
  const env = {
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    ...(isConfiguration ? { TF_CLI_CONFIG_FILE: lookup.path } : {}),
    ...options.env,
  };
  return runProgram(pathOf(options.program ?? 'terraform'), args, { ...options, cwd: folder, env });
}

function configurationFiles(root: string): string[] {
  return readdirSync(root)
    .filter((file) => file.endsWith('.tf') || file.endsWith('.tf.json'))
    .sort();
}

/** What decides the verdict on a root, and what decides which provider `init` chooses for it. */
function fingerprint(root: string): { readonly digest: string; readonly requirements: string } {
  const contents = configurationFiles(root).map(
    (file) => [file, readFileSync(join(root, file), 'utf8')] as const,
  );
  const digest = createHash('sha256').update(JSON.stringify(contents)).digest('hex');
  const blocks = contents.flatMap(
    ([, text]) => text.match(/required_providers\s*\{(?:[^{}]|\{[^{}]*\})*\}/g) ?? [],
  );
  // Without a block that can be read here, the root gets an init of its own.
  return { digest, requirements: blocks.length > 0 ? blocks.join('\n') : digest };
}

function remember<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
