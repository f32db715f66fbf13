import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Finding, Span } from '../../src/base/finding.ts';
import type { CodeRun } from '../../src/fleet/code-document.ts';
import { fleetIn, loadFleetCode, loadFleetFile } from '../../src/fleet/load.ts';
import { SOUND } from './told.ts';

function loadCode(text: string, run: CodeRun) {
  return loadFleetCode('fleet.ts', new TextEncoder().encode(text), run);
}

/** The text that each finding points at, for a module that answers this value. */
function pointed(text: string, value: unknown): string[] {
  return loadCode(text, { kind: 'value', value }).findings.map(({ span }) => slice(text, span!));
}

/** The same with what is said there: `'x': fleet/type message`. */
function told(text: string, value: unknown): string[] {
  return loadCode(text, { kind: 'value', value }).findings.map(
    ({ id, message, span }) => `${slice(text, span!)}: ${id} ${message}`,
  );
}

function slice(text: string, { start, end }: Span): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join('\n');
}

/** The finding of a file whose text begins one line further up, without how each language writes a list or a map. */
function moved({ help, ...finding }: Finding): Finding {
  const up = ({ start, end }: Span): Span => ({
    file: 'fleet',
    start: { ...start, line: start.line - 1 },
    end: { ...end, line: end.line - 1 },
  });
  const related = finding.related?.map((other) => ({
    ...other,
    ...(other.span ? { span: up(other.span) } : {}),
  }));
  return {
    ...finding,
    ...(help === undefined || finding.id === 'fleet/type' ? {} : { help }),
    span: up(finding.span!),
    ...(related ? { related } : {}),
  };
}

type Data = { [key: string]: unknown };

/** The sound fleet with one value in it replaced, added or taken out. */
const damaged = fc
  .tuple(
    fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
    fc.constantFrom<unknown>(
      'x',
      'Spott',
      '10.1.0.0/33',
      '2..x',
      7,
      -1,
      1.5,
      true,
      null,
      [],
      [1, 'a'],
      {},
      { a: {} },
    ),
    fc.constantFrom('replace', 'remove', 'add'),
    fc.constantFrom('nodess', 'tier', 'clusters', 'Bad_Name', 'x'.repeat(40)),
  )
  .map(([steps, value, how, key]) => {
    const data = parse(SOUND) as Data;
    let holder: Data = data;
    let name = '';
    for (const step of steps) {
      const names = Object.keys(holder);
      name = names[step % names.length] ?? 'a';
      const inner = holder[name];
      if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0) break;
      if (step !== steps.at(-1)) holder = inner as Data;
    }
    if (how === 'remove' && !Array.isArray(holder)) delete holder[name];
    else if (how === 'add' && !Array.isArray(holder)) holder[key] = value;
    else holder[name] = value;
    return data;
  });

test('a fleet in TypeScript has the findings of the same fleet in YAML, at the same places', () => {
  let findings = 0;
  fc.assert(
    fc.property(damaged, fc.constantFrom(undefined, 2), (data, indent) => {
      // JSON is both.
      const json = JSON.stringify(data, undefined, indent);
      const yaml = loadFleetFile('fleet', new TextEncoder().encode(`\n${json}\n`));
      const code = loadCode(`export default\n${json} as const;\n`, { kind: 'value', value: data });
      assert.deepEqual(code.findings.map(moved), yaml.findings.map(moved));
      assert.deepEqual(code.file, yaml.file);
      findings += yaml.findings.length;
    }),
    { numRuns: 500 },
  );
  assert.ok(findings > 300, `${findings} findings compared`);
});

test('a sound fleet in TypeScript is the fleet that YAML makes', () => {
  const data: unknown = parse(SOUND);
  const code = loadCode('export default built();\n', { kind: 'value', value: data });
  const yaml = loadFleetFile('fleet.yaml', new TextEncoder().encode(SOUND));
  assert.deepEqual(code.findings, []);
  for (const environment of ['demo', 'production'] as const) {
    assert.deepEqual(fleetIn(code, environment), fleetIn(yaml, environment));
  }
});

