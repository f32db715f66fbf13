/**
 * Runs every suite of prove/ against the real programs and says which programs gave the verdict.
 * Usage: node dist/prove/run.js [PART]... A part selects the suites whose path contains it.
 * Exit code 0: all passed or were skipped by name; 1: something failed, or no suite was selected.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { listCrds } from './support/crds.ts';
import { killDescendants, runProgram, temporaryFolder, undoAtExit } from './support/processes.ts';
import { openTerraform, terraformVersion } from './support/terraform.ts';
import { findTool, repositoryRoot, toolNames } from './support/tools.ts';
import type { Tool } from './support/tools.ts';

/** A suite starts servers and validates hundreds of roots: minutes are fine, a hang is not. */
const suiteLimitMinutes = 40;

interface Tally {
  passed: number;
  failed: number;
  readonly skipped: string[];
}

/** What the events of node:test carry; its published types leave out `type` and `failureType`. */
interface TestEnd {
  readonly name: string;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: { readonly failureType?: string } };
}

/** The suites as they stand in the sources, so that a compiled file whose source is gone is not run. */
function findSuites(parts: readonly string[]): string[] {
  return readdirSync(join(repositoryRoot, 'prove'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort()
    .map((file) => join(repositoryRoot, 'dist', 'prove', file.replace(/\.ts$/, '.js')));
}

/** Version and path of a tool, or why it is missing. */
async function describeTool(tool: Tool): Promise<string> {
  const lookup = findTool(tool);
  if (!lookup.found) return `${lookup.reason}; ${lookup.remedy}`;
  return `${(await versionOf(tool, lookup.path)) ?? 'unknown version'}  ${lookup.path}`;
}

async function versionOf(tool: Tool, path: string): Promise<string | undefined> {
  switch (tool) {
    case 'terraform':
      return terraformVersion();
    case 'azurerm':
      return azurermVersion();
    case 'tofu':
    case 'etcd':
    case 'kube-apiserver':
    case 'kube-scheduler':
    case 'actionlint':
    case 'checkov': {
      const { stdout } = await runProgram(path, ['--version'], { cwd: repositoryRoot });
      return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    }
    case 'kubectl': {
      const { stdout } = await runProgram(path, ['version', '--client'], { cwd: repositoryRoot });
      return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    }
    case 'helm': {
      const { stdout } = await runProgram(path, ['version', '--short'], { cwd: repositoryRoot });
      return /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0];
    }
    case 'crds':
      return `${listCrds(path).length} files`;
  }
}

/** The version that `terraform init` chooses, since only it knows where a CLI configuration leads. */
async function azurermVersion(): Promise<string | undefined> {
  if (!findTool('terraform').found) return undefined;
  const root = temporaryFolder('version');
  const block =
    'terraform {\n  required_providers {\n    azurerm = { source = "hashicorp/azurerm" }\n  }\n}\n';
  writeFileSync(join(root.path, 'main.tf'), block);
  const session = openTerraform();
  await session.validate(root.path);
  await session.stop();
  root.remove();
  return session.azurermVersion();
}

/** Suites that wait for azurerm and use little of a core: they run beside the others. */
const WAITING = /\/up(?:-changes)?\.test\.js$/;
/** By then their processes are there. */
const START_MS = 2000;
/** A third of the weight (nice 5). */
const NICENESS = 5;

/**
 * Runs the files one after another, since each takes both cores and a gigabyte for itself, and those that only wait beside
 * them and each other. What these say comes in the end, whole.
 */
async function runSuites(files: readonly string[]): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  const interruption = new AbortController();
  undoAtExit(() => interruption.abort());
  const said: string[] = [];
  const beside = files.filter((file) => WAITING.test(file));
  const waiting = runFiles(beside, beside.length, tally, interruption.signal, (text) => said.push(text));
  if (beside.length > 0 && beside.length < files.length) await yieldToStarted();
  const others = files.filter((file) => !WAITING.test(file));
  await Promise.all([
    waiting,
    runFiles(others, 1, tally, interruption.signal, (text) => process.stdout.write(text)),
  ]);
  process.stdout.write(said.join(''));
  return tally;
}

/** What waits most is the longest of all in the end: it gets a core when it wants one, and all that starts now comes after it. */
async function yieldToStarted(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, START_MS));
  setPriority(NICENESS);
}

async function runFiles(
  files: readonly string[],
  concurrency: number,
  tally: Tally,
  signal: AbortSignal,
  write: (text: string) => unknown,
): Promise<void> {
  if (files.length === 0) return;
  const events = run({ files: [...files], concurrency, timeout: suiteLimitMinutes * 60_000, signal });
  events.on('test:pass', (event: TestEnd) => {
    if (event.skip !== undefined) tally.skipped.push(`${event.name}: ${event.skip}`);
    else if (event.details.type !== 'suite') tally.passed += 1;
  });
  events.on('test:fail', (event: TestEnd) => {
    // A suite fails with its tests, which are counted; on its own only by a hook.
    if (event.details.error?.failureType !== 'subtestsFailed') tally.failed += 1;
  });
  const report = events.compose(new spec());
  report.on('data', (chunk: Buffer | string) => write(String(chunk)));
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject));
}

const suites = findSuites(process.argv.slice(2));
const uncompiled = suites.filter((file) => !existsSync(file));
if (suites.length === 0 || uncompiled.length > 0) {
  const missing = uncompiled.map((file) => `not compiled: ${file}; run tsc first`);
  process.stderr.write(`${missing.join('\n') || 'no suite has such a name'}\n`);
  process.exit(1);
}
process.stdout.write('Verdicts by\n');
for (const tool of toolNames) process.stdout.write(`  ${tool.padEnd(14)}  ${await describeTool(tool)}\n`);
const tally = await runSuites(suites);
for (const line of tally.skipped) process.stdout.write(`skipped: ${line}\n`);
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
// A suite that no longer hears the signal at its limit would keep this process, and all that wait for it.
killDescendants();
process.exitCode = tally.failed > 0 ? 1 : 0;
