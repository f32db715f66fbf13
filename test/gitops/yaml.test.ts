import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { because, renderYaml, type YamlMap } from '../../src/gitops/yaml.ts';

/** Texts that some YAML version takes for something else, or that break a careless printer. */
// prettier-ignore
const traps = [
  'y', 'NO', 'On', 'off', 'null', '~', 'True', '0775', '0o14', '0x1F', '0b11', '12:30', '190:20:30',
  '1_000', '1e3', 'e0', '1E+3', '100m', '256Mi', '1h0m0s', '0m', '1.2.3', '12e', '5d', '.5', '-.inf',
  '.NaN', '=', 'E-0', '<<', '2026-11-22', '2026-11-22T01:02:03Z', '', ' ', '- a', '? a', 'a: b', 'a:',
  ':a', 'a #b', '#a', '&a', '*a', '!a', '!!str a', '|', '>', '%a', '@a', '`a`', '{a}', '[a]', '{{.name}}',
  "'", '"', '\\', '---', '...', 'a\nb', 'a\nb\n', 'a\n\nb\n', '\na', ' a\nb', 'a\n b', 'a \nb', 'a\n\n',
  '\ta', 'a\tb\n', '\r\n', '\u0085', '\u2028', '\ufeff', '\u0000', '\u007f', 'é', '한국', '😀',
  '😀\nb', '/x', '_1', 'a,b', 'a~', 'https://a.b/c:d', 'C:\\x', '1.35', '10.0.0.0/8', 'a b', 'a  b',
  'a ', '__proto__',
];

const text = fc.oneof(
  fc.constantFrom(...traps),
  fc.stringMatching(/^[0-9a-fA-FxoE_.:+-]{1,6}$/),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
const { map } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.integer({ max: 999 }).map((n) => n / 8),
  ),
  node: fc.oneof({ maxDepth: 5 }, tie('leaf'), fc.array(tie('node'), { maxLength: 4 }), tie('map')),
  map: fc.dictionary(text, tie('node'), { maxKeys: 4, noNullPrototype: true }),
}));

test('a text reads back as the same data under YAML 1.1 and 1.2', () => {
  const bothVersions = (data: unknown): void => {
    const rendered = renderYaml({ data } as YamlMap);
    for (const version of ['1.1', '1.2'] as const) {
      assert.deepEqual(parse(rendered, { version, merge: false }), { data }, `${version}\n${rendered}`);
    }
  };
  for (const trap of traps) bothVersions([trap, [trap, [trap]], { [trap]: trap }]);
  fc.assert(fc.property(map, bothVersions), { numRuns: 150 });
});

test('reasons stand above what they explain, and never change the data', () => {
  const rendered = renderYaml({
    taints: because('The operator removes it.', [
      { key: because('On every node.', 'a'), count: 1 },
      because('Last.', 'x'),
    ]),
    none: undefined,
    empty: {},
    script: 'return {\n}\n',
  });
  assert.equal(
    rendered,
    [
      '# The operator removes it.',
      'taints:',
      '  # On every node.',
      '  - key: a',
      '    count: 1',
      '  # Last.',
      '  - x',
      'empty: {}',
      'script: |',
      '  return {',
      '  }',
      '',
    ].join('\n'),
  );
  const long = renderYaml({ a: because('word '.repeat(60).trim(), 1) });
  assert.ok(long.split('\n').every((line) => line.length <= 110));
  assert.deepEqual(parse(long), { a: 1 });
});

test('a number without a form that both versions read is refused', () => {
  for (const number of [1e21, 1e-9, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => renderYaml({ number }), /no safe YAML form/);
  }
});
