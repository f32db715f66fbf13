import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { scanJson } from '../../../src/contract/terraform/json-scan.ts';
import { readShownFile, type ShownFileLoad } from '../../../src/contract/terraform/shown-file.ts';
import { planOf } from './made-plan.ts';
import { fixture, type Json, type Shown } from './plan-under-test.ts';
import { soon } from '../../support/cpu.ts';

function read(content: string | Uint8Array): ShownFileLoad {
  return readShownFile('plan.json', [typeof content === 'string' ? Buffer.from(content) : content]);
}

function refusal(content: string | Uint8Array): string {
  const { file, findings } = read(content);
  assert.equal(file, undefined);
  assert.equal(findings.length, 1);
  const [{ id, severity, message, help, file: name, path }] = findings as [(typeof findings)[number]];
  assert.equal(severity, 'error');
  assert.equal(name, 'plan.json');
  assert.deepEqual(path, []);
  assert.ok(help);
  return `${id}: ${message}`;
}

/** The text in pieces of these sizes, over and over. */
function* pieces(text: string, sizes: readonly number[]): Iterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('what is kept is what JSON.parse gives, however the text is cut', () => {
  const document = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(document, sizes, fc.constantFrom(0, 1, 3), (value, cuts, indent) => {
      const text = JSON.stringify(value, null, indent);
      const kept: [string, unknown][] = [];
      const problem = scanJson(pieces(text, cuts), {
        interestIn: (path) => (path.length === 0 ? 'enter' : 'keep'),
        take: (path, one) => kept.push([String(path[0]), one]),
      });
      assert.equal(problem, undefined);
      assert.deepEqual(new Map(kept), new Map(Object.entries(JSON.parse(text) as object)));
    }),
    { numRuns: 300 },
  );
});

test('what is gone past is gone past whole, and paths lead to what is found', () => {
  const document = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 });
  fc.assert(
    fc.property(document, fc.jsonValue({ maxDepth: 3 }), sizes, (list, skipped, cuts) => {
      const text = JSON.stringify({ skipped, list, last: true });
      const found: string[] = [];
      const problem = scanJson(pieces(text, cuts), {
        interestIn: (path) => {
          if (path[0] === 'skipped') return 'skip';
          return path.length < 2 && path[0] !== 'last' ? 'enter' : 'keep';
        },
        take: (path, one) => found.push(`${path.join('.')} ${JSON.stringify(one)}`),
      });
      assert.equal(problem, undefined);
      const values = JSON.parse(JSON.stringify(list)) as Json[];
      assert.deepEqual(found, [...values.map((one, at) => `list.${at} ${JSON.stringify(one)}`), 'last true']);
    }),
    { numRuns: 200 },
  );
});

test('a broken text is refused, never thrown over', () => {
  const whole = JSON.stringify(fixture('sound.json'));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3000 }),
      fc.constantFrom('', '}', '"', '\\', '\0', '{', ']'),
      (at, put) => {
        const text = whole.slice(0, at) + put + whole.slice(at + 1);
        const { file, findings } = read(text);
        for (const { message } of findings) assert.doesNotMatch(message, /undefined|\[object/);
        assert.ok(file !== undefined || findings.length === 1);
      },
    ),
    { numRuns: 200 },
  );
  for (let length = 0; length < whole.length; length += 997) {
    assert.match(
      refusal(whole.slice(0, length)),
      /^terraform\/not-a-plan: .*(is empty|in the middle|missing|before byte)/,
    );
  }
});

test('what the file is instead is said', () => {
  assert.match(refusal(''), /is empty/);
  assert.match(refusal('Terraform used the selected providers'), /does not start with a brace/);
  assert.match(refusal('[]'), /does not start with a brace/);
  assert.match(refusal('{} {}'), /goes on after its end/);
  assert.match(refusal('{"a":1}'), /does not say its format version/);
  assert.match(refusal('{"version":4,"lineage":"x","resources":[]}'), /a state as Terraform stores it/);
  assert.match(
    refusal('{"@level":"info","@message":"x"}\n{"@level":"info"}'),
    /the log of `terraform plan -json`/,
  );
  assert.match(refusal(Buffer.from('PK\u0003\u0004')), /a saved plan, which only Terraform reads/);
  assert.match(refusal(Buffer.from('\ufeff{}', 'utf16le')), /UTF-16, as PowerShell 5 writes it/);
  assert.match(
    refusal('{"format_version":"1.0","provider_schemas":{}}'),
    /neither planned values nor values/,
  );
});

test('another format version is refused by its number', () => {
  const versions: [Json, string][] = [
    ['2.0', '"2.0"'],
    ['0.2', '"0.2"'],
    ['1', '"1"'],
    ['', '""'],
    [1.2, 'no text'],
    [null, 'no text'],
    ['1.\u001b[2J', '"1.\\u001b[2J"'],
  ];
  for (const [version, shown] of versions) {
    const text = JSON.stringify({ format_version: version, planned_values: {} });
    assert.equal(refusal(text), `terraform/format-version: the format version is ${shown}; 1.x is read`);
  }
  for (const version of ['1.0', '1.2', '1.99']) {
    assert.ok(read(JSON.stringify({ format_version: version, planned_values: {} })).file);
  }
});

