import type { InvariantResult, Verdict } from '../contract/check.ts';
import type { EnvironmentPlan } from '../plan/plan.ts';
import type { Style, Tone } from './style.ts';
import { type Cell, renderTable } from './table.ts';

const TONES: Readonly<Record<Verdict | 'waived', Tone>> = {
  held: 'green',
  broken: 'red',
  undetermined: 'yellow',
  waived: 'yellow',
  'not applicable': 'dim',
};

/** C1 to C5 by name, every other invariant that is not simply held, and how many were. */
export function renderContract(
  environments: readonly EnvironmentPlan[],
  style: Style,
  show: 'all' | 'unsettled' = 'unsettled',
): string {
  const byInvariant = environments[0]!.contract.results.map((_, index) =>
    environments.map(({ contract }) => contract.results[index]!),
  );
  const named = byInvariant.filter(([first]) => first!.invariant.alias !== undefined);
  const others = byInvariant.filter(([first]) => first!.invariant.alias === undefined);
  const isShown = ({ verdict }: InvariantResult): boolean =>
    show === 'all' ? verdict !== 'not applicable' : verdict === 'broken' || verdict === 'undetermined';
  const unsettled = others.filter((results) => results.some(isShown));
  const rows = [...named, ...unsettled].map((results): Cell[] => {
    const { alias, title, adr } = results[0]!.invariant;
    return [alias ?? '', title, adr, ...results.map(verdictCell)];
  });
  const columns = ['', 'must hold', 'decided in', ...environments.map(({ environment }) => environment)].map(
    (title) => ({
      title,
      align: 'left' as const,
    }),
  );
  return `${style.bold('Contract')}\n\n${renderTable({ columns, rows, indent: 2 }, style)}${restLine(environments, others, unsettled.length)}`;
}

/** A broken invariant whose every finding is accepted or mild is not shown as red. */
function verdictCell({ verdict, places, findings }: InvariantResult): Cell {
  const open = findings.filter(({ waivedBy }) => waivedBy === undefined);
  if (verdict === 'broken' && open.length === 0) return { text: 'waived', tone: TONES.waived };
  if (verdict === 'broken' && open.every(({ severity }) => severity !== 'error')) {
    return { text: open.some(({ severity }) => severity === 'warning') ? 'warning' : 'note', tone: 'yellow' };
  }
  const text = verdict === 'held' ? `held in ${places} ${places === 1 ? 'place' : 'places'}` : verdict;
  return { text, tone: TONES[verdict] };
}

function restLine(
  environments: readonly EnvironmentPlan[],
  others: readonly (readonly InvariantResult[])[],
  unsettled: number,
): string {
  const quiet = others.length - unsettled;
  if (quiet === 0) return '';
  const held = environments.map(({ environment }, index) => {
    const count = others.filter((results) => results[index]!.verdict === 'held').length;
    return `${count} in ${environment}`;
  });
  return `\n  of ${others.length} other invariants hold: ${held.join(', ')}; the rest has nothing to say of this fleet\n`;
}
