import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readAtRevision, withModulesAtRevision } from '../../adapters/git/fleet-at-revision.ts';
import { redacted } from '../../base/redaction.ts';
import { builtInPriceBook } from '../../catalog/price-book.ts';
import { failsAt } from '../../contract/check.ts';
import { type FleetFileLoad, loadFleetFile } from '../../fleet/load.ts';
import { diffPlans, type PlanDiff } from '../../plan/diff/plan-diff.ts';
import { type Plan, planFleet } from '../../plan/plan.ts';
import { renderDiff } from '../../report/diff-text.ts';
import { renderFindingSection } from '../../report/plan-text.ts';
import { fleetFileIn } from '../fleet-choice.ts';
import { isFleetCode, readFleet } from '../fleet-source.ts';
import type { DiffOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

/**
 * `bulkhead diff BASE`: what becomes of the fleet when `file` takes the place of BASE, which is a file, a folder with
 * a fleet file, or a revision of the repository that `file` lies in. Fails on findings that BASE had not.
 */
export async function diffCommand(
  options: DiffOptions & { readonly base: string; readonly file: string },
  terminal: Terminal,
): Promise<number> {
  const { base, file } = options;
  const style = styleFor(terminal.stdout, terminal.env);
  const sides = { base: await readBase(base, file, terminal), head: await readFleet(file, terminal) };
  for (const load of Object.values(sides)) {
    if (load.findings.length === 0) continue;
    const sources = new Map([[load.document.file, load.document.text]]);
    terminal.stderr.write(
      renderFindingSection(load.findings, redacted(sources, load.findings), style) +
        `\nNothing was compared: ${load.document.file} has to be sound first.\n`,
    );
    return EXIT.usage;
  }
  const diff = diffPlans(planOf(sides.base, options, terminal), planOf(sides.head, options, terminal));
  const text = sides.head.document.text;
  terminal.stdout.write(
    await render(diff, redacted(new Map([[file, text]]), diff.newFindings), options, style),
  );
  return failsAt(diff.newFindings, options.failOn) ? EXIT.findings : EXIT.fine;
}

async function render(
  diff: PlanDiff,
  sources: ReadonlyMap<string, string>,
  { format }: DiffOptions,
  style: ReturnType<typeof styleFor>,
): Promise<string> {
  if (format === 'json') return (await import('../../report/diff-json.ts')).diffJson(diff);
  if (format === 'markdown') {
    return (await import('../../report/diff-markdown.ts')).renderDiffMarkdown(diff, sources);
  }
  return renderDiff(diff, sources, style);
}

/** Decisions are the business of `check`: their records are not compared. */
function planOf(load: FleetFileLoad, { environment }: DiffOptions, terminal: Terminal): Plan {
  return planFleet(load, { environments: environment, today: terminal.today, priceBook: builtInPriceBook });
}

async function readBase(base: string, file: string, terminal: Terminal): Promise<FleetFileLoad> {
  const there = statSync(base, { throwIfNoEntry: false });
  if (there?.isDirectory()) {
    const found = fleetFileIn(base);
    if (found === undefined) throw new UsageError(`${base} has neither fleet.yaml nor fleet.ts`);
    return readFleet(join(base, found), terminal);
  }
  if (there) return readFleet(base, terminal);
  const label = `${file}@${base}`;
  if (!isFleetCode(file)) {
    const bytes = await readAtRevision(file, base);
    if ('problem' in bytes) throw new UsageError(bytes.problem);
    return loadFleetFile(label, bytes);
  }
  const load = await withModulesAtRevision(file, base, (place) => readFleet(place, terminal));
  if ('problem' in load) throw new UsageError(load.problem);
  return load;
}