test('a plan that is not whole is checked with a warning', () => {
  const plan = planOf({ blocks: [{ type: 'azurerm_key_vault', name: 'v' }] });
  for (const part of [{ complete: false }, { errored: true }]) {
    const { file, findings } = read(JSON.stringify({ ...plan, ...part }));
    assert.equal(file?.instances.length, 1);
    assert.deepEqual(
      findings.map(({ id, severity }) => [id, severity]),
      [['terraform/incomplete', 'warning']],
    );
  }
  assert.deepEqual(read(JSON.stringify({ ...plan, complete: true, errored: false })).findings, []);
});

test('a plan, a state, a state of nothing, and a mark before the text', () => {
  assert.equal(read(JSON.stringify(fixture('sound.json'))).file?.kind, 'plan');
  assert.equal(read(JSON.stringify(fixture('sound.state.json'))).file?.kind, 'state');
  assert.deepEqual(read('{"format_version":"1.0"}').file?.instances, []);
  assert.ok(read(`\ufeff${JSON.stringify(fixture('sound.json'))}`).file);
});

test('of the prior state only what was looked up counts, and nothing that is deposed', () => {
  const resource = (mode: string, name: string, more: Shown = {}): Shown => ({
    address: `${mode === 'data' ? 'data.' : ''}azurerm_subnet.${name}`,
    mode,
    type: 'azurerm_subnet',
    name,
    values: { name },
    ...more,
  });
  const prior = [resource('data', 'looked-up'), resource('managed', 'destroyed')];
  const planned = [resource('managed', 'kept'), resource('managed', 'old', { deposed_key: 'abc' })];
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: { resources: planned } },
    prior_state: { values: { root_module: { resources: prior } } },
  };
  assert.deepEqual(
    read(JSON.stringify(plan)).file?.instances.map(({ address }) => address),
    ['azurerm_subnet.kept', 'data.azurerm_subnet.looked-up'],
  );
});

test('no secret is held in memory', () => {
  for (const name of ['sound.json', 'sound.state.json', 'faulty.json']) {
    const { file } = read(JSON.stringify(fixture(name)));
    assert.doesNotMatch(
      JSON.stringify(file, (_, value) => (value instanceof Map ? [...value] : value)),
      /hunter2/,
    );
  }
});

test('hostile documents: depth, names of prototypes, wrong types everywhere', () => {
  const deep = `{"format_version":"1.2","planned_values":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  assert.match(refusal(deep), /nested deeper than 200 levels/);
  const modules = '{"child_modules":['.repeat(150) + '{}' + ']}'.repeat(150);
  assert.match(
    refusal(`{"format_version":"1.2","planned_values":{"root_module":${modules}}}`),
    /nested deeper than 200 levels/,
  );
  const polluted =
    '{"__proto__":{"polluted":true},"format_version":"1.2","planned_values":{"root_module":{"resources":' +
    '[{"address":"__proto__","type":"__proto__","name":"x","mode":"managed","values":{"__proto__":1}},' +
    '{"address":"azurerm_subnet.s","type":"azurerm_subnet","name":"s","mode":"managed","values":{"__proto__":{"name":"s"}}}]}}}';
  assert.deepEqual(
    read(polluted).file?.instances.map(({ values }) => values),
    [{}],
  );
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  const shapes: Json[] = [
    null,
    1,
    'x',
    [],
    {},
    [null],
    { root_module: null },
    { root_module: { resources: [1, null, {}] } },
  ];
  for (const one of shapes) {
    for (const other of shapes) {
      const document = {
        format_version: '1.2',
        planned_values: one,
        prior_state: other,
        configuration: one,
        variables: other,
      };
      assert.ok(read(JSON.stringify(document)).file);
    }
  }
});

/** A plan of 200 MB as it comes from a disk, most of it changes, and never in memory at once. */
function* largePlan(): Iterable<Uint8Array> {
  const bytes = Buffer.from(JSON.stringify(fixture('sound.json')).slice(0, -1));
  const change = Buffer.from(`${JSON.stringify({ address: 'a.b', change: fixture('sound.json') })},`);
  yield Buffer.concat([bytes, Buffer.from(',"resource_changes":[')]);
  for (let total = 0; total < 200 * 2 ** 20; total += change.length) yield change;
  yield Buffer.from('{}]}');
}

test('200 MB are read in little memory', () => {
  const before = process.memoryUsage().rss;
  const { file } = soon('200 MB', () => readShownFile('plan.json', largePlan()));
  const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.equal(file?.instances.length, read(JSON.stringify(fixture('sound.json'))).file?.instances.length);
  assert.ok(grownMiB < 500, `${grownMiB.toFixed(0)} MiB`);
});
