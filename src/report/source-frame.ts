import type { Span } from '../base/finding.ts';
import { displayWidth, printable } from './style.ts';
import type { Style, Tone } from './style.ts';

/** A place to point at: the primary one is underlined by carets, the others by dashes. */
export type Mark = { readonly span: Span; readonly isPrimary: boolean; readonly label: string };

export type SourceFile = { readonly name: string; readonly lines: readonly string[] };

/** `gutter` is the width of the line numbers; `tone` that of the carets. */
type FrameLook = { readonly gutter: number; readonly tone: Tone; readonly style: Style };

/** A mark put on its line: code units `from` to `to`, counted from 0. */
type Place = { readonly mark: Mark; readonly line: number; readonly from: number; readonly to: number };

/** The part of a line that is shown, and where in it the mark stands, in terminal columns. */
type Excerpt = { readonly text: string; readonly before: number; readonly marked: number };

/** One code point as it is shown. `cost` is its width, but 1 at least: combining marks are bounded too. */
type Glyph = { readonly from: number; readonly text: string; readonly width: number; readonly cost: number };

/** Wider than the 80 columns of old, narrow enough for two panes on a laptop. Labels may stand out. */
const FRAME_COLUMNS = 110;

/** A tab is shown as four spaces wherever it stands: carets then need no tab stops. */
const TAB = '    ';

