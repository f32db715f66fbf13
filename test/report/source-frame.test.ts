import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import test from 'node:test';
import fc from 'fast-check';
import { gutterWidth, renderSourceFrame, sourceLines } from '../../src/report/source-frame.ts';
import type { Mark } from '../../src/report/source-frame.ts';
import { ansiStyle, displayWidth, plainStyle } from '../../src/report/style.ts';
import type { Style } from '../../src/report/style.ts';
import { anyText, UNCLEAN } from './any-text.ts';
import { golden } from './golden.ts';

type Ends = readonly [line: number, column: number, endLine: number, endColumn: number];

function mark([line, column, endLine, endColumn]: Ends, label = '', isPrimary = true): Mark {
  const span = { file: 'fleet.yaml', start: { line, column }, end: { line: endLine, column: endColumn } };
  return { span, isPrimary, label };
}

function frame(text: string, marks: readonly Mark[], style: Style = plainStyle): string {
  const lines = sourceLines(text);
  const gutter = gutterWidth(marks, lines.length);
  return renderSourceFrame({ name: 'fleet.yaml', lines }, marks, { gutter, tone: 'red', style });
}

const fleet = `name: atlas
tiers:
  1: { demo: Spot, production: Spot }
  2: { demo: Spot, production: Spot }

network:
  subnets:
    mgmt: 10.1.0.0/16
    app1: 10.1.128.0/17
    app2: 10.3.0.0/16
`;

test('carets stand under the span, with the label after them', () => {
  const marks = [mark([3, 32, 3, 36], 'must be OnDemand')];
  const text = golden(`
      --> fleet.yaml:3:32
       |
     3 |   1: { demo: Spot, production: Spot }
       |                                ^^^^ must be OnDemand
  `);
  assert.equal(frame(fleet, marks), text);
  assert.equal(stripVTControlCharacters(frame(fleet, marks, ansiStyle)), text);
});

test('related places of the same file follow in the order of lines', () => {
  const marks = [
    mark([9, 11, 9, 24], 'lies inside mgmt'),
    mark([8, 11, 8, 22], 'mgmt', false),
    mark([10, 5, 10, 9], 'free', false),
    mark([3, 3, 3, 4], 'tier', false),
    mark([1, 7, 1, 12], 'fleet', false),
  ];
  assert.equal(
    frame(fleet, marks),
    golden(`
      --> fleet.yaml:9:11
       |
     1 | name: atlas
       |       ----- fleet
     2 | tiers:
     3 |   1: { demo: Spot, production: Spot }
       |   - tier
    ...
     8 |     mgmt: 10.1.0.0/16
       |           ----------- mgmt
     9 |     app1: 10.1.128.0/17
       |           ^^^^^^^^^^^^^ lies inside mgmt
    10 |     app2: 10.3.0.0/16
       |     ---- free
    `),
  );
});

test('two places on one line share it', () => {
  const marks = [mark([3, 32, 3, 36], 'here'), mark([3, 8, 3, 12], 'like this', false)];
  assert.equal(
    frame(fleet, marks),
    golden(`
      --> fleet.yaml:3:32
       |
     3 |   1: { demo: Spot, production: Spot }
       |        ---- like this
       |                                ^^^^ here
    `),
  );
});

test('wide characters, tabs and controls shift the caret by what they take', () => {
  assert.equal(
    frame('\t운영: "\x1b" # 한국어\tx', [mark([1, 2, 1, 4]), mark([1, 7, 1, 8]), mark([1, 12, 1, 15])]),
    golden(`
      --> fleet.yaml:1:2
       |
     1 |     운영: "\\x1b" # 한국어    x
       |     ^^^^
       |            ^^^^
       |                    ^^^^^^
    `),
  );
});

test('an empty span has one caret, a span of several lines runs to the end of its first', () => {
  assert.equal(
    frame(fleet, [mark([4, 6, 4, 6]), mark([6, 1, 10, 9], 'all of it')]),
    golden(`
      --> fleet.yaml:4:6
       |
     4 |   2: { demo: Spot, production: Spot }
       |      ^
     5 |
     6 | network:
       | ^^^^^^^^ all of it
    `),
  );
});

test('of two marks on one place the primary one comes first', () => {
  const ends: Ends = [1, 1, 1, 5];
  assert.match(frame(fleet, [mark(ends, 'b', false), mark(ends, 'a')]), /\^{4} a\n {3}\| -{4} b\n$/);
});

