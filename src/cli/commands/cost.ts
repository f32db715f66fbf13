import { planJson } from '../../report/plan-json.ts';
import { renderCost, renderCostLines } from '../../report/cost-text.ts';
import { renderFindingSection, sections } from '../../report/plan-text.ts';
import { planFile } from '../fleet-plan.ts';
import type { CommonOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal } from '../terminal.ts';

/** `bulkhead cost`: every line of the bill. The contract is `check`'s business: only an unsound file fails here. */
export async function costCommand(
  options: CommonOptions & { readonly file: string },
  terminal: Terminal,
): Promise<number> {
  const { plan, sources, isSound } = await planFile(options, terminal);
  const style = styleFor(terminal.stdout, terminal.env);
  const findings = isSound ? [] : plan.findings;
  if (options.format === 'json') {
    terminal.stdout.write(planJson({ ...plan, findings }, new Set(['cost'])));
  } else {
    const costs =
      plan.environments.length === 0
        ? []
        : [renderCostLines(plan.environments, style), renderCost(plan.environments, style)];
    terminal.stdout.write(sections([renderFindingSection(findings, sources, style), ...costs]));
  }
  return isSound ? EXIT.fine : EXIT.usage;
}