/** Splits a text as the YAML reader counts lines: at LF; a CR before it belongs to the line break. */
export function sourceLines(text: string): readonly string[] {
  return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The width of line numbers that all `marks` can share; two at least, so that short files look alike. */
export function gutterWidth(marks: readonly Mark[], lineCount: number): number {
  const last = Math.max(1, ...marks.map((mark) => clamp(mark.span.start.line, 1, lineCount)));
  return Math.max(2, String(last).length);
}

/**
 * Draws the lines of one file that `marks` point at, in rustc's manner: a location, then each line once with
 * what is said below it, `...` between lines that are far apart. A span of several lines shows its first; one
 * that the text does not reach is moved to its end. All marks must be of this file. Each line ends in a
 * newline.
 */
export function renderSourceFrame(source: SourceFile, marks: readonly Mark[], look: FrameLook): string {
  const { gutter, style } = look;
  const places = marks.map((mark) => placeOf(mark, source.lines)).sort(comparePlaces);
  const head = places.find((place) => place.mark.isPrimary) ?? places[0];
  if (head === undefined) return '';
  const bar = style.blue(`${' '.repeat(gutter)} |`);
  const columns = FRAME_COLUMNS - gutter - ' | '.length;
  const lines = [locationLine(source.name, head, look), bar];
  let last: { readonly line: number; readonly text: string } | undefined;
  for (const place of places) {
    const excerpt = excerptOf(lineAt(source.lines, place.line), place.from, place.to, columns);
    if (last !== undefined && place.line - last.line === 2) {
      const between = excerptOf(lineAt(source.lines, last.line + 1), 0, 0, columns);
      lines.push(sourceLine(last.line + 1, between.text, look));
    } else if (last !== undefined && place.line - last.line > 2) {
      lines.push(style.blue('...'));
    }
    // A long line is shown once for each part of it that is spoken of.
    if (place.line !== last?.line || excerpt.text !== last.text) {
      lines.push(sourceLine(place.line, excerpt.text, look));
    }
    lines.push(`${bar} ${underline(place.mark, excerpt, look)}`);
    last = { line: place.line, text: excerpt.text };
  }
  return lines.map((line) => `${line}\n`).join('');
}

function locationLine(name: string, { mark, line, from }: Place, { gutter, style }: FrameLook): string {
  const arrow = `${' '.repeat(gutter)}${mark.isPrimary ? '-->' : ':::'}`;
  return `${style.blue(arrow)} ${printable(name)}:${line}:${from + 1}`;
}

function sourceLine(line: number, text: string, { gutter, style }: FrameLook): string {
  const shown = text.trimEnd();
  return style.blue(`${String(line).padStart(gutter)} |`) + (shown === '' ? '' : ` ${shown}`);
}

function underline(mark: Mark, excerpt: Excerpt, { tone, style }: FrameLook): string {
  const sign = (mark.isPrimary ? '^' : '-').repeat(Math.max(1, excerpt.marked));
  const text = `${sign} ${printable(mark.label)}`.trimEnd();
  return ' '.repeat(excerpt.before) + style.bold(style[mark.isPrimary ? tone : 'blue'](text));
}

function comparePlaces(a: Place, b: Place): number {
  return a.line - b.line || a.from - b.from || Number(b.mark.isPrimary) - Number(a.mark.isPrimary);
}

function placeOf(mark: Mark, lines: readonly string[]): Place {
  const { start, end } = mark.span;
  const line = clamp(start.line, 1, lines.length);
  const text = lineAt(lines, line);
  const from = start.line > line ? text.length : clamp(start.column - 1, 0, text.length);
  const lineEnd = Math.max(from, text.trimEnd().length);
  const to = end.line > line ? lineEnd : end.line < line ? from : clamp(end.column - 1, from, text.length);
  return { mark, line, from: characterStart(text, from), to };
}

function lineAt(lines: readonly string[], line: number): string {
  return lines[line - 1] ?? '';
}

/** The whole number of the range that is nearest to `value`, whatever that is: no span breaks a report. */
function clamp(value: number, low: number, high: number): number {
  if (!(value > low)) return low;
  return Math.trunc(Math.min(value, Math.max(low, high)));
}

/** Steps back when `at` would cut a surrogate pair. */
function characterStart(text: string, at: number): number {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}

function excerptOf(line: string, from: number, to: number, columns: number): Excerpt {
  // A code point has two code units at most: what lies further away cannot be shown, and a line may be huge.
  const reach = 2 * columns;
  const sliceFrom = characterStart(line, Math.max(0, from - reach));
  const sliceTo = characterStart(line, Math.min(line.length, from + reach));
  const glyphs = glyphsOf(line.slice(sliceFrom, sliceTo), sliceFrom);
  const isWhole = sliceFrom === 0 && sliceTo === line.length;
  const first = indexFrom(glyphs, from);
  const past = Math.max(first, indexFrom(glyphs, to));
  const fits = isWhole && sum(glyphs, 'cost') <= columns;
  const [begin, end] = fits ? [0, glyphs.length] : windowAround(glyphs, first, past, columns - 2);
  const head = fits || (begin === 0 && sliceFrom === 0) ? '' : '…';
  const tail = fits || (end === glyphs.length && sliceTo === line.length) ? '' : '…';
  const marked = sum(glyphs.slice(first, Math.min(past, end)), 'width');
  return {
    text: head + textOf(glyphs.slice(begin, end)) + tail,
    before: head.length + sum(glyphs.slice(begin, first), 'width'),
    marked: marked + (past > end ? tail.length : 0),
  };
}

/** The glyphs to show when not all have room: the mark (its start, if it is long), then what is around it. */
function windowAround(glyphs: readonly Glyph[], first: number, past: number, room: number): [number, number] {
  let [begin, end, left] = [first, first, room];
  const costAt = (at: number): number => glyphs[at]?.cost ?? Infinity;
  // A quarter is kept for what stands before the mark: the key of a long value says more than its end.
  while (end < past && left - costAt(end) >= room / 4) left -= costAt(end++);
  let grown = true;
  while (grown) {
    grown = false;
    if (costAt(begin - 1) <= left) [left, begin, grown] = [left - costAt(begin - 1), begin - 1, true];
    if (costAt(end) <= left) [left, end, grown] = [left - costAt(end), end + 1, true];
  }
  return [begin, end];
}

function glyphsOf(text: string, offset: number): Glyph[] {
  const glyphs: Glyph[] = [];
  let from = offset;
  for (const character of text) {
    const shown = character === '\t' ? TAB : printable(character);
    const width = displayWidth(shown);
    glyphs.push({ from, text: shown, width, cost: Math.max(1, width) });
    from += character.length;
  }
  return glyphs;
}

function indexFrom(glyphs: readonly Glyph[], at: number): number {
  const index = glyphs.findIndex((glyph) => glyph.from >= at);
  return index === -1 ? glyphs.length : index;
}

function textOf(glyphs: readonly Glyph[]): string {
  return glyphs.map((glyph) => glyph.text).join('');
}

function sum(glyphs: readonly Glyph[], measure: 'width' | 'cost'): number {
  let total = 0;
  for (const glyph of glyphs) total += glyph[measure];
  return total;
}
