import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { transformSync } from '@swc/wasm-typescript';
import fc from 'fast-check';
import type { Path, Span } from '../../src/base/finding.ts';
import { readCodeDocument } from '../../src/fleet/code-document.ts';
import { type Literal, literalsOf } from '../../src/fleet/code-literal.ts';
import { anyMap, anyStyle, print } from './any-code.ts';
import { soon } from '../support/cpu.ts';

const RUNS = { numRuns: 300 };

function documentOf(text: string, value: unknown) {
  return readCodeDocument('fleet.ts', new TextEncoder().encode(text), { kind: 'value', value });
}

function slice(text: string, { start, end }: Span): string {
  const lines = text.split('\n');
  const offset = ({ line, column }: Span['start']) =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return text.slice(offset(start), offset(end));
}

/** What Node makes of the literal. */
function evaluated(literal: string): unknown {
  return runInNewContext(transformSync(`(${literal}\n)`, { mode: 'strip-only' }).code);
}

test('every key and value of a literal is found where it stands, however it is written', () => {
  const frames = fc.constantFrom(
    (literal: string) => `export default defineFleet(${literal});\n`,
    (literal: string) => `import { x } from 'y';\nexport default ${literal}\n;`,
    (literal: string) =>
      `const x = /[{'"]/, y = a / b;\nconst fleet: Record<a, b> =${literal};\nexport default fleet\n`,
    (literal: string) => `export default Object.freeze(/* ( */${literal},) satisfies FleetFile`,
  );
  fc.assert(
    fc.property(anyMap, anyStyle, frames, (data, style, frame) => {
      const printed = print(data, style);
      const text = frame(printed.text);
      const document = documentOf(text, evaluated(printed.text));
      assert.deepEqual(document.findings, []);
      assert.equal(JSON.stringify(document.value), JSON.stringify(data));
      for (const [name, { at, length }] of printed.spots) {
        const path = JSON.parse(name) as Path;
        const wanted = printed.text.slice(at, at + length);
        if (path.length > 0) {
          assert.equal(document.writtenAt(path), wanted);
          assert.equal(slice(text, document.spanOf(path)!), wanted);
        }
        const key = document.spanOf(path, 'key');
        assert.equal(key && slice(text, key), printed.keys.get(name));
      }
    }),
    RUNS,
  );
});

test('values that the text does not hold have a place in it all the same', () => {
  fc.assert(
    fc.property(anyMap, anyMap, anyStyle, (data, other, style) => {
      const { text } = print(data, style);
      const document = documentOf(`export default ${text}`, other);
      const lines = document.text.split('\n');
      const check = (value: unknown, path: Path): void => {
        for (const at of ['key', 'value'] as const) {
          const span = document.spanOf(path, at);
          if (span === undefined) assert.equal(at, 'key');
          else assert.ok(span.end.column <= lines[span.end.line - 1]!.length + 1);
        }
        if (typeof value !== 'object' || value === null) return;
        for (const [key, item] of Object.entries(value)) {
          check(item, [...path, Array.isArray(value) ? Number(key) : key]);
        }
      };
      check(other, []);
    }),
    RUNS,
  );
});

/** What the reader of literals looks at, and what it must not look into. */
const PIECES = [
  ...'export default |defineFleet(|const a = |let b: X<|as |satisfies |get |async |new |a|a: |-|1n'.split(
    '|',
  ),
  ...'{|}|[|]|(|)|,|:|;|...|=>|?.|"|\'|`|${|/|//|/*|*/|\\|\n|#!|=|<|>|!'.split('|'),
];

test('any text at all has literals inside it or none', () => {
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 }));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      (text) => {
        const { root, constants } = literalsOf(text);
        for (const literal of [root, ...constants.values()]) assertInside(literal, [0, text.length]);
        documentOf(text, { a: [{ a: 1 }], b: {} });
      },
    ),
    { numRuns: 1000 },
  );
});

function assertInside(literal: Literal | undefined, [start, end]: readonly [number, number]): void {
  if (literal === undefined) return;
  const { at } = literal;
  assert.ok(start <= at[0] && at[0] < at[1] && at[1] <= end, JSON.stringify({ literal, start, end }));
  if (literal.kind === 'call' || literal.kind === 'spread') assertInside(literal.of, at);
  if (literal.kind === 'list') for (const item of literal.items) assertInside(item, at);
  if (literal.kind !== 'map') return;
  for (const { key, value } of literal.members) {
    assertInside(value, at);
    if (key !== undefined) assertInside({ kind: 'opaque', at: key.at }, at);
  }
}

test('time is linear in the text, whatever it is', () => {
  for (const piece of [
    '{',
    '[',
    'f({a:',
    'let a:<',
    '{...a,',
    '[a as X<',
    '`${',
    '(as ',
    'const a=',
    '/',
    '\n',
  ]) {
    const text = `export default ${piece.repeat(2 ** 17 / piece.length)}`;
    soon(piece, () => literalsOf(text));
  }
});