test('what only running the code can tell has the place of what stands for it', () => {
  const bad = { tier: 7 };
  const value = { name: 'atlas', region: 'koreacentral', clusters: { mgmt: {}, app1: bad } };
  const at = (clusters: string, rest = '') =>
    pointed(`export default defineFleet({ name: 'atlas', region, clusters: ${clusters}${rest} });`, value);
  assert.deepEqual(at('{ mgmt: {}, app1: { tier: 7 } }'), ['7']);
  assert.deepEqual(at('{ mgmt: {}, app1: { tier: next() } }'), ['next()']);
  assert.deepEqual(at('{ mgmt: {}, app1: cluster(7) }'), ['cluster(7)']);
  assert.deepEqual(at('{ mgmt: {}, app1: cluster({ tier: 7 }) }'), ['7']);
  assert.deepEqual(at('{ mgmt: {}, app1: cluster({ tier: 2 }) }'), ['cluster({ tier: 2 })']);
  assert.deepEqual(at('{ mgmt: {}, ...apps }'), ['...apps']);
  assert.deepEqual(at('{ mgmt: {}, [`app${1}`]: { tier: 7 } }'), ['[`app${1}`]: { tier: 7 }']);
  assert.deepEqual(at('{ mgmt: {}, get app1() { return 1 } }'), ['get app1() { return 1 }']);
  assert.deepEqual(at('{ mgmt: {}, app1() {} }'), ['app1() {}']);
  assert.deepEqual(at('Object.fromEntries(all)'), ['Object.fromEntries(all)']);
  assert.deepEqual(at('{\n mgmt: {}, app1: cluster(\n7) }'), ['app1']);
  assert.deepEqual(at('all', ', ...more'), ['all']);
});

test('constants of the module are seen through, as aliases of YAML are', () => {
  const text = `
    const sizes: readonly string[] = ['Standard_D2s_v3', 7];
    const app = { user: { vmSizes: sizes }, tier: five };
    export const fleet: FleetFile = { name, clusters: { app1: app, app2: { ...app, role: 'boss' } } };
    export default defineFleet(fleet);`;
  const app = { user: { vmSizes: ['Standard_D2s_v3', 7] }, tier: 5 };
  const value = {
    name: 'atlas',
    region: 'koreacentral',
    clusters: { app1: app, app2: { ...app, role: 'boss' } },
  };
  assert.deepEqual(told(text, value), [
    '7: fleet/type vmSizes[1] must be text, not the number 7',
    'five: fleet/value tier must be 0, 1 or 2, not the number 5',
    `'boss': fleet/value role must be mgmt or app, not the text "boss"`,
  ]);
});

test('lists that spread others keep the places of what surrounds the spread', () => {
  const value = { name: 'atlas', region: 'r', clusters: { mgmt: {} }, admins: ['a', 'b', 'c', 'd'] };
  const at = (admins: string) =>
    pointed(
      `export default { name: 'atlas', region: 'r', clusters: { mgmt: {} }, admins: ${admins} };`,
      value,
    );
  assert.deepEqual(at(`['a', ...two(), 'd']`), [`'a'`, '...two()', `'d'`]);
  assert.deepEqual(at(`['a', ...['b', 'c'], 'd']`), [`'a'`, `'b'`, `'c'`, `'d'`]);
  assert.deepEqual(at(`['a', ...two(), ...none(), 'd']`), [`['a', ...two(), ...none(), 'd']`, `'a'`]);
  assert.deepEqual(at(`['a', 'b', 'c'].concat('d')`), [`['a', 'b', 'c'].concat('d')`]);
});

test('what no fleet can hold is a finding at its place, and the rest is kept', () => {
  class Cluster {
    readonly tier = 1;
  }
  const around: Data = {};
  around.user = around;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const [written, value, what] of [
    ['() => 1', () => 1, 'a function'],
    ['undefined', undefined, 'undefined'],
    ['new Date()', new Date(0), 'an object of the class "Date"'],
    ['new Cluster()', new Cluster(), 'an object of the class "Cluster"'],
    ['new Map()', new Map(), 'an object of the class "Map"'],
    ['later()', Promise.resolve(1), 'a promise'],
    ['10n', 10n, 'a bigint'],
    ['Symbol()', Symbol('x'), 'a symbol'],
    ['revoked()', revoked.proxy, 'something that stops with an error when it is read'],
    [
      'failing()',
      {
        get tier(): number {
          throw new Error('no');
        },
      },
      'something that stops with an error when it is read',
    ],
  ] as const) {
    const text = `export default { name: 'atlas', region: 'r', clusters: { mgmt: {}, app1: ${written} } };`;
    const run: CodeRun = {
      kind: 'value',
      value: { name: 'atlas', region: 'r', clusters: { mgmt: {}, app1: value } },
    };
    const { file, findings } = loadCode(text, run);
    assert.deepEqual(
      findings.map(({ id, path, message, span }) => [id, path.join('.'), message, slice(text, span!)]),
      [
        [
          'fleet/not-data',
          'clusters.app1',
          `clusters.app1 is ${what}; a fleet is made of maps, lists, texts, numbers, true, false and null`,
          written,
        ],
      ],
    );
    assert.deepEqual(file, { name: 'atlas', region: 'r', clusters: { mgmt: {} } });
  }
  assert.match(
    told('export default around', around).join(),
    /user is a map or list that stands inside itself/,
  );
  assert.match(told('export default 5', undefined).join(), /the fleet is undefined/);
});

