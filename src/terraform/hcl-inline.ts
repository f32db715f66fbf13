import { NODE } from './block.ts';
import type { Call, Code, Expression, ObjectMap, Part, Template } from './block.ts';

/**
 * `terraform fmt` aligns by grapheme clusters of Unicode 15.0 within each of its tokens; other versions cut
 * some scripts otherwise. What does not match here is one code point and one cluster in all of them.
 */
const UNCOUNTABLE =
  /[^\x20-\x7e\p{P}\p{sc=Latn}\p{sc=Cyrl}\p{sc=Hani}\p{scx=Hira}\p{scx=Kana}\uac00-\ud7a3]|\p{M}/gu;

/** Control and direction characters: a terminal acts on them, and a reviewer is misled by them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * The form that stands anywhere, within `${...}` too: one line, a heredoc as a quoted string of the same
 * value.
 */
export function printInline(value: Expression): string {
  if (typeof value === 'string') return `"${escapeQuoted(value)}"`;
  if (typeof value === 'number') return printNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(printInline).join(', ')}]`;
  if (!isNode(value)) return printInlineObject(value);
  if (value[NODE] === 'code') return value.text.replaceAll(/\n */g, ' ');
  if (value[NODE] === 'call') return `${value.name}(${value.args.map(printInline).join(', ')})`;
  return `"${printParts(value.parts, escapeQuoted)}"`;
}

/** Objects are the values that read better over several lines. */
export function isFlat(value: Expression): boolean {
  if (isList(value)) return value.every(isFlat);
  if (isNode(value)) return value[NODE] === 'call' ? value.args.every(isFlat) : true;
  return !isObject(value) || presentEntries(value).length === 0;
}

/**
 * Bare where HCL reads it as a name; `for` would start a loop, and the other three would puzzle a reader. As
 * `=` is aligned by the key's columns, characters that cannot be counted are escaped.
 */
export function printKey(key: string): string {
  const isBare = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) && !['for', 'true', 'false', 'null'].includes(key);
  return isBare ? key : `"${escapeQuoted(key).replace(UNCOUNTABLE, escapeCharacter)}"`;
}

/** The inside of a template, its texts escaped by `escape`. */
export function printParts(parts: readonly Part[], escape: (text: string) => string): string {
  const pieces = parts.map((part, index) => {
    if (typeof part !== 'string') return printHole(printInline(part));
    const text = escape(part);
    // `$` before `${` would read as the escape of a literal `${`.
    return index < parts.length - 1 ? text.replace(/\$$/, '\\u0024') : text;
  });
  return pieces.join('');
}

/**
 * `${code}`, with a brace of the code's own set apart, and parentheses around what fmt would print as `${-
 * x}`.
 */
function printHole(code: string): string {
  if (code.startsWith('-')) return `\${(${code})}`;
  return `\${${code.startsWith('{') ? ' ' : ''}${code}${code.endsWith('}') ? ' ' : ''}}`;
}

/** Code points: a guess where lines break, exact for alignment where the text `isCountable`. */
export function columnsOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...text].length;
}

/** Whether `columnsOf` is what `terraform fmt` counts, on every machine. */
export function isCountable(text: string): boolean {
  return text.search(UNCOUNTABLE) < 0;
}

/** Whether a heredoc can say the text: its only escapes are `$${` and `%%{`. */
export function isHeredocText(text: string): boolean {
  return wellFormed(text) === text && text.replace(/[\n\t]/g, '').search(UNPRINTABLE) < 0;
}

/** Words with one space between them: nothing in a comment can end it, or hide a part of it from a reader. */
export function oneLine(text: string): string {
  return wellFormed(text).replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
}

export function presentEntries(object: ObjectMap): [string, Expression][] {
  return Object.entries(object).filter((entry): entry is [string, Expression] => entry[1] !== undefined);
}

export function isNode(value: Expression): value is Code | Call | Template {
  return typeof value === 'object' && value !== null && NODE in value;
}

export function isList(value: Expression): value is readonly Expression[] {
  return Array.isArray(value);
}

export function isObject(value: Expression): value is ObjectMap {
  return typeof value === 'object' && value !== null && !isList(value) && !isNode(value);
}

function printInlineObject(object: ObjectMap): string {
  const entries = presentEntries(object).map(([key, value]) => `${printKey(key)} = ${printInline(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function printNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} cannot be written in HCL`);
  return String(value);
}

/** `$${` and `%%{` for the openings of values and of directives: all that a heredoc needs. */
export function escapeOpenings(text: string): string {
  return text.replace(/([$%])(?=\{)/g, '$1$1');
}

/**
 * `"`, `\`, the openings of `${` and `%{`, and every character that a reader or a terminal might not show.
 */
function escapeQuoted(text: string): string {
  // Nearly every text is plain; this halves the time that a large fleet takes to print.
  if (/^[ !#&-[\]-~]*$/.test(text)) return text;
  return escapeOpenings(wellFormed(text))
    .replace(/["\\]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(UNPRINTABLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** Half of a surrogate pair has no UTF-8; writing the file would put U+FFFD there anyway. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
