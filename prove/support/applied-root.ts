import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arm } from '../../src/lab/arm/start.ts';
import type { Outcome } from './processes.ts';
import { environmentWithVariables } from './terraform-variables.ts';
import { terraform } from './terraform.ts';

/** An apply waits out 4 min in azurerm's own fixed waits: 121 s for a public vault, then 115 s for its metric alert. */
const LIMIT_SECONDS = 900;

/**
 * A root in a folder of its own or of a tree, which is written to: its state stays in it. Throws with Terraform's words
 * when it cannot be initialised.
 */
export async function openRoot(folder: string, arm: Arm): Promise<AppliedRoot> {
  writeFileSync(join(folder, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  const env = environmentWithVariables(arm);
  const run = (args: readonly string[]): Promise<Outcome> =>
    terraform(folder, [...args, '-no-color'], { env, timeoutSeconds: LIMIT_SECONDS });
  const succeed = async (args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args);
    if (exitCode !== 0) throw new Error(`terraform ${args[0]} of ${folder}:\n${stderr || stdout}`);
    return stdout;
  };
  await succeed(['init', '-input=false']);
  return {
    folder,
    apply: async () => {
      await succeed(['apply', '-auto-approve', '-input=false', '-parallelism=20']);
    },
    tryToApply: () => run(['apply', '-auto-approve', '-input=false', '-parallelism=20']),
    replan: async () => {
      const { exitCode, stdout, stderr } = await run(['plan', '-detailed-exitcode', '-input=false']);
      if (exitCode !== 0 && exitCode !== 2)
        throw new Error(`terraform plan of ${folder}:\n${stderr || stdout}`);
      return exitCode === 0 ? '' : stdout.slice(stdout.indexOf('Terraform will perform'));
    },
    destroy: async () => {
      await succeed(['destroy', '-auto-approve', '-input=false', '-parallelism=20']);
    },
    outputs: async () => {
      const outputs = JSON.parse(await succeed(['output', '-json'])) as Record<string, { value: unknown }>;
      return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    },
    shown: async () => JSON.parse(await succeed(['show', '-json'])) as unknown,
  };
}

/** A root of Terraform against a lab, with a state of its own. Everything throws with Terraform's words when it fails. */
export type AppliedRoot = {
  readonly folder: string;
  readonly apply: () => Promise<void>;
  /** For an apply that is to fail, or may. */
  readonly tryToApply: () => Promise<Outcome>;
  /** What the next apply would change, in Terraform's words; empty when nothing. */
  readonly replan: () => Promise<string>;
  readonly destroy: () => Promise<void>;
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** `terraform show -json` of the state. */
  readonly shown: () => Promise<unknown>;
};
