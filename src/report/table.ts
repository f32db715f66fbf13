import { displayWidth, printable } from './style.ts';
import type { Style, Tone } from './style.ts';

/** Text from anywhere: it is made printable here, so colour must come as a tone, not inside the text. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

export type Column = {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** In terminal columns; longer cells end in `…`. */
  readonly maxWidth?: number;
};

/** Cells from left to right (absent ones are empty), or a heading: the rows that follow it are indented. */
export type Row = readonly Cell[] | { readonly group: string };

type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Totals, set off by a rule. */
  readonly footer?: readonly Cell[];
  /** Spaces before each line. */
  readonly indent?: number;
};

type Line =
  | { readonly kind: 'cells'; readonly cells: readonly Fitted[] }
  | { readonly kind: 'group'; readonly text: string };

/** A cell that is ready to be printed. */
type Fitted = { readonly text: string; readonly tone?: Tone };

const GAP = '  ';
const GROUP_INDENT = '  ';

/**
 * Draws a table with two spaces between columns, as lines that each end in a newline and never in a space.
 * Widths are those of a terminal, where Hangul and ideographs take two columns. The header is left out when
 * no column has a title.
 */
export function renderTable(table: Table, style: Style): string {
  const { columns } = table;
  const titles = columns.map(({ title }) => ({ text: title, tone: 'dim' as const }));
  const header = fitRow(titles, columns, '');
  const body = bodyLines(table);
  const footer = table.footer && fitRow(table.footer, columns, '');
  const rows = [header, ...body.flatMap((line) => (line.kind === 'cells' ? [line.cells] : [])), footer ?? []];
  const widths = columns.map((_, at) =>
    Math.max(...rows.map((cells) => displayWidth(cells[at]?.text ?? ''))),
  );

  const lines: string[] = [];
  const rule = style.dim(widths.map((width) => '-'.repeat(width)).join(GAP));
  if (columns.some((column) => column.title !== '')) {
    lines.push(joinCells(header, columns, widths, style), rule);
  }
  for (const line of body) {
    lines.push(line.kind === 'group' ? style.bold(line.text) : joinCells(line.cells, columns, widths, style));
  }
  if (footer) lines.push(rule, joinCells(footer, columns, widths, style));
  const indent = ' '.repeat(table.indent ?? 0);
  return lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
}

function bodyLines(table: Table): Line[] {
  let indent = '';
  const lines: Line[] = [];
  for (const row of table.rows) {
    if ('group' in row) {
      indent = GROUP_INDENT;
      lines.push({ kind: 'group', text: printable(row.group).trimEnd() });
    } else {
      lines.push({ kind: 'cells', cells: fitRow(row, table.columns, indent) });
    }
  }
  return lines;
}

function fitRow(row: readonly Cell[], columns: readonly Column[], indent: string): Fitted[] {
  if (row.length > columns.length) throw new RangeError(`${row.length} cells in ${columns.length} columns`);
  return row.map((cell, at) => {
    const { text, tone } = typeof cell === 'string' ? { text: cell } : cell;
    const shown = ((at === 0 ? indent : '') + printable(text)).trimEnd();
    const maxWidth = columns[at]?.maxWidth;
    const fitted = maxWidth === undefined ? shown : clip(shown, maxWidth);
    return tone === undefined ? { text: fitted } : { text: fitted, tone };
  });
}

function joinCells(
  cells: readonly Fitted[],
  columns: readonly Column[],
  widths: readonly number[],
  style: Style,
): string {
  let line = '';
  // Spaces are owed until a cell with text follows, so that no line ends in them.
  let owed = '';
  for (const [at, { text, tone }] of cells.entries()) {
    const free = ' '.repeat(widths[at]! - displayWidth(text));
    const [before, after] = columns[at]!.align === 'right' ? [free, ''] : ['', free];
    owed += before;
    if (text !== '') {
      line += owed + (tone === undefined ? text : style[tone](text));
      owed = '';
    }
    owed += after + GAP;
  }
  return line;
}

function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let room = width - 1;
  for (const character of text) {
    room -= displayWidth(character);
    if (room < 0) break;
    kept += character;
  }
  return `${kept}…`;
}