test('what is too large or too deep for YAML is so for code', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = { a: deep };
  const ids = (value: unknown) =>
    loadCode('export default x', { kind: 'value', value }).findings.map(({ id }) => id);
  assert.ok(ids({ a: deep }).includes('fleet/too-deep'));
  let wide: unknown = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  for (let level = 0; level < 20; level++) wide = [wide, wide, wide, wide];
  assert.deepEqual(ids({ a: wide }), ['fleet/too-large']);
  assert.deepEqual(ids({ a: Array(2 ** 32 - 1) }), ['fleet/too-large']);
  assert.deepEqual(ids({ a: 'x'.repeat(2 ** 20 + 1) }), ['fleet/too-large']);
  const keys = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`c${index}`, {}]));
  assert.deepEqual(ids({ name: 'atlas', region: 'r', clusters: keys }), ['fleet/too-large']);
});

test('keys that would do harm or nothing are findings', () => {
  const text = `export default { name: 'a1', region: 'r', clusters: { mgmt: {} }, name: 'a2' };`;
  const value = { name: 'a2', region: 'r', clusters: { mgmt: {} } };
  assert.deepEqual(told(text, value), [
    'name: fleet/duplicate-key the key "name" is written twice in one map; only the last one counts',
  ]);
  const harmful: unknown = JSON.parse(
    '{"name":"a1","region":"r","clusters":{"mgmt":{}},"__proto__":{"a":1}}',
  );
  assert.match(told('export default x', harmful).join(), /^x: fleet\/forbidden-key the key "__proto__"/);
});

test('a module that did not run is one finding, in a file of which nothing else is said', () => {
  const failed = (at?: { line: number; column?: number }) => {
    const run: CodeRun = { kind: 'failed', message: 'stopped', help: 'mend it', ...(at ? { at } : {}) };
    const { findings, file, document } = loadCode(`const a = 1;\n  oops(a);\n`, run);
    assert.equal(file, undefined);
    assert.ok(document.isBroken);
    return findings.map(({ id, span }) => [id, span?.start.line, slice(document.text, span!)]);
  };
  assert.deepEqual(failed({ line: 2, column: 3 }), [['fleet/code', 2, 'oops']]);
  assert.deepEqual(failed({ line: 2, column: 7 }), [['fleet/code', 2, '(']]);
  assert.deepEqual(failed({ line: 2 }), [['fleet/code', 2, 'oops(a);']]);
  assert.deepEqual(failed({ line: 99, column: 1 }), [['fleet/code', 1, '']]);
  assert.deepEqual(failed({ line: 2, column: 999 }), [['fleet/code', 2, '']]);
  assert.deepEqual(failed(), [['fleet/code', 1, '']]);
});

test('bytes that are no text are told before anything else', () => {
  const run: CodeRun = { kind: 'failed', message: 'stopped', help: 'mend it' };
  const ids = (bytes: Uint8Array) => loadFleetCode('fleet.ts', bytes, run).findings.map(({ id }) => id);
  assert.deepEqual(ids(Uint8Array.from([0x61, 0xff, 0x62])), ['fleet/encoding']);
  assert.deepEqual(ids(Uint8Array.from([0xff, 0xfe, 0x61, 0])), ['fleet/encoding']);
  assert.deepEqual(ids(new Uint8Array(2 ** 20 + 1)), ['fleet/too-large']);
});

test('what to write is said in the words of the language', () => {
  const value = { name: 'atlas', region: 'x', admins: 'me', clusters: [], network: { peers: ['mgmt'] } };
  const helps = (findings: readonly Finding[]): (string | undefined)[] => findings.map(({ help }) => help);
  const text = `export default ${JSON.stringify(value)};`;
  assert.deepEqual(helps(loadCode(text, { kind: 'value', value }).findings), [
    'write its items in brackets',
    'write keys and values in braces, like { nodes: 3 }',
    "write a pair like ['mgmt', 'app1']",
  ]);
  const yaml = new TextEncoder().encode(JSON.stringify(value));
  assert.deepEqual(helps(loadFleetFile('fleet.yaml', yaml).findings), [
    'write its items in brackets, or each on a line of its own after `- `',
    'write keys and values on the lines below it, indented, without a leading -',
    'write a pair like [mgmt, app1]',
  ]);
});
