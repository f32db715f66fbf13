import { NODE } from './block.ts';
import type {
  Attribute,
  Block,
  Call,
  Expression,
  Group,
  Item,
  ObjectMap,
  Part,
  Remark,
  Template,
} from './block.ts';
import {
  columnsOf,
  escapeOpenings,
  isCountable,
  isFlat,
  isHeredocText,
  isList,
  isNode,
  isObject,
  oneLine,
  presentEntries,
  printInline,
  printKey,
  printParts,
} from './hcl-inline.ts';

/** Where comments wrap and lists break. An aligned `=` may push a value a little beyond it. */
const WIDTH_COLUMNS = 100;

/** One `name = value`. A value of several lines, unless it is a heredoc, takes no part in alignment. */
type Row = {
  readonly name: string;
  readonly value: string;
  readonly isHeredoc: boolean;
  readonly above?: string;
  readonly beside?: string;
};

/**
 * Prints blocks as `terraform fmt` leaves them, a blank line between any two. Pure: the same blocks give the
 * same bytes. The text ends in a newline; no blocks give an empty text.
 */
export function renderHcl(blocks: readonly (Block | Remark)[]): string {
  return blocks.length === 0 ? '' : `${printBody(blocks, 0)}\n`;
}

/** Attributes in runs; a blank line around blocks, commented attributes and values of several lines. */
function printBody(items: readonly Item[], indent: number): string {
  const paragraphs: string[] = [];
  let run: Row[] = [];
  const endRun = (): void => {
    if (run.length > 0) paragraphs.push(printRows(run, indent));
    run = [];
  };
  for (const item of items) {
    if (item.kind === 'attribute') {
      const row = attributeRow(item, indent);
      const standsAlone = row.above !== undefined || row.value.includes('\n');
      if (standsAlone) endRun();
      run.push(row);
      if (standsAlone) endRun();
    } else {
      endRun();
      const paragraph = printParagraph(item, indent);
      if (paragraph !== '') paragraphs.push(paragraph);
    }
  }
  endRun();
  return paragraphs.join('\n\n');
}

function printParagraph(item: Group | Remark | Block, indent: number): string {
  if (item.kind === 'remark') return printComment(item.text, indent);
  const comment = item.why === undefined ? '' : `${printComment(item.why, indent)}\n`;
  if (item.kind === 'block') return comment + printBlock(item, indent);
  if (item.attributes.length === 0) return '';
  const rows = item.attributes.map((attribute) => attributeRow(attribute, indent));
  return comment + printRows(rows, indent);
}

function printBlock({ type, labels, body }: Block, indent: number): string {
  const pad = ' '.repeat(indent);
  const head = [type, ...labels.map((label) => `"${label}"`)].join(' ');
  const inside = printBody(body, indent + 2);
  return inside === '' ? `${pad}${head} {}` : `${pad}${head} {\n${inside}\n${pad}}`;
}

function attributeRow({ name, value, why, beside }: Attribute, indent: number): Row {
  const row = rowOf(name, value, indent);
  if (why !== undefined) return { ...row, above: why };
  if (beside === undefined) return row;
  const hasRoom = !row.value.includes('\n') && isCountable(row.value);
  return hasRoom ? { ...row, beside } : { ...row, above: beside };
}

function rowOf(name: string, value: Expression, indent: number): Row {
  const text = isNode(value) && value[NODE] === 'heredoc' ? printHeredoc(value, indent) : undefined;
  if (text !== undefined) return { name, value: text, isHeredoc: true };
  return { name, value: printValue(value, indent, indent + columnsOf(name) + 3), isHeredoc: false };
}

/**
 * Rows one below the other. `terraform fmt` aligns the `=` of neighbouring lines, and starts anew after a
 * comment line and after a value that opens a bracket on its first line.
 */
function printRows(rows: readonly Row[], indent: number): string {
  const pad = ' '.repeat(indent);
  const lines: string[] = [];
  let chain: Row[] = [];
  const endChain = (): void => {
    lines.push(...printChain(chain).map((line) => pad + line));
    chain = [];
  };
  for (const row of rows) {
    const isBroken = row.value.includes('\n') && !row.isHeredoc;
    if (isBroken || row.above !== undefined) endChain();
    if (row.above !== undefined) lines.push(printComment(row.above, indent));
    if (isBroken) lines.push(`${pad}${row.name} = ${row.value}`);
    else chain.push(row);
  }
  endChain();
  return lines.join('\n');
}

function printChain(rows: readonly Row[]): string[] {
  const nameColumns = Math.max(...rows.map(({ name }) => columnsOf(name)));
  return rows.map((row, index) => {
    const line = `${padTo(row.name, nameColumns)} = ${row.value}`;
    if (row.beside === undefined) return line;
    const valueColumns = Math.max(...commentedAround(rows, index).map(({ value }) => columnsOf(value)));
    return `${line}${' '.repeat(valueColumns - columnsOf(row.value))} # ${oneLine(row.beside)}`.trimEnd();
  });
}