test('a span that ends before it starts, or within a character, still has its caret', () => {
  assert.match(frame(fleet, [mark([3, 4, 2, 20])]), /^ {3}\| {4}\^$/m);
  assert.match(frame('a🚀b', [mark([1, 3, 1, 3])]), /:1:2\n.*\n 1 \| a🚀b\n {3}\|  \^\^\n$/);
  assert.match(frame('a🚀b', [mark([1, 2, 1, 3])]), /^ {3}\|  \^\^$/m);
});

test('a span of several lines leaves the spaces at the end of its first line alone', () => {
  assert.match(frame('a:  \n  b: 1', [mark([1, 1, 2, 3])]), /^ {3}\| \^\^$/m);
});

test('a span beyond the text is moved to its end', () => {
  assert.equal(
    frame('name: atlas\r\nregion', [mark([40, 3, 41, 1], 'the file ends')]),
    golden(`
      --> fleet.yaml:2:7
       |
     2 | region
       |       ^ the file ends
    `),
  );
  assert.match(frame('', [mark([1, 1, 1, 1])]), /^ {3}\|\n 1 \|\n {3}\| \^\n$/m);
});

test('long lines are clipped around each mark', () => {
  const items = Array.from({ length: 60 }, (_, at) => `10.${at + 100}.0.0/16`).join(', ');
  assert.equal(
    frame(`ranges: [${items}]`, [mark([1, 430, 1, 443], 'twice'), mark([1, 1, 1, 7], 'key', false)]),
    golden(`
  --> fleet.yaml:1:430
   |
 1 | ranges: [10.100.0.0/16, 10.101.0.0/16, 10.102.0.0/16, 10.103.0.0/16, 10.104.0.0/16, 10.105.0.0/16, 10.1…
   | ------ key
 1 | …10.125.0.0/16, 10.126.0.0/16, 10.127.0.0/16, 10.128.0.0/16, 10.129.0.0/16, 10.130.0.0/16, 10.131.0.0/16…
   |                                               ^^^^^^^^^^^^^ twice
    `),
  );
  const whole = frame(`ranges: [${items}]`, [mark([1, 9, 1, 910])]).split('\n');
  assert.ok(whole[2]!.endsWith('…') && whole[2]!.length <= 110);
  assert.equal(whole[3]!.length, whole[2]!.length);
});

test('a line of megabytes costs no more than a short one', () => {
  const line = `a: "${'클'.repeat(2_000_000)}" # ${'e\u0301'.repeat(500_000)}`;
  const marks = [mark([1, 1_000_000, 1, 1_500_000], 'here'), mark([1, 2_500_000, 1, 2_500_000], 'there')];
  const lines = frame(line, marks).split('\n');
  assert.ok(lines.every((text) => text.length <= 110 + ' here'.length));
  assert.ok(lines.every((text) => displayWidth(text) <= 110 + ' here'.length));
});

test('the first caret stands under the first character of the span', () => {
  const wide = [...'漢字한국어。🚀'];
  const letter = fc.constantFrom(...wide, ...'abc: {}"#é→');
  const widthOf = (text: string): number =>
    [...text].reduce((sum, one) => sum + (wide.includes(one) ? 2 : 1), 0);
  const lines = fc.array(fc.array(letter, { maxLength: 300, size: 'max' }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(), fc.nat(300), (letters, lineSeed, letterSeed, length) => {
      // `@` stands nowhere else, so that it can be found again in the frame.
      const at = lineSeed % letters.length;
      const marked = letters[at]!.toSpliced(letterSeed % (letters[at]!.length + 1), 0, '@');
      const text = letters.map((line, index) => (index === at ? marked : line).join('')).join('\n');
      const column = marked.join('').indexOf('@') + 1;
      const [, , source, carets] = frame(text, [mark([at + 1, column, at + 1, column + length])]).split('\n');
      assert.equal(carets!.indexOf('^'), widthOf(source!.slice(0, source!.indexOf('@'))));
      assert.ok(widthOf(source!) <= 110 && carets!.length <= 110);
    }),
  );
});

test('no text and no span breaks a frame', () => {
  const number = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.integer(), fc.double());
  const marks = fc.array(
    fc.tuple(fc.tuple(number, number, number, number), anyText, fc.boolean()).map((parts) => mark(...parts)),
  );
  fc.assert(
    fc.property(anyText, marks, (source, some) => {
      const shown = frame(source, some);
      for (const line of shown.split('\n')) assert.doesNotMatch(line, UNCLEAN);
      assert.equal(stripVTControlCharacters(frame(source, some, ansiStyle)), shown);
      assert.equal((shown.match(/^ +\| +[\^-]/gm) ?? []).length, some.length);
    }),
  );
});
