import { isFleetDecision, type Standing, standersOn } from '../adr/judge.ts';
import { type DecisionRecord, keyOf, type Records } from '../adr/record.ts';
import type { StatusKind } from '../adr/status.ts';
import { compact } from '../base/record.ts';
import { printable, type Style, type Tone } from './style.ts';
import { type Cell, type Column, renderTable, type Row } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'record', align: 'left' },
  { title: 'status', align: 'left', maxWidth: 24 },
  { title: 'date', align: 'left', maxWidth: 10 },
  { title: 'decides', align: 'left', maxWidth: 60 },
  { title: 'invariants', align: 'left' },
];

const TONES: Readonly<Record<StatusKind, Tone>> = {
  proposed: 'cyan',
  accepted: 'green',
  rejected: 'red',
  deprecated: 'yellow',
  superseded: 'red',
};

/** The records of a folder as a table, with what stands on each, and those that are wanted and not there. */
export function renderRecords(records: Records, invariants: readonly Standing[], style: Style): string {
  const rows: Row[] = [
    ...missingIds(records, invariants).map((id): readonly Cell[] => [
      id,
      { text: 'missing', tone: 'red' },
      '',
      '',
      standersCell(id, invariants),
    ]),
    ...records.records.map((record): readonly Cell[] => [
      record.id,
      statusCell(record),
      record.date?.text ?? '',
      record.title,
      standersCell(record.id, invariants),
    ]),
  ];
  const title = style.bold(`Decisions in ${printable(records.folder)}`);
  const table = rows.length === 0 ? '  none\n' : renderTable({ columns: COLUMNS, rows, indent: 2 }, style);
  return `${title}\n\n${table}\n${shippedLine(invariants)}`;
}

/** The same for machines. */
export function recordsJson(records: Records, invariants: readonly Standing[]): string {
  const list = records.records.map(({ file, id, title, status, date }) =>
    compact({
      id,
      file,
      title,
      status: status?.kind ?? null,
      statusText: status?.text,
      supersededBy: status?.successor?.text,
      date: date?.isValid ? date.text.slice(0, 'yyyy-mm-dd'.length) : undefined,
      invariants: standersOn(id, invariants).map((one) => one.id),
    }),
  );
  const missing = missingIds(records, invariants);
  return `${JSON.stringify({ version: 1, folder: records.folder, records: list, missing }, null, 2)}\n`;
}

function missingIds({ records }: Records, invariants: readonly Standing[]): string[] {
  const present = new Set(records.map(({ id }) => keyOf(id)));
  const wanted = new Set(invariants.map(({ adr }) => adr).filter(isFleetDecision));
  return [...wanted].filter((id) => !present.has(keyOf(id))).toSorted();
}

function statusCell({ status }: DecisionRecord): Cell {
  if (status === undefined) return { text: 'none', tone: 'yellow' };
  if (status.kind === undefined) return { text: status.text, tone: 'yellow' };
  const by = status.successor ? ` by ${status.successor.text}` : '';
  return { text: status.kind + by, tone: TONES[status.kind] };
}

/** `C1, C2, C3 and 18 more`. */
function standersCell(id: string, invariants: readonly Standing[]): string {
  const standers = standersOn(id, invariants);
  if (standers.length === 0) return '';
  const aliases = [...new Set(standers.flatMap(({ alias }) => alias ?? []))];
  const rest = standers.filter(({ alias }) => alias === undefined).length;
  if (aliases.length === 0) return String(rest);
  return rest === 0 ? aliases.join(', ') : `${aliases.join(', ')} and ${rest} more`;
}

function shippedLine(invariants: readonly Standing[]): string {
  const shipped = invariants.filter(({ adr }) => !isFleetDecision(adr));
  const ids = [...new Set(shipped.map(({ adr }) => adr))].toSorted().join(', ');
  return `  ${shipped.length} more invariants stand on Bulkhead's own ${ids}; a fleet needs no record of it\n`;
}
