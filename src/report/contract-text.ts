import type { ContractResult, InvariantResult, Verdict } from '../contract/check.ts';
import type { EvidenceKind } from '../contract/evidence.ts';
import type { Plan } from '../plan/plan.ts';
import type { Style, Tone } from './style.ts';
import { type Cell, renderTable } from './table.ts';

const TONES: Readonly<Record<Verdict | 'waived', Tone>> = {
  held: 'green',
  broken: 'red',
  undetermined: 'yellow',
  waived: 'yellow',
  'not applicable': 'dim',
};

/** One column of the table: an environment of the fleet file, or other evidence. */
export type ContractColumn = {
  readonly title: string;
  readonly kind: EvidenceKind;
  readonly contract: ContractResult;
};

/** The fleet's environments, then what else was held against the contract. */
export function contractColumns({ environments, evidence = [] }: Plan): readonly ContractColumn[] {
  return [
    ...environments.map(({ environment, contract }) => ({
      title: environment,
      kind: 'fleet' as const,
      contract,
    })),
    ...evidence.map(({ title, kind, contract }) => ({ title, kind, contract })),
  ];
}

/** C1 to C5 by name, every other invariant that is not simply held, and how many were. */
export function renderContract(
  checked: readonly ContractColumn[],
  style: Style,
  show: 'all' | 'unsettled' = 'unsettled',
): string {
  const byInvariant = resultsAsked(checked);
  const named = byInvariant.filter(([first]) => first!.invariant.alias !== undefined);
  const others = byInvariant.filter(([first]) => first!.invariant.alias === undefined);
  const isShown = ({ verdict }: InvariantResult): boolean =>
    show === 'all' ? verdict !== 'not applicable' : verdict === 'broken' || verdict === 'undetermined';
  const unsettled = others.filter((results) => results.some(isShown));
  const rows = [...named, ...unsettled].map((results): Cell[] => {
    const { alias, title, adr } = results[0]!.invariant;
    return [alias ?? '', title, adr, ...results.map(verdictCell)];
  });
  const columns = ['', 'must hold', 'decided in', ...checked.map((column) => column.title)].map((title) => ({
    title,
    align: 'left' as const,
  }));
  return `${style.bold('Contract')}\n\n${renderTable({ columns, rows, indent: 2 }, style)}${restLine(checked, others, unsettled.length)}`;
}

/** Results side by side; an invariant that is asked of none of these kinds of evidence is left out. */
export function resultsAsked(columns: readonly ContractColumn[]): readonly (readonly InvariantResult[])[] {
  return columns[0]!.contract.results
    .map((_, index) => columns.map(({ contract }) => contract.results[index]!))
    .filter(([first]) => columns.some(({ kind }) => first!.invariant.kinds?.includes(kind) !== false));
}

/** A broken invariant whose every finding is accepted or mild is not shown as red. */
export function verdictCell({ verdict, places, findings }: InvariantResult): {
  readonly text: string;
  readonly tone: Tone;
} {
  const open = findings.filter(({ waivedBy }) => waivedBy === undefined);
  if (verdict === 'broken' && open.length === 0) return { text: 'waived', tone: TONES.waived };
  if (verdict === 'broken' && open.every(({ severity }) => severity !== 'error')) {
    return { text: open.some(({ severity }) => severity === 'warning') ? 'warning' : 'note', tone: 'yellow' };
  }
  const text = verdict === 'held' ? `held in ${places} ${places === 1 ? 'place' : 'places'}` : verdict;
  return { text, tone: TONES[verdict] };
}

function restLine(
  checked: readonly ContractColumn[],
  others: readonly (readonly InvariantResult[])[],
  unsettled: number,
): string {
  const quiet = others.length - unsettled;
  if (quiet === 0) return '';
  const held = checked.map(({ title }, index) => {
    const count = others.filter((results) => results[index]!.verdict === 'held').length;
    return `${count} in ${title}`;
  });
  return `\n  of ${others.length} other invariants hold: ${held.join(', ')}; the rest has nothing to say of this fleet\n`;
}
