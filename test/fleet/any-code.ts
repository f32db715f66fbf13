import fc from 'fast-check';
import type { Path } from '../../src/base/finding.ts';

/**
 * Data as a literal of TypeScript, and the text of each key and value in it by `JSON.stringify` of the path.
 */
export type Printed = {
  readonly text: string;
  readonly spots: ReadonlyMap<
    string,
    { readonly key?: number; readonly at: number; readonly length: number }
  >;
  readonly keys: ReadonlyMap<string, string>;
};

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Maps of texts, numbers, lists and maps, with names that are hard to print. */
export const anyMap: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain; map: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('`${x}`', "it's", '"', '\\', '*/', '// no comment', '\u2028', 'as', '{', ']'),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('map'),
  ),
  map: fc.dictionary(
    fc
      .oneof(
        fc.constantFrom('as', 'const', 'get', 'async', 'a-b', '1', '007', '1e21', 'default', 'satisfies', ''),
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'B', '_', '$', '7'), maxLength: 5 }),
      )
      .filter((key) => key !== '__proto__'),
    tie('value'),
    { maxKeys: 5, noNullPrototype: true },
  ),
})).map;

/** Decisions of style: the n-th choice is the n-th number, again from the first when they are used up. */
export const anyStyle = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

const GAPS = ['', '', '', ' ', '\n', '\r\n  ', '\t', '/* }{ " */', " // `[ ' ${\n", '/**/\n/* /* */'];
const SUFFIXES = ['', '', '', ' as const', ' satisfies unknown', ' as Record<string, { a: [1, 2] }>'];

/** Prints data as TypeScript, in one of the many ways to do so. */
export function print(data: Plain, style: readonly number[]): Printed {
  let text = '';
  let turn = 0;
  const spots = new Map<string, { key?: number; at: number; length: number }>();
  const keys = new Map<string, string>();
  const choose = <T>(choices: readonly T[]): T => choices[style[turn++ % style.length]! % choices.length]!;
  const gap = () => (text += choose(GAPS));
  const write = (piece: string) => (text += piece);

  function value(item: Plain, path: Path): void {
    gap();
    const isGrouped = choose([false, false, false, true]);
    if (isGrouped) write('(');
    if (isGrouped) gap();
    const at = text.length;
    if (Array.isArray(item)) list(item as readonly Plain[], path);
    else if (typeof item === 'object' && item !== null) map(item as { readonly [key: string]: Plain }, path);
    else
      write(typeof item === 'string' ? quoted(item, choose(['"', "'", '`']), choose([0, 1])) : scalar(item));
    const spot = spots.get(JSON.stringify(path));
    spots.set(JSON.stringify(path), { ...spot, at, length: text.length - at });
    if (isGrouped) gap();
    if (isGrouped) write(')');
    write(choose(SUFFIXES));
    gap();
  }

  function scalar(item: null | boolean | number): string {
    if (!Number.isSafeInteger(item) || Object.is(item, -0)) return numberText(item);
    const positive = Math.abs(item as number);
    const sign = (item as number) < 0 ? '-' : '';
    return (
      sign +
      choose([String(positive), `0x${positive.toString(16)}`, grouped(String(positive)), `${positive}.0`])
    );
  }

  function list(items: readonly Plain[], path: Path): void {
    write('[');
    for (const [index, item] of items.entries()) {
      if (index > 0) write(',');
      value(item, [...path, index]);
    }
    if (items.length > 0 && choose([false, true])) write(',');
    gap();
    write(']');
  }

  function map(entries: { readonly [key: string]: Plain }, path: Path): void {
    write('{');
    for (const [index, [name, item]] of Object.entries(entries).entries()) {
      if (index > 0) write(',');
      gap();
      const inner = [...path, name];
      const key = keyText(name);
      spots.set(JSON.stringify(inner), { key: text.length, at: 0, length: 0 });
      keys.set(JSON.stringify(inner), key);
      write(key);
      gap();
      write(':');
      value(item, inner);
    }
    if (Object.keys(entries).length > 0 && choose([false, true])) write(',');
    gap();
    write('}');
  }

  function keyText(name: string): string {
    const isBare = /^[a-zA-Z_$][\w$]*$/.test(name) || /^(0|[1-9]\d{0,8})$/.test(name);
    return isBare && choose([true, true, false]) ? name : quoted(name, choose(['"', "'"]), choose([0, 1]));
  }

  value(data, []);
  return { text, spots, keys };
}

function numberText(item: null | boolean | number): string {
  return Object.is(item, -0) ? '-0' : String(item);
}

/** 1234567 as 1_234_567. */
function grouped(digits: string): string {
  return digits.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, '_');
}

/** The text in quotes, with what no quoted text may hold, or no file should, escaped in one of two ways. */
function quoted(text: string, quote: string, way: number): string {
  let inside = '';
  for (const unit of text.split('')) {
    const code = unit.charCodeAt(0);
    const isOdd =
      code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || code > 0xfff0;
    if (unit === quote || unit === '\\' || unit === '$') inside += `\\${unit}`;
    else if (isOdd && way === 1 && code < 0x100) inside += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (isOdd)
      inside += way === 1 ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
    else inside += unit;
  }
  return quote + inside + quote;
}
