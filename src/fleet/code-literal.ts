import { endsValue, type Token, tokensOf } from './code-token.ts';
import { unescaped } from './code-text.ts';
import type { Range } from './source-text.ts';
import { LEVELS_MAX } from './yaml-syntax.ts';

/** What a piece of TypeScript says of the value it stands for, without being run. */
export type Literal =
  | { readonly kind: 'scalar'; readonly at: Range; readonly value: string | number | boolean | null }
  | { readonly kind: 'map'; readonly at: Range; readonly members: readonly Member[] }
  /** Undefined stands for an item that was left out. */
  | { readonly kind: 'list'; readonly at: Range; readonly items: readonly (Literal | undefined)[] }
  | { readonly kind: 'name'; readonly at: Range; readonly name: string }
  /** A call; `of` is its first argument, which the value may or may not be made of. */
  | { readonly kind: 'call'; readonly at: Range; readonly of: Literal }
  | { readonly kind: 'spread'; readonly at: Range; readonly of: Literal }
  /** Only running it can tell. */
  | { readonly kind: 'opaque'; readonly at: Range };

/** Without a key: a spread, or a key that only running the code can tell. */
export type Member = {
  readonly key?: { readonly text: string; readonly at: Range };
  readonly value: Literal;
};

/** The fleet that a module exports, as written, and the constants of its top level. */
export type CodeLiterals = {
  readonly root: Literal | undefined;
  readonly constants: ReadonlyMap<string, Literal>;
};

type Tokens = readonly Token[];

/**
 * Finds the fleet in the text of a module: what `export default` stands before, else the argument of the
 * first `defineFleet`. Never throws, whatever the text is; time is linear in it.
 */
export function literalsOf(text: string): CodeLiterals {
  const tokens = tokensOf(text);
  const constants = new Map<string, Literal>();
  let root: Literal | undefined;
  let index = 0;
  while (index < tokens.length) {
    const from = valueStart(tokens, index);
    if (from === undefined) {
      index = next(tokens, index);
      continue;
    }
    const to = statementEnd(tokens, from);
    const value = to > from ? valueIn(tokens, from, to, 0) : undefined;
    if (tokens[index]!.text === 'export') root = value;
    else if (value !== undefined) constants.set(tokens[index + 1]!.text, value);
    index = to;
  }
  return { root: root ?? firstDefinition(tokens), constants };
}

function firstDefinition(tokens: Tokens): Literal | undefined {
  const index = tokens.findIndex(
    ({ text }, at) => text === 'defineFleet' && tokens[at + 1]?.partner !== undefined,
  );
  return index < 0 ? undefined : valueIn(tokens, index, tokens[index + 1]!.partner! + 1, 0);
}

/** The token after this one, or after the bracket that it opens. */
function next(tokens: Tokens, index: number): number {
  return (tokens[index]!.partner ?? index) + 1;
}

/** Where the value begins that the statement at `index` exports or names; undefined when it does neither. */
function valueStart(tokens: Tokens, index: number): number | undefined {
  const word = tokens[index]!.text;
  const second = tokens[index + 1];
  if (word === 'export') return second?.text === 'default' ? index + 2 : undefined;
  if (!DECLARING.includes(word) || second?.kind !== 'word') return undefined;
  let equals = index + 2;
  if (tokens[equals]?.text === ':') {
    while (equals < tokens.length && !ANNOTATION_ENDS.includes(tokens[equals]!.text)) {
      equals = next(tokens, equals);
    }
  }
  return tokens[equals]?.text === '=' ? equals + 1 : undefined;
}

const DECLARING = ['const', 'let', 'var'];
const ANNOTATION_ENDS = ['=', ';', 'export', ...DECLARING];

/**
 * A semicolon or comma, the next declaration, or a word on a new line where the value before it could be
 * complete.
 */
