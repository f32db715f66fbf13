import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { WriteReport } from '../../adapters/output-folder.ts';
import { planJson } from '../../report/plan-json.ts';
import { renderClosing, renderExplanations, renderPlan } from '../../report/plan-text.ts';
import { renderWriteReports } from '../../report/write-text.ts';
import { type PlannedFile, planFile } from '../fleet-plan.ts';
import type { PlanOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

const NOTHING_WRITTEN = 'Nothing was written: mend the findings first.\n';

/** `bulkhead plan`: the main job. Answers the exit code. */
export async function planCommand(
  options: PlanOptions & { readonly file: string },
  terminal: Terminal,
): Promise<number> {
  if (options.out !== undefined) refuseFiles(options.out, options.environment);
  const planned = await planFile(options, terminal);
  const { plan, sources } = planned;
  const style = styleFor(terminal.stdout, terminal.env);
  if (options.format === 'json') {
    const parts = [
      'platform',
      'contract',
      'cost',
      ...(options.explain ? (['explanations'] as const) : []),
    ] as const;
    terminal.stdout.write(planJson(plan, new Set(parts)));
  } else if (options.format === 'markdown') {
    const { renderMarkdown } = await import('../../report/markdown.ts');
    terminal.stdout.write(renderMarkdown(plan, sources, new Set(['contract', 'cost', 'notes', 'secrets'])));
  } else {
    terminal.stdout.write(renderPlan(plan, sources, style));
    if (options.explain) terminal.stdout.write(`\n${renderExplanations(plan.environments, style)}`);
  }
  const reports = options.out === undefined ? [] : await write(options.out, planned);
  if (options.format === 'text') {
    if (reports.length > 0) terminal.stdout.write(`\n${renderWriteReports(reports, style)}`);
    else if (options.out !== undefined) terminal.stdout.write(`\n${NOTHING_WRITTEN}`);
    terminal.stdout.write(`\n${renderClosing(plan, style)}`);
  } else if (options.out !== undefined && reports.length === 0) {
    terminal.stderr.write(NOTHING_WRITTEN);
  } else if (reports.length > 0) {
    terminal.stderr.write(renderWriteReports(reports, styleFor(terminal.stderr, terminal.env)));
  }
  return planned.exitCode;
}

/** Said before all else: a whole plan would be printed first, and the disk's own words for it are hard to read. */
function refuseFiles(out: string, environments: PlanOptions['environment']): void {
  for (const environment of environments) {
    const file = fileInTheWay(resolve(out, environment));
    if (file === undefined) continue;
    const shown = isAbsolute(out) ? file : relative(process.cwd(), file);
    throw new UsageError(`cannot write below ${out}: ${shown} is a file; name a folder, or move it away`);
  }
}

/** The path itself, or the first above it that there is, where that is no folder. */
function fileInTheWay(path: string): string | undefined {
  // What the disk does not show is not there, or is told of when something is written.
  if (existsSync(path)) return statSync(path).isDirectory() ? undefined : path;
  return dirname(path) === path ? undefined : fileInTheWay(dirname(path));
}

/** Nothing is written from a fleet that breaks its contract: files on disk are files that may be applied. */
async function write(out: string, { plan, exitCode }: PlannedFile): Promise<readonly WriteReport[]> {
  if (exitCode !== EXIT.fine) return [];
  // Loaded here: a plan that writes nothing needs none of it.
  const { OutputFolderError, writeOutputFolder } = await import('../../adapters/output-folder.ts');
  const { synthesize } = await import('../../plan/synthesize.ts');
  try {
    return plan.environments.map(({ environment, platform }) =>
      writeOutputFolder(join(out, environment), synthesize(platform)),
    );
  } catch (error) {
    if (error instanceof OutputFolderError) throw new UsageError(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new UsageError(`cannot write below ${out}: ${message}`);
    throw error;
  }
}
