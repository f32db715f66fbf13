import type { Scanner } from '../../contract/suppressions/known-alarm.ts';
import { renderClosing, renderFindingSection, sections } from '../../report/plan-text.ts';
import { renderSuppressions } from '../../report/suppressions-file.ts';
import { planFile } from '../fleet-plan.ts';
import type { CheckOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

/**
 * `bulkhead check --suppressions`: the file that silences a scanner where it is wrong about this design, on standard
 * output. Nothing but its findings is said of a fleet that breaks its contract: the reasons would not hold. Answers
 * the exit code.
 */
export async function suppressionsCommand(
  options: CheckOptions & { readonly file: string; readonly suppressions: Scanner },
  terminal: Terminal,
): Promise<number> {
  if (options.environment.length !== 1) {
    throw new UsageError('suppressions are of one environment: name it with -e demo or -e production');
  }
  const { plan, sources, exitCode } = await planFile(options, terminal);
  const [environment] = plan.environments;
  if (exitCode === EXIT.fine && environment) {
    terminal.stdout.write(renderSuppressions(environment.platform, options.suppressions));
    return exitCode;
  }
  const style = styleFor(terminal.stderr, terminal.env);
  const findings = renderFindingSection(plan.findings, sources, style);
  terminal.stderr.write(
    sections([
      findings,
      'No suppressions were written: mend the findings first.\n',
      renderClosing(plan, style),
    ]),
  );
  return exitCode;
}
