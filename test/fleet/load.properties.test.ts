import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Finding, Path, Position } from '../../src/base/finding.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { fleetIn, type FleetFileLoad, locate } from '../../src/fleet/load.ts';
import { fileFor, originOf } from '../../src/fleet/overrides.ts';
import { load, SOUND } from './told.ts';

const RUNS = { numRuns: 200 };

/** Text that is YAML more often than chance would have it. */
const yamlish = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('a: ', 'name: ', 'clusters: ', 'x', '- ', '\n', '\n  ', '  ', '\n    '),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('[', ']', '{', '}', ', ', ': ', '"', "'", '#', '|\n', '>\n', '? '),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('&a ', '*a', '!t ', '<<: ', '---\n', '...\n', '%X\n', '\t', '\r\n'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** The sound file with a piece of it replaced by something else. */
const damaged = fc
  .tuple(fc.nat(SOUND.length), fc.nat(20), yamlish)
  .map(([at, length, piece]) => SOUND.slice(0, at) + piece + SOUND.slice(at + length));

function assertInside(loaded: FleetFileLoad, finding: Finding): void {
  const lines = loaded.document.text.split('\n');
  const isInside = ({ line, column }: Position) =>
    line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1;
  for (const span of [finding.span, ...(finding.related ?? []).map((other) => other.span)]) {
    assert.ok(span !== undefined && isInside(span.start) && isInside(span.end), JSON.stringify(finding));
    const { start, end } = span;
    assert.ok(start.line < end.line || (start.line === end.line && start.column <= end.column));
  }
}

function assertBounded(content: string | Uint8Array): void {
  const loaded = load(content);
  for (const finding of loaded.findings) {
    assertInside(loaded, finding);
    assert.ok(finding.message.length < 500 && (finding.help?.length ?? 0) > 0, finding.message);
  }
  for (const environment of environments) {
    fleetIn(loaded, environment);
    assertInside(loaded, locate(loaded, environment, { ...loaded.findings[0]!, ...HERE }));
  }
}

const HERE = {
  id: 'x',
  severity: 'error',
  message: '',
  path: ['clusters', 'app1', 'user', 'nodes'],
} as const;

test('any bytes are read, and every finding lies inside the text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), assertBounded), RUNS);
});

test('any text is read, and every finding lies inside it', () => {
  fc.assert(fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' }), damaged), assertBounded), RUNS);
});

test('any data of the right outline is judged', () => {
  const scalar = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('2..5'));
  const known = fc.constantFrom(
    'name',
    'clusters',
    'app1',
    'user',
    'nodes',
    'network',
    'peers',
    'workloads',
    'env',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      scalar,
      fc.dictionary(fc.oneof(known, fc.string()), tie('tree'), { maxKeys: 5 }),
      fc.array(tie('tree'), { maxLength: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(known, tree), (data) => assertBounded(stringify(data))),
    RUNS,
  );
});

/** The same data with the keys of every map in an order that `seed` decides. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string) =>
    [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, seed);
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item, seed)]));
}

test('the order of keys changes neither fleet nor explanations', () => {
  const { value } = load(SOUND).document;
  fc.assert(
    fc.property(fc.nat(9972), fc.constantFrom(...environments), (seed, environment) => {
      const again = load(stringify(shuffled(value, seed)));
      assert.deepEqual(again.findings, []);
      const [one, other] = [fleetIn(load(SOUND), environment), fleetIn(again, environment)];
      assert.deepEqual(other?.fleet, one?.fleet);
    }),
    RUNS,
  );
});

/** Lines of the sound file after which a key of the same map can stand, with the indentation of that map. */
const GAPS = SOUND.split('\n').flatMap((line, index) => {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const isOpenMap = /^ *(clusters|env|workloads):/.test(SOUND.split('\n')[index - 1] ?? '');
  const isKey = /^ *[a-z1]\w*:/i.test(line) && !isOpenMap;
  const parent = SOUND.split('\n')
    .slice(0, index)
    .findLast((other) => /^ */.exec(other)![0].length < indent.length);
  // Under these names any key may be one of the fleet's own.
  return isKey && !/^ *clusters:|^ *workloads:/.test(parent ?? '') ? [{ index, indent }] : [];
});

test('an unknown key anywhere is one finding, at that key', () => {
  const key = fc.stringMatching(/^zz[a-z]{1,6}$/);
  fc.assert(
    fc.property(
      fc.constantFrom(...GAPS),
      key,
      fc.constantFrom('1', '{}', '[a, b]', 'text', ''),
      (gap, name, value) => {
        const lines = SOUND.split('\n');
        lines.splice(gap.index, 0, `${gap.indent}${name}: ${value}`);
        const { findings } = load(lines.join('\n'));
        assert.equal(findings.length, 1, JSON.stringify(findings));
        const [{ id, span, path }] = findings as [Finding];
        assert.equal(id, 'fleet/unknown-key');
        assert.equal(path.at(-1), name);
        const line = gap.index + 1;
        const column = gap.indent.length + 1;
        assert.deepEqual(span, {
          file: 'fleet.yaml',
          start: { line, column },
          end: { line, column: column + name.length },
        });
      },
    ),
    RUNS,
  );
});

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield* pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

test('whatever an environment sees was written where its origin says', () => {
  const names = fc.constantFrom('app1', 'app2', 'app3');
  const user = fc.record(
    { nodes: fc.constantFrom('1..2', 3), zones: fc.constant([1, 2]) },
    { requiredKeys: [] },
  );
  const cluster = fc.record({ tier: fc.constantFrom(1, 2), user }, { requiredKeys: [] });
  const half = fc.record(
    {
      clusters: fc.dictionary(names, cluster),
      schedule: fc.constantFrom(null, { awake: 'Mon-Fri 08:00-20:00' }),
      network: fc.record({ peers: fc.array(fc.tuple(names, names), { maxLength: 2 }) }),
    },
    { requiredKeys: [] },
  );
  const file = fc
    .tuple(half, fc.dictionary(fc.constantFrom(...environments), half))
    .map(([base, overrides]) => ({
      name: 'atlas',
      region: 'x',
      clusters: {},
      ...base,
      environments: overrides,
    }));
  fc.assert(
    fc.property(file, fc.constantFrom(...environments), (data, environment) => {
      const loaded = load(stringify(data));
      assert.deepEqual(loaded.findings, []);
      for (const path of pathsOf(fileFor(loaded.file ?? {}, environment))) {
        const origin = originOf(loaded.file ?? {}, environment, path);
        assert.ok(loaded.document.spanOf(origin) !== undefined, path.join('.'));
        assertInside(loaded, locate(loaded, environment, { ...HERE, path }));
      }
    }),
    RUNS,
  );
});