function statementEnd(tokens: Tokens, from: number): number {
  let index = from;
  for (; index < tokens.length; index = next(tokens, index)) {
    const { kind, text, isFirstOnLine } = tokens[index]!;
    if (kind === 'sign' && (text === ';' || text === ',' || text === '}')) return index;
    if (kind !== 'word' || index === from) continue;
    if (text === 'export' || DECLARING.includes(text)) return index;
    if (isFirstOnLine && endsValue(tokens[index - 1]) && !CONTINUING.includes(text)) return index;
  }
  return tokens.length;
}

/** Words that go on with the value before them even on a new line. */
const CONTINUING = ['in', 'instanceof'];

/** The end of the value that begins here, before a comma or at the end of its bracket. */
function valueEnd(tokens: Tokens, from: number, to: number): number {
  let index = from;
  while (index < to && tokens[index]!.text !== ',') {
    const isType = isAssertion(tokens, from, index);
    index = isType ? typeEnd(tokens, index + 1, to) : next(tokens, index);
  }
  return Math.min(index, to);
}

/** The comma after a type, which may have commas of its own: `Record<string, number>`. */
function typeEnd(tokens: Tokens, from: number, to: number): number {
  let angles = 0;
  let index = from;
  for (; index < to; index = next(tokens, index)) {
    const { text } = tokens[index]!;
    if (angles <= 0 && text === ',') break;
    if (text === '<') angles++;
    if (text === '>') angles--;
  }
  return index;
}

function isAssertion(tokens: Tokens, from: number, index: number): boolean {
  const { kind, text, isFirstOnLine } = tokens[index]!;
  // On a line of its own the word is a name, and what stood before it has ended.
  if (kind !== 'word' || index === from || isFirstOnLine || !endsValue(tokens[index - 1])) return false;
  return text === 'as' || text === 'satisfies';
}

/** What stands in `tokens` from `from` up to `to`, which is not empty. */
function valueIn(tokens: Tokens, from: number, to: number, level: number): Literal {
  let end = from;
  while (end < to && !isAssertion(tokens, from, end)) end = next(tokens, end);
  end = Math.min(end, to);
  const at: Range = [tokens[from]!.at[0], tokens[end - 1]!.at[1]];
  const opaque: Literal = { kind: 'opaque', at };
  if (level > LEVELS_MAX) return opaque;
  const first = tokens[from]!;
  if (end === from + 1) return single(first, opaque);
  if (end === from + 2 && first.text === '-') return negative(tokens[from + 1]!, at);
  if (first.partner === end - 1) {
    if (first.text === '{') return { kind: 'map', at, members: membersIn(tokens, from + 1, end - 1, level) };
    if (first.text === '[') return { kind: 'list', at, items: itemsIn(tokens, from + 1, end - 1, level) };
    if (first.text === '(' && end > from + 2) return grouped(tokens, from + 1, end - 1, level) ?? opaque;
  }
  const argument = firstArgument(tokens, from, end, level);
  return argument === undefined ? opaque : { kind: 'call', at, of: argument };
}

function single({ kind, text, at }: Token, opaque: Literal): Literal {
  if (kind === 'string' || kind === 'template') {
    const value = unescaped(text.slice(1, -1), kind === 'template');
    return value === undefined ? opaque : { kind: 'scalar', at, value };
  }
  if (kind === 'number') return numeric(text, 1, at);
  if (kind !== 'word' || text === 'undefined') return opaque;
  if (text === 'null') return { kind: 'scalar', at, value: null };
  if (text === 'true' || text === 'false') return { kind: 'scalar', at, value: text === 'true' };
  return { kind: 'name', at, name: text };
}

function negative(token: Token, at: Range): Literal {
  return token.kind === 'number' ? numeric(token.text, -1, at) : { kind: 'opaque', at };
}

function numeric(text: string, sign: 1 | -1, at: Range): Literal {
  const value = sign * numberOf(text);
  return Number.isNaN(value) ? { kind: 'opaque', at } : { kind: 'scalar', at, value };
}

/** Not a number for the big ones, which no fleet has. */
function numberOf(text: string): number {
  return Number(text.replaceAll('_', ''));
}

