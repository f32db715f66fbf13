import { planJson } from '../../report/plan-json.ts';
import { renderContract } from '../../report/contract-text.ts';
import { renderClosing, renderFindingSection, sections } from '../../report/plan-text.ts';
import { planFile } from '../fleet-plan.ts';
import type { CommonOptions } from '../options.ts';
import { styleFor, type Terminal } from '../terminal.ts';

/** `bulkhead check`: the contract's verdict alone. Answers the exit code. */
export function checkCommand(options: CommonOptions & { readonly file: string }, terminal: Terminal): number {
  const { plan, sources, exitCode } = planFile(options, terminal);
  const style = styleFor(terminal.stdout, terminal.env);
  if (options.format === 'json') {
    terminal.stdout.write(planJson(plan, new Set(['contract'])));
  } else {
    const contract = plan.environments.length === 0 ? '' : renderContract(plan.environments, style, 'all');
    const findings = renderFindingSection(plan.findings, sources, style);
    terminal.stdout.write(sections([contract, findings, renderClosing(plan, style)]));
  }
  return exitCode;
}
