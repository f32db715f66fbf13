import type { Range } from './source-text.ts';

/** A piece of TypeScript that is neither space nor comment. */
export type Token = {
  /**
   * A template with `${}` in it comes as several tokens of kind `part`, with those of its inside between
   * them.
   */
  readonly kind: 'sign' | 'word' | 'number' | 'string' | 'template' | 'part' | 'pattern';
  readonly text: string;
  readonly at: Range;
  readonly isFirstOnLine: boolean;
  /** Of an opening bracket: the index of the token that closes it, where there is one. */
  readonly partner?: number;
};

type Reading = {
  readonly text: string;
  readonly tokens: (Token & { partner?: number })[];
  /** Indices of the brackets that are open, innermost last. */
  readonly open: number[];
};

const SPACE = /\s*/y;
/** Names with `#` and `@` too: private ones, and decorators. */
const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER =
  /0(?:[xX][\da-fA-F_]+|[oO][0-7_]+|[bB][01_]+)n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?n?/y;
const LINE_END = /[\n\r\u2028\u2029]/g;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Words after which a value may follow: a `/` there begins a pattern and divides nothing. */
const BEFORE_VALUES = new Set(
  (
    'return typeof case in of delete void throw new instanceof else do yield await default as satisfies ' +
    'extends'
  ).split(' '),
);

/**
 * The tokens of TypeScript, as far as it takes to see brackets, texts and names. Takes any text and never
 * throws: what is no TypeScript becomes signs. Time is linear in the text.
 */
export function tokensOf(text: string): readonly Token[] {
  const reading: Reading = { text, tokens: [], open: [] };
  let at = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  let isFirstOnLine = true;
  while (at < text.length) {
    const start = at;
    at = skipSpace(text, at);
    isFirstOnLine ||= text.slice(start, at).search(LINE_END) >= 0;
    if (at >= text.length) break;
    at = readToken(reading, at, isFirstOnLine);
    isFirstOnLine = false;
  }
  return reading.tokens;
}

/** True when the token may end a value, so that what follows continues or ends the expression. */
export function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'word') return !BEFORE_VALUES.has(token.text);
  if (token.kind === 'sign') return [')', ']', '}'].includes(token.text);
  return token.kind !== 'part' || token.text.endsWith('`');
}

function readToken(reading: Reading, start: number, isFirstOnLine: boolean): number {
  const { text, tokens } = reading;
  const sign = text[start]!;
  const put = (kind: Token['kind'], end: number): number => {
    tokens.push({ kind, text: text.slice(start, end), at: [start, end], isFirstOnLine });
    return end;
  };
  if (sign === '"' || sign === "'") return put('string', stringEnd(text, start + 1, sign));
  if (sign === '`') return template(reading, start, isFirstOnLine);
  const word = lengthOf(WORD, text, start);
  if (word > 0) return put('word', start + word);
  const number = lengthOf(NUMBER, text, start);
  if (number > 0) return put('number', start + number);
  if (sign === '/' && !endsValue(tokens.at(-1))) return put('pattern', patternEnd(text, start + 1));
  if (sign === '}' && closesTemplate(reading)) return template(reading, start, isFirstOnLine);
  const end = put('sign', start + signLength(text, start));
  pair(reading, sign);
  return end;
}

/**
 * Remembers an opening bracket, or gives the closing one to its partner. A bracket that fits no other is left
 * alone.
 */
function pair({ tokens, open }: Reading, sign: string): void {
  const index = tokens.length - 1;
  if (sign in CLOSING) {
    open.push(index);
    return;
  }
  const opening = tokens[open.at(-1) ?? -1];
  if (opening === undefined || CLOSING[opening.text] !== sign) return;
  opening.partner = index;
  open.pop();
}

function closesTemplate({ tokens, open }: Reading): boolean {
  return tokens[open.at(-1) ?? -1]?.kind === 'part';
}

/** Reads a template, or the rest of one, up to its end or to the next `${`. */
function template({ text, tokens, open }: Reading, start: number, isFirstOnLine: boolean): number {
  const isRest = text[start] === '}';
  if (isRest) tokens[open.pop()!]!.partner = tokens.length;
  let at = start + 1;
  while (at < text.length && text[at] !== '`' && !text.startsWith('${', at)) at += text[at] === '\\' ? 2 : 1;
  const isOpen = text.startsWith('${', at);
  at = Math.min(at + (isOpen ? 2 : 1), text.length);
  if (isOpen) open.push(tokens.length);
  const kind = isRest || isOpen ? 'part' : 'template';
  tokens.push({ kind, text: text.slice(start, at), at: [start, at], isFirstOnLine });
  return at;
}

function stringEnd(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + (text[at] === quote ? 1 : 0), text.length);
}

function patternEnd(text: string, from: number): number {
  let isInClass = false;
  let at = from;
  while (at < text.length && text[at] !== '\n' && (isInClass || text[at] !== '/')) {
    if (text[at] === '[') isInClass = true;
    if (text[at] === ']') isInClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  at = Math.min(at + (text[at] === '/' ? 1 : 0), text.length);
  return at + lengthOf(WORD, text, at);
}

function signLength(text: string, at: number): number {
  if (text.startsWith('...', at)) return 3;
  if (text.startsWith('=>', at) || text.startsWith('?.', at)) return 2;
  // Half of a character beyond U+FFFF is no place to go on from.
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    at += lengthOf(SPACE, text, at);
    if (text.startsWith('//', at)) at = lineEnd(text, at);
    else if (text.startsWith('/*', at)) at = commentEnd(text, at + 2);
    else return at;
  }
}

function commentEnd(text: string, from: number): number {
  const end = text.indexOf('*/', from);
  return end < 0 ? text.length : end + 2;
}

function lineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text)?.index ?? text.length;
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
