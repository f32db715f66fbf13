import { copyFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { concurrencyLimit } from '../../src/base/concurrency.ts';
import type { Arm } from '../../src/lab/arm/start.ts';
import { LOCAL_BACKEND, LOCAL_BACKEND_FILE } from '../../src/terraform/local-backend.ts';
import { type Outcome, temporaryFolder } from './processes.ts';
import { startResidentProvider } from './resident-provider.ts';
import { environmentWithVariables } from './terraform-variables.ts';
import { findExecutable, terraform } from './terraform.ts';

/** An apply waits out 4 min in azurerm's own fixed waits: 121 s for a public vault, then 115 s for its metric alert. */
const LIMIT_SECONDS = 900;

/** Terraform and its azurerm take 300 MB while they wait, half of it shared with the others; a resident one 50 MB. */
const RUNS_MAX = 64;

const slots = concurrencyLimit(RUNS_MAX);

const SAVED = 'root.tfplan';

/** What `init` leaves in a root. */
const INSTALLED = '.terraform';
const LOCK_FILE = '.terraform.lock.hcl';

/** CLI configurations by the folder of the provider that they name. */
const configurations = new Map<string, string>();

/**
 * A CLI configuration that names the folder from which `init` took its provider. Terraform then starts that very program
 * without hashing its 220 MB before each plan and apply: half a second of a core each time.
 */
function configurationFor(root: string): Readonly<Record<string, string>> {
  const executable = findExecutable(join(root, INSTALLED, 'providers'));
  if (executable === undefined) return {};
  const home = realpathSync(dirname(executable));
  const known = configurations.get(home);
  if (known !== undefined) return { TF_CLI_CONFIG_FILE: known };
  const path = join(temporaryFolder('provider').path, 'cli.tfrc');
  const overrides = `  dev_overrides {\n    "hashicorp/azurerm" = ${JSON.stringify(home)}\n  }\n`;
  writeFileSync(path, `provider_installation {\n${overrides}  direct {}\n}\n`);
  configurations.set(home, path);
  return { TF_CLI_CONFIG_FILE: path };
}

export type RootOptions = {
  readonly program?: 'terraform' | 'tofu';
  /** Keeps one azurerm for all its commands. */
  readonly isResident?: boolean;
  /** A root of the same providers and the same configuration of them: what it installed and keeps serves this one too. */
  readonly like?: AppliedRoot;
  /** How much of the cores it leaves to other roots, from 0 to 19. */
  readonly niceness?: number;
};

/**
 * A root in a folder of its own or of a tree, which is written to: its state stays in it. Throws with Terraform's words
 * when it cannot be initialised.
 */
export async function openRoot(
  folder: string,
  arm: Pick<Arm, 'environment'>,
  { program = 'terraform', isResident = false, like, niceness = 0 }: RootOptions = {},
): Promise<AppliedRoot> {
  writeFileSync(join(folder, LOCAL_BACKEND_FILE), LOCAL_BACKEND);
  let env = environmentWithVariables(arm);
  const run = (args: readonly string[]): Promise<Outcome> =>
    slots(() =>
      terraform(folder, [...args, '-no-color'], {
        env,
        program,
        niceness,
        timeoutSeconds: LIMIT_SECONDS,
      }),
    );
  const succeed = async (args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args);
    if (exitCode !== 0) throw new Error(`${program} ${args[0]} of ${folder}:\n${stderr || stdout}`);
    return stdout;
  };
  if (like === undefined) await succeed(['init', '-input=false']);
  else {
    symlinkSync(join(like.folder, INSTALLED), join(folder, INSTALLED));
    copyFileSync(join(like.folder, LOCK_FILE), join(folder, LOCK_FILE));
  }
  // Reading azurerm's schema makes much garbage; collecting it half as often saves a tenth of each command.
  env = { ...env, ...configurationFor(folder), GOGC: '200' };
  const own = isResident && like === undefined ? await attach(folder, env, niceness, program) : undefined;
  const reattach = own?.reattach ?? like?.reattach;
  if (reattach !== undefined) env = { ...env, TF_REATTACH_PROVIDERS: reattach };
  return {
    folder,
    ...(reattach === undefined ? {} : { reattach }),
    close: async () => own?.close(),
    plan: async () => {
      await succeed(['plan', '-input=false', `-out=${SAVED}`]);
      return succeed(['show', '-json', SAVED]);
    },
    planFrom: async (state) => {
      writeFileSync(join(folder, 'other.tfstate'), state);
      const from = ['-state=other.tfstate', '-refresh=false', '-lock=false'];
      await succeed(['plan', '-input=false', ...from, '-out=other.tfplan']);
      return succeed(['show', '-json', 'other.tfplan']);
    },
    applyPlan: async () => {
      await succeed(['apply', '-input=false', '-parallelism=20', SAVED]);
    },
    apply: async () => {
      await succeed(['apply', '-auto-approve', '-input=false', '-parallelism=20']);
    },
    tryToApply: () => run(['apply', '-auto-approve', '-input=false', '-parallelism=20']),
    replan: async () => {
      const { exitCode, stdout, stderr } = await run(['plan', '-detailed-exitcode', '-input=false']);
      if (exitCode !== 0 && exitCode !== 2)
        throw new Error(`${program} plan of ${folder}:\n${stderr || stdout}`);
      return exitCode === 0 ? '' : stdout.slice(stdout.indexOf('will perform'));
    },
    destroy: async () => {
      await succeed(['destroy', '-auto-approve', '-input=false', '-parallelism=20']);
    },
    outputs: async () => {
      const outputs = JSON.parse(await succeed(['output', '-json'])) as Record<string, { value: unknown }>;
      return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    },
    shown: () => succeed(['show', '-json']),
  };
}

/** An azurerm that stays, and serves all commands of a root and of those that are like it. */
async function attach(
  root: string,
  env: Readonly<Record<string, string>>,
  niceness: number,
  program: 'terraform' | 'tofu',
): Promise<{ readonly reattach: string; readonly close: () => Promise<void> }> {
  const folder = temporaryFolder('azurerm');
  const executable = realpathSync(findExecutable(join(root, INSTALLED, 'providers'))!);
  const { reattach, process } = await startResidentProvider(executable, folder.path, env, niceness);
  const close = async (): Promise<void> => {
    await process.stop();
    folder.remove();
  };
  // OpenTofu has another registry in mind, and takes a provider by its full name.
  const name = program === 'tofu' ? 'registry.opentofu.org' : 'registry.terraform.io';
  return { reattach: reattach.replaceAll('registry.terraform.io', name), close };
}

/** A root of Terraform against a lab, with a state of its own. Everything throws with Terraform's words when it fails. */
export type AppliedRoot = {
  readonly folder: string;
  /** Value of TF_REATTACH_PROVIDERS, where an azurerm stays. */
  readonly reattach?: string;
  /** Plans, keeps the plan, and gives it as `terraform show -json` prints it. */
  readonly plan: () => Promise<string>;
  /** The plan from another state, which is taken for what Azure has. */
  readonly planFrom: (state: string) => Promise<string>;
  /** Applies the plan that was kept. */
  readonly applyPlan: () => Promise<void>;
  readonly apply: () => Promise<void>;
  /** For an apply that is to fail, or may. */
  readonly tryToApply: () => Promise<Outcome>;
  /** What the next apply would change, in Terraform's words; empty when nothing. */
  readonly replan: () => Promise<string>;
  readonly destroy: () => Promise<void>;
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** The state, as `terraform show -json` prints it. */
  readonly shown: () => Promise<string>;
  /** Ends what was started for it. */
  readonly close: () => Promise<void>;
};