/** A value in parentheses; undefined when there is more in them than that. */
function grouped(tokens: Tokens, from: number, to: number, level: number): Literal | undefined {
  return valueEnd(tokens, from, to) === to ? valueIn(tokens, from, to, level + 1) : undefined;
}

/** The first argument of `name.name<Type>(argument, ...)`; undefined when this is nothing of the kind. */
function firstArgument(tokens: Tokens, from: number, end: number, level: number): Literal | undefined {
  let open = from;
  while (open < end && tokens[open]!.partner === undefined) open++;
  const isCallee = tokens
    .slice(from, open)
    .every(({ kind, text }) => kind === 'word' || text === '.' || text === '<' || text === '>');
  const isWhole = open > from && open < end && tokens[open]!.partner === end - 1 && open + 1 < end - 1;
  if (!isCallee || !isWhole || tokens[open]!.text !== '(' || tokens[from]!.text === 'function') {
    return undefined;
  }
  const argumentEnd = valueEnd(tokens, open + 1, end - 1);
  return argumentEnd === open + 1 ? undefined : valueIn(tokens, open + 1, argumentEnd, level + 1);
}

function itemsIn(tokens: Tokens, from: number, to: number, level: number): readonly (Literal | undefined)[] {
  const items: (Literal | undefined)[] = [];
  let index = from;
  while (index < to) {
    const end = valueEnd(tokens, index, to);
    items.push(end === index ? undefined : elementIn(tokens, index, end, level));
    index = end + 1;
  }
  return items;
}

/** An item of a list, or a member of a map without a key. */
function elementIn(tokens: Tokens, from: number, end: number, level: number): Literal {
  const at: Range = [tokens[from]!.at[0], tokens[end - 1]!.at[1]];
  if (tokens[from]!.text !== '...') return valueIn(tokens, from, end, level + 1);
  if (end === from + 1) return { kind: 'opaque', at };
  return { kind: 'spread', at, of: valueIn(tokens, from + 1, end, level + 1) };
}

function membersIn(tokens: Tokens, from: number, to: number, level: number): readonly Member[] {
  const members: Member[] = [];
  let index = from;
  while (index < to) {
    // The word `as` may be a key: what is a value begins after the colon.
    const start = Math.min(next(tokens, index) + 1, to);
    const isKeyed = tokens[start - 1]?.text === ':' && start < to;
    const end = valueEnd(tokens, isKeyed ? start : index, to);
    if (end > index) members.push(memberIn(tokens, index, isKeyed ? start : undefined, end, level));
    index = end + 1;
  }
  return members;
}

function memberIn(
  tokens: Tokens,
  from: number,
  valueFrom: number | undefined,
  end: number,
  level: number,
): Member {
  const token = tokens[from]!;
  const opaque: Literal = { kind: 'opaque', at: [token.at[0], tokens[end - 1]!.at[1]] };
  if (valueFrom !== undefined && valueFrom < end) {
    const value = valueIn(tokens, valueFrom, end, level + 1);
    const key = keyOf(tokens, from);
    return key === undefined ? { value: opaque } : { key, value };
  }
  if (token.text === '...') return { value: elementIn(tokens, from, end, level) };
  const isName = token.kind === 'word' && end === from + 1;
  if (isName) return { key: { text: token.text, at: token.at }, value: single(token, opaque) };
  // A method is keyed by its name.
  const isMethod = token.kind === 'word' && tokens[from + 1]?.text === '(';
  return isMethod ? { key: { text: token.text, at: token.at }, value: opaque } : { value: opaque };
}

function keyOf(tokens: Tokens, from: number): Member['key'] {
  const { kind, text, at } = tokens[from]!;
  if (kind === 'word') return { text, at };
  if (kind === 'number') return { text: String(numberOf(text)), at };
  if (kind !== 'string') return undefined;
  const key = unescaped(text.slice(1, -1), false);
  return key === undefined ? undefined : { text: key, at };
}