/** The unbroken run of rows around `index` that have a comment beside them: those comments are aligned. */
function commentedAround(rows: readonly Row[], index: number): readonly Row[] {
  const isBare = (row: Row): boolean => row.beside === undefined;
  const start = rows.findLastIndex((row, at) => at < index && isBare(row)) + 1;
  const end = rows.findIndex((row, at) => at > index && isBare(row));
  return rows.slice(start, end < 0 ? rows.length : end);
}

/**
 * A comment, wrapped; a newline in the text starts a new line. The directives of scanners are never wrapped,
 * as Checkov and Trivy read them up to the end of the line.
 */
function printComment(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const lines = text.split('\n').flatMap((line) => {
    const clean = oneLine(line);
    return /^(checkov|trivy|tfsec|tflint)[:-]/.test(clean)
      ? [clean]
      : wrap(clean, WIDTH_COLUMNS - indent - 2);
  });
  return lines.map((line) => `${pad}# ${line}`.trimEnd()).join('\n');
}

function wrap(text: string, widthColumns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && columnsOf(longer) > widthColumns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/**
 * A value that starts at `column` of a line indented by `indent`: on that line when it fits and reads well
 * there.
 */
function printValue(value: Expression, indent: number, column: number): string {
  if (isList(value)) return printList(value, indent, column);
  if (isNode(value)) {
    if (value[NODE] === 'call') return printCall(value, indent, column);
    return value[NODE] === 'code'
      ? value.text.replaceAll('\n', `\n${' '.repeat(indent)}`)
      : printInline(value);
  }
  return isObject(value) ? printObject(value, indent) : printInline(value);
}

function printList(list: readonly Expression[], indent: number, column: number): string {
  const line = lineThatFits(list, column);
  if (line !== undefined) return line;
  const elements = list.map((element) => `${printLine(element, indent + 2)},\n`);
  return `[\n${elements.join('')}${' '.repeat(indent)}]`;
}

function printObject(object: ObjectMap, indent: number): string {
  const rows = presentEntries(object).map(([key, value]) => rowOf(printKey(key), value, indent + 2));
  return rows.length === 0 ? '{}' : `{\n${printRows(rows, indent + 2)}\n${' '.repeat(indent)}}`;
}

/**
 * On one line; else with a last list, object or call that opens on the function's line; else an argument a
 * line.
 */
function printCall(value: Call, indent: number, column: number): string {
  const line = lineThatFits(value, column);
  if (line !== undefined) return line;
  const before = value.args.slice(0, -1);
  const last = value.args.at(-1);
  if (last === undefined) return `${value.name}()`;
  const head = `${value.name}(${before.map((argument) => `${printInline(argument)}, `).join('')}`;
  const tail = printValue(last, indent, column + columnsOf(head));
  const isHugging = before.every(isFlat) && column + columnsOf(head) < WIDTH_COLUMNS && tail.includes('\n');
  if (isHugging || before.length === 0) return `${head}${tail})`;
  const lines = value.args.map((argument) => printLine(argument, indent + 2));
  return `${value.name}(\n${lines.join(',\n')}\n${' '.repeat(indent)})`;
}

function printLine(value: Expression, indent: number): string {
  return ' '.repeat(indent) + printValue(value, indent, indent);
}

function lineThatFits(value: Expression, column: number): string | undefined {
  if (!isFlat(value)) return undefined;
  const line = printInline(value);
  return column + columnsOf(line) <= WIDTH_COLUMNS ? line : undefined;
}

/**
 * Undefined when the text has what a heredoc cannot say, as it knows no escapes but `$${` and `%%{`:
 * unprintable characters, a `$` before a value, or a mark that would merge with the indentation and be cut
 * off with it.
 */
function printHeredoc({ parts }: Template, indent: number): string | undefined {
  if (parts.length === 0) return undefined;
  const isBeyond = (part: Part, index: number): boolean => {
    if (typeof part !== 'string') return false;
    const isCut = /^[\p{M}\u200d]/mu.test(part);
    return isCut || !isHeredocText(part) || (index < parts.length - 1 && part.endsWith('$'));
  };
  if (parts.some(isBeyond)) return undefined;
  const text = printParts(parts, escapeOpenings);
  const lines = text.split('\n').slice(0, -1);
  let marker = 'EOT';
  while (lines.some((line) => line.trim() === marker)) marker += '_';
  const pad = ' '.repeat(indent);
  const indented = lines.map((line) => (line === '' ? '' : `${pad}  ${line}`));
  return [`<<-${marker}`, ...indented, pad + marker].join('\n');
}

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(columns - columnsOf(text));
}
