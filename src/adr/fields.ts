import type { Range } from '../fleet/source-text.ts';

/** A value in the head of a record, and where it stands in the text. */
export type Field = { readonly text: string; readonly range: Range };

/** What people write at the top of a decision record, whichever template they took. */
export type RecordFields = {
  readonly title?: Field;
  readonly status?: Field;
  readonly date?: Field;
  /** `Superseded by`, where it is a field of its own. */
  readonly successor?: Field;
};

type Name = keyof RecordFields;
type Line = { readonly text: string; readonly start: number };
type Found = { -readonly [Key in Name]?: Field };

const NAMES: Readonly<Record<string, Name>> = {
  status: 'status',
  date: 'date',
  title: 'title',
  'superseded-by': 'successor',
};

/** A field or a heading is one line of words; a line that runs on for a megabyte is neither. */
const LINE_MAX = 1000;

/**
 * Reads the head of a decision record. The templates in use differ in where they put it, so all of these are read:
 * YAML front matter (MADR 3 and 4), a list or lines above the first section (MADR 2, adr-tools), a table row, and
 * sections called Status and Date (Nygard, and the collection of joelparkerhenderson).
 */
export function readFields(text: string): RecordFields {
  const lines = linesOf(withoutComments(text));
  const bodyStart = frontMatterEnd(lines);
  const found: Found = {};
  for (const line of lines.slice(0, bodyStart)) readFrontMatter(line, found);
  readBody(lines.slice(bodyStart), found);
  return found;
}

function readBody(lines: readonly Line[], found: Found): void {
  let section: Name | undefined;
  let isHead = true;
  let isFenced = false;
  const sectionLines: { [Key in Name]?: Field[] } = {};
  for (const line of lines) {
    if (/^ {0,3}(```|~~~)/.test(line.text)) isFenced = !isFenced;
    const heading = isFenced ? null : /^(#{1,6})[ \t]+(?=\S)/.exec(line.text);
    if (heading?.[1] === '#' && found.title === undefined && isHead) {
      put(found, 'title', fieldAt(line, heading[0].length));
    } else if (heading) {
      isHead = false;
      section = sectionName(line, heading[0].length, found);
    } else if (isFenced) continue;
    else if (section !== undefined) {
      const value = fieldAt(line, /^[ \t]*(?:[-*+][ \t])?/.exec(line.text)![0].length);
      if (value) (sectionLines[section] ??= []).push(value);
    } else if (isHead) readFieldLine(line, found);
  }
  for (const [name, values] of Object.entries(sectionLines) as [Name, Field[]][]) {
    // adr-tools adds lines to the section: what came last, "superseded by", is what holds.
    put(found, name, values.find((value) => /^(super|replaced)/i.test(value.text)) ?? values[0]);
  }
}

/** `## Status`, or with the value in the heading: `## Status: accepted`. */
function sectionName(line: Line, from: number, found: Found): Name | undefined {
  const [label, ...rest] = line.text.slice(from).split(':');
  const name = NAMES[labelText(label ?? '')];
  if (name === undefined || name === 'title') return undefined;
  if (rest.join(':').trim() === '') return name;
  put(found, name, fieldAt(line, from + (label ?? '').length + 1));
  return undefined;
}

/** `Status: accepted`, `* Status: accepted`, `**Status:** accepted`, `| Status | accepted |`. */
function readFieldLine(line: Line, found: Found): void {
  const row = /^[ \t]*\|([^|]*)\|([^|]*)\|/.exec(line.text);
  if (row) {
    const name = NAMES[labelText(row[1]!)];
    const from = row[0].length - row[2]!.length - 1;
    // A header of two such names, `| Status | Date |`, has no value in it.
    if (name && NAMES[labelText(row[2]!)] === undefined)
      put(found, name, fieldAt(line, from, row[0].length - 1));
    return;
  }
  const colon = line.text.indexOf(':');
  if (colon < 0) return;
  const name = NAMES[labelText(line.text.slice(0, colon).replace(/^[ \t]*[-*+][ \t]/, ''))];
  if (name && name !== 'title') put(found, name, fieldAt(line, colon + 1));
}

function readFrontMatter(line: Line, found: Found): void {
  const key = /^["']?([A-Za-z][A-Za-z _-]{0,20})["']?[ \t]*:/.exec(line.text);
  const name = key && NAMES[labelText(key[1]!)];
  if (!name) return;
  const comment = / #/.exec(line.text.slice(key[0].length));
  put(found, name, fieldAt(line, key[0].length, comment ? key[0].length + comment.index : undefined));
}

/** The first of a name counts, as a reader takes it. */
function put(found: Found, name: Name, field: Field | undefined): void {
  if (field !== undefined) found[name] ??= field;
}

/** The value between two places of a line, without the blanks, quotes and stars around it; undefined when empty. */
function fieldAt(line: Line, from: number, to = line.text.length): Field | undefined {
  let [begin, end] = [from, to];
  while (begin < end && DECORATION.includes(line.text[begin]!)) begin += 1;
  while (end > begin && DECORATION.includes(line.text[end - 1]!)) end -= 1;
  if (begin === end) return undefined;
  return { text: line.text.slice(begin, end), range: [line.start + begin, line.start + end] };
}

const DECORATION = ' \t"\'`*_#';

/** `**Superseded by**` as `superseded-by`. */
function labelText(label: string): string {
  return label
    .toLowerCase()
    .replaceAll(/[*"'`]/g, '')
    .trim()
    .replaceAll(/[ _]+/g, '-');
}

/** How many lines the front matter takes; 0 without one, or with one that nothing closes. */
function frontMatterEnd(lines: readonly Line[]): number {
  if (lines[0]?.text.trimEnd() !== '---') return 0;
  return lines.findIndex(({ text }, at) => at > 0 && /^(---|\.\.\.)\s*$/.test(text)) + 1;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((raw) => {
    const line = { text: raw.slice(0, LINE_MAX).replace(/\r$/, ''), start };
    start += raw.length + 1;
    return line;
  });
}

/** Blanks instead of comments, so that every place keeps its offset. An unclosed one stays, as text. */
function withoutComments(text: string): string {
  let plain = '';
  let at = 0;
  for (;;) {
    const begin = text.indexOf('<!--', at);
    const end = begin < 0 ? -1 : text.indexOf('-->', begin + 4);
    if (end < 0) return plain + text.slice(at);
    plain += text.slice(at, begin) + text.slice(begin, end + 3).replaceAll(/[^\n]/g, ' ');
    at = end + 3;
  }
}
