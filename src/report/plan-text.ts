import type { Finding } from '../base/finding.ts';
import { explanationText } from '../fleet/explanation.ts';
import { formatUsd } from '../base/money.ts';
import type { EnvironmentPlan, Plan } from '../plan/plan.ts';
import { contractColumns, renderContract } from './contract-text.ts';
import { renderCost } from './cost-text.ts';
import { renderFindings, renderSummary } from './findings-text.ts';
import { renderSecrets } from './secrets-text.ts';
import { printable, type Style } from './style.ts';
import { renderTopology } from './topology-text.ts';

/** Texts by file name, for the lines that findings show. */
type Sources = ReadonlyMap<string, string>;

/** A plan for people: what will exist, what the contract says, what it costs. Sections are a blank line apart. */
export function renderPlan(plan: Plan, sources: Sources, style: Style): string {
  const first = plan.environments[0];
  if (!first || !plan.isSound) return renderFindingSection(plan.findings, sources, style);
  const { fleet } = first.platform;
  const environments = plan.environments.map(({ environment }) => environment).join(' and ');
  return sections([
    `${style.bold(printable(fleet.name))} in ${printable(fleet.region)}: ${environments}\n`,
    renderTopology(plan.environments, style) + renderNotes(plan, style),
    renderSecrets(plan.environments, style),
    renderContract(contractColumns(plan), style),
    renderFindingSection(plan.findings, sources, style),
    renderCost(plan.environments, style),
  ]);
}

/** What is left open, a line each. */
function renderNotes({ notes = [] }: Plan, style: Style): string {
  const lines = notes.map(({ environments, message }) => {
    const where = environments ? ` (${environments.join(', ')})` : '';
    return `  ${style.cyan('note')}${where}: ${printable(message)}\n`;
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** Headings, then text; empty sections fall out. */
export function sections(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

export function renderFindingSection(findings: readonly Finding[], sources: Sources, style: Style): string {
  if (findings.length === 0) return '';
  return `${heading(`Findings: ${renderSummary(findings)}`, style)}${renderFindings(findings, sources, style)}`;
}

/** `Title` on a line of its own, with a blank line below. */
export function heading(title: string, style: Style): string {
  return `${style.bold(title)}\n\n`;
}

/** Why each value that the file leaves out is what it is. */
export function renderExplanations(environments: readonly EnvironmentPlan[], style: Style): string {
  return sections(
    environments.map(({ environment, explanations }) => {
      const lines = explanations.map((explanation) => `  ${printable(explanationText(explanation))}\n`);
      return `${heading(`Defaults of ${environment}`, style)}${lines.join('')}`;
    }),
  );
}

/** The last line: what was found, what it costs. */
export function renderClosing(plan: Plan, style: Style): string {
  const prices = (plan.isSound ? plan.environments : []).flatMap(({ environment, estimate }) => {
    if (!estimate) return [];
    const { known, isComplete } = estimate.total;
    return [`${environment} ${isComplete ? '' : 'at least '}${formatUsd(known)} a month`];
  });
  return `${style.bold([renderSummary(plan.findings), ...prices].join('; '))}\n`;
}
