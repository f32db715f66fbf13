import { type Token, tokensOf } from './tokens.ts';
import { type Value, timespan } from './values.ts';

/** The part of Kusto that alerts are written in. Anything else is refused, never guessed at. */
export type Query = {
  readonly lets: readonly Named[];
  readonly table: string;
  readonly steps: readonly Step[];
};

export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'infix'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'in';
      readonly isIn: boolean;
      readonly of: Expression;
      readonly list: readonly Expression[];
    };

export type Named = { readonly name: string; readonly is: Expression };

export type Step =
  | { readonly kind: 'where'; readonly holds: Expression }
  | { readonly kind: 'extend' | 'project'; readonly columns: readonly Named[] }
  | { readonly kind: 'distinct'; readonly columns: readonly string[] }
  | { readonly kind: 'summarize'; readonly values: readonly Named[]; readonly by: readonly string[] }
  | { readonly kind: 'mv-expand'; readonly column: Named };

const INFIX: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  [
    '==',
    '!=',
    '=~',
    '!~',
    'has',
    '!has',
    'contains',
    '!contains',
    'startswith',
    '!startswith',
    '<',
    '<=',
    '>',
    '>=',
  ],
  ['+', '-'],
  ['*', '/'],
];
const COMPARING = 2;

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads a query. Throws where it is none, or uses what is not known here. */
export function parseQuery(text: string): Query {
  const words = reader(tokensOf(text));
  const lets: Named[] = [];
  while (words.take('let')) {
    const name = words.name();
    words.need('=');
    lets.push({ name, is: expression(words) });
    words.need(';');
  }
  const table = words.name();
  const steps: Step[] = [];
  while (words.take('|')) steps.push(step(words));
  words.take(';');
  words.end();
  return { lets, table, steps };
}

type Reader = ReturnType<typeof reader>;

function reader(tokens: readonly Token[]) {
  let index = 0;
  const next = (): Token => tokens[index]!;
  const fail = (wanted: string): never => {
    throw new Error(`${wanted} expected before ${JSON.stringify(next().text)} at ${next().at}`);
  };
  const take = (text: string): boolean => {
    if (next().text !== text || next().kind === 'string') return false;
    index++;
    return true;
  };
  return {
    next,
    fail,
    take,
    need: (text: string): void => {
      if (!take(text)) fail(text);
    },
    name: (): string => (next().kind === 'name' ? tokens[index++]!.text : fail('a name')),
    /** What follows the next word. */
    after: (): string => tokens[index + 1]?.text ?? '',
    skip: (): Token => tokens[index++]!,
    end: (): void => {
      if (next().kind !== 'end') fail('the end');
    },
  };
}

function step(words: Reader): Step {
  if (words.take('mv')) {
    words.need('-');
    words.need('expand');
    const column = named(words);
    for (const word of ['to', 'typeof', '(', 'string', ')']) words.need(word);
    return { kind: 'mv-expand', column };
  }
  const operator = words.name();
  switch (operator) {
    case 'where':
      return { kind: 'where', holds: expression(words) };
    case 'extend':
    case 'project':
      return { kind: operator, columns: list(words, named) };
    case 'distinct':
      return { kind: 'distinct', columns: list(words, ({ name }) => name()) };
    case 'summarize': {
      const values = list(words, named);
      return { kind: 'summarize', values, by: words.take('by') ? list(words, ({ name }) => name()) : [] };
    }
    default:
      return words.fail(`an operator that is known here, not ${operator},`);
  }
}

function list<T>(words: Reader, item: (words: Reader) => T): readonly T[] {
  const items = [item(words)];
  while (words.take(',')) items.push(item(words));
  return items;
}

/** `Name = expression`, or a column or an aggregate that keeps its own name. */
function named(words: Reader): Named {
  if (words.after() === '=') {
    const name = words.name();
    words.need('=');
    return { name, is: expression(words) };
  }
  const is = expression(words);
  return { name: is.kind === 'name' ? is.name : '', is };
}

function expression(words: Reader, level = 0): Expression {
  const signs = INFIX[level];
  if (!signs) return operand(words);
  let left = expression(words, level + 1);
  for (;;) {
    const sign = signs.find((text) => words.take(text));
    if (sign !== undefined) {
      left = { kind: 'infix', sign, left, right: expression(words, level + 1) };
    } else if (level === COMPARING && ['in', '!in'].includes(words.next().text)) {
      const isIn = words.skip().text === 'in';
      left = { kind: 'in', isIn, of: left, list: between(words) };
    } else return left;
  }
}

function operand(words: Reader): Expression {
  const { kind, text } = words.next();
  if (words.take('(')) {
    const inner = expression(words);
    words.need(')');
    return inner;
  }
  if (kind === 'string') return literal(words, textOf(text));
  if (kind === 'number') return literal(words, Number(text));
  if (kind === 'timespan') return literal(words, timespanOf(text));
  if (kind !== 'name') return words.fail('a value');
  if (text === 'true' || text === 'false') return literal(words, text === 'true');
  const name = words.name();
  if (words.next().text !== '(') return { kind: 'name', name };
  return name === 'dynamic' ? dynamic(words) : { kind: 'call', name, args: between(words) };
}

function literal(words: Reader, value: Value): Expression {
  words.skip();
  return { kind: 'value', value };
}

function between(words: Reader): readonly Expression[] {
  words.need('(');
  if (words.take(')')) return [];
  const items = list(words, expression);
  words.need(')');
  return items;
}

/** `dynamic(["a", "b"])`. */
function dynamic(words: Reader): Expression {
  words.need('(');
  words.need('[');
  const items = words.next().text === ']' ? [] : list(words, operand);
  words.need(']');
  words.need(')');
  return {
    kind: 'value',
    value: items.map((item) => (item.kind === 'value' ? item.value : words.fail('a value'))),
  };
}

function textOf(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** `15m`, `time(08:45:00)`, `time(1.00:00:00)`. */
function timespanOf(text: string): Value {
  const clock = /^time\((?:(\d+)\.)?(\d+):(\d+):(\d+)\)$/.exec(text);
  if (clock) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
    return timespan(((days * 24 + hours) * 60 + minutes) * UNIT_MS.m! + seconds * UNIT_MS.s!);
  }
  const [, count = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  const ms = UNIT_MS[unit];
  if (ms === undefined) throw new Error(`${text} is no timespan that is known here`);
  return timespan(Number(count) * ms);
}
