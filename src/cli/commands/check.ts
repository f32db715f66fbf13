import { type PlannedFile, planFile, planEvidence } from '../fleet-plan.ts';
import type { CheckOptions } from '../options.ts';
import { styleFor, type Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

/** Without a file, only other evidence is checked. */
type Options = CheckOptions & { readonly file?: string };
type Checked = Omit<PlannedFile, 'start'>;

/** `bulkhead check`: the contract's verdict alone. Answers the exit code, which no format changes. */
export async function checkCommand(options: Options, terminal: Terminal): Promise<number> {
  const planned = await check(options, terminal);
  terminal.stdout.write(await answer(options, planned, terminal));
  return planned.exitCode;
}

async function check({ file, ...options }: Options, terminal: Terminal): Promise<Checked> {
  return file === undefined ? planEvidence(options, terminal) : planFile({ ...options, file }, terminal);
}

/** The whole of standard output. A run loads the code of its own format only. */
async function answer(options: Options, planned: Checked, terminal: Terminal): Promise<string> {
  const { plan, sources, isSound, exitCode } = planned;
  switch (options.format) {
    case 'json': {
      const { planJson } = await import('../../report/plan-json.ts');
      return planJson(plan, new Set(['contract']));
    }
    case 'sarif': {
      const { renderSarif } = await import('../../report/sarif.ts');
      return renderSarif(plan.findings, { version: VERSION, exitCode, isComplete: isSound });
    }
    case 'markdown': {
      const { renderMarkdown } = await import('../../report/markdown.ts');
      return renderMarkdown(plan, sources, new Set(['contract']));
    }
    case 'junit': {
      const { renderJunit } = await import('../../report/junit.ts');
      return renderJunit(plan, options.failOn, isSound);
    }
    case 'text': {
      const { contractColumns, renderContract } = await import('../../report/contract-text.ts');
      const { renderClosing, renderFindingSection, sections } = await import('../../report/plan-text.ts');
      const style = styleFor(terminal.stdout, terminal.env);
      const columns = contractColumns(plan);
      const contract = columns.length === 0 || !isSound ? '' : renderContract(columns, style, 'all');
      const findings = renderFindingSection(plan.findings, sources, style);
      return sections([contract, findings, renderClosing(plan, style)]);
    }
    default:
      return options.format satisfies never;
  }
}
