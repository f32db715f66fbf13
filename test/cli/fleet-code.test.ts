import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { runFleetCode } from '../../src/adapters/fleet-code.ts';
import { readFleet } from '../../src/cli/fleet-source.ts';
import { UsageError } from '../../src/cli/terminal.ts';
import { bulkhead } from './bulkhead.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A folder for one test; `file` writes into it and gives the path. */
function folderFor(t: TestContext) {
  // Real paths only: a module knows itself by its real path, and so do its errors.
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'bulkhead-code-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    fs.writeFileSync(path, text);
    return path;
  };
  /** A text of the command line without the folder that this run happens to have. */
  const anywhere = (text: string): string => text.replaceAll(`${folder}/`, '');
  return { folder, file, anywhere };
}

const SIZES = `export const sizes: readonly string[] = ['Standard_D2s_v3', 'Standard_D2as_v5'];\n`;
const FLEET = `import { defineFleet, type FleetFile } from 'bulkhead';
import { sizes } from './sizes.ts';

type Cluster = FleetFile['clusters'][string];
const cluster = (tier: 1 | 2): Cluster => ({ tier, user: { vmSizes: sizes, nodes: '2..5' } });

export default defineFleet({
  name: 'atlas',
  region: 'koreacentral',
  admins: ['11111111-1111-1111-1111-111111111111'],
  operators: { ipRanges: ['203.0.113.0/24'] },
  clusters: { mgmt: cluster(1), app1: cluster(2) },
});
`;

test('a fleet in TypeScript is planned like one in YAML', async (t) => {
  const { folder, file } = folderFor(t);
  file('sizes.ts', SIZES);
  const path = file('fleet.ts', FLEET);
  const { code, stdout, stderr } = await bulkhead('plan', path, '--out', join(folder, 'out'));
  assert.equal(stderr, '');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /files written/);
  const checked = await bulkhead('check', path, '--format', 'json');
  assert.equal(checked.code, 0);
  assert.equal((await bulkhead('cost', path)).code, 0);
  // What it imports and where it lies is its own business: nothing was put beside it.
  assert.deepEqual(fs.readdirSync(folder).toSorted(), ['fleet.ts', 'out', 'sizes.ts']);
});

test('each example says the same in TypeScript as in YAML, line by line', async (t) => {
  const { file, anywhere } = folderFor(t);
  for (const name of ['atlas', 'borealis']) {
    const data: unknown = parse(fs.readFileSync(join(root, 'examples', name, 'fleet.yaml'), 'utf8'));
    const json = JSON.stringify(data, undefined, 2);
    const answers = [];
    for (const path of [
      file(`${name}.yaml`, `\n${json}\n`),
      file(`${name}.ts`, `export default\n${json}\n`),
    ]) {
      const { code, stdout } = await bulkhead('check', path);
      answers.push({ code, stdout: anywhere(stdout).replaceAll(/\.(yaml|ts):/g, ':') });
    }
    assert.deepEqual(answers[1], answers[0]);
  }
});

test('a broken fleet in TypeScript is shown at its own line', async (t) => {
  const { file, anywhere } = folderFor(t);
  const path = file(
    'fleet.ts',
    FLEET.replace(`import { sizes } from './sizes.ts';`, SIZES).replace('2..5', '5..2'),
  );
  const { code, stdout } = await bulkhead('check', path);
  assert.equal(code, 2);
  assert.match(anywhere(stdout), /--> fleet\.ts:13:21\n/);
  assert.match(stdout, /clusters: \{ mgmt: cluster\(1\), app1: cluster\(2\) \},\n {3}\| {21}\^{10}\n/);
});

test('code that does not run is a finding with its line, and never our stack', async (t) => {
  const { file, anywhere } = folderFor(t);
  file('sizes.ts', 'export function first(list: any): string { return list.at(0).name; }\n');
  for (const [name, text, place, message] of [
    [
      'throws',
      `const a = 1;\nthrow new RangeError('no quota\\nat all');`,
      '2:7',
      /stopped with an error: RangeError: no quota\n/,
    ],
    ['text', `throw 'just so';`, '1:1', /stopped with an error: thrown: just so/],
    [
      'elsewhere',
      `import { first } from './sizes.ts';\nfirst([]);`,
      '2:1',
      /error in sizes\.ts:1:61: TypeError/,
    ],
    ['syntax', `export default {\n  a: 1 b: 2 };`, '2:8', /cannot be run: Expected ',', got/],
    ['enum', `\nenum A { B }`, '2:1', /TypeScript enum is not supported/],
    [
      'import',
      `import { FleetFile } from 'bulkhead';\nexport default {};`,
      '1:10',
      /does not provide an export named/,
    ],
    [
      'nowhere',
      `import './nowhere.ts';`,
      '1:1',
      /Cannot find module 'nowhere\.ts' imported from nowhere-\.ts/,
    ],
    ['none', `export const fleet = {};`, '1:1', /exports no fleet/],
  ] as const) {
    const path = file(`${name}-.ts`, text);
    const { code, stdout, stderr } = await bulkhead('check', path);
    assert.equal(code, 2, name);
    assert.equal(stderr, '');
    assert.match(anywhere(stdout), message, name);
    assert.ok(anywhere(stdout).includes(`--> ${name}-.ts:${place}\n`), `${name}: ${anywhere(stdout)}`);
    assert.doesNotMatch(stdout, /node:internal|file:\/\/|\.js:\d/);
  }
});

test('whatever is thrown, the answer is words', async (t) => {
  const { file } = folderFor(t);
  for (const [index, thrown] of [
    'null',
    'undefined',
    '7',
    'Symbol()',
    `new Proxy({}, { get() { throw 1 } })`,
    `Object.assign(new Error(), { stack: 7, name: {}, message: [] })`,
    `Object.create(null)`,
  ].entries()) {
    const run = await runFleetCode(file(`thrown${index}.ts`, `throw ${thrown};`));
    assert.equal(run.kind, 'failed', thrown);
  }
});

test('BULKHEAD_NO_CODE keeps code from running', async (t) => {
  const { folder, file } = folderFor(t);
  const path = file(
    'fleet.ts',
    `import fs from 'node:fs';\nfs.writeFileSync('${join(folder, 'ran')}', '');\n`,
  );
  await assert.rejects(readFleet(path, { env: { BULKHEAD_NO_CODE: '1' } }), (error: Error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /is not run, because BULKHEAD_NO_CODE is set: .* name a fleet in YAML/);
    return true;
  });
  assert.ok(!fs.existsSync(join(folder, 'ran')));
  const yaml = file('fleet.yaml', '[]');
  assert.equal((await readFleet(yaml, { env: { BULKHEAD_NO_CODE: '1' } })).findings.length, 1);
  await readFleet(path, { env: { BULKHEAD_NO_CODE: '' } });
  assert.ok(fs.existsSync(join(folder, 'ran')));
});

test('without a name the fleet is fleet.yaml, else fleet.ts', async (t) => {
  const { folder, file } = folderFor(t);
  const before = process.cwd();
  process.chdir(folder);
  try {
    assert.match((await bulkhead('check')).stderr, /there is no file fleet\.yaml/);
    file('fleet.ts', 'export default 7;');
    assert.match((await bulkhead('check')).stdout, /fleet\.ts:1:16/);
    file('fleet.yaml', '[]');
    assert.match((await bulkhead('check')).stdout, /fleet\.yaml:1:1/);
  } finally {
    process.chdir(before);
  }
});

test('other code is not taken for YAML', async (t) => {
  const { file } = folderFor(t);
  for (const name of ['fleet.js', 'fleet.cjs', 'fleet.mjs', 'fleet.cts', 'fleet.tsx']) {
    const { code, stdout, stderr } = await bulkhead('check', file(name, FLEET));
    assert.equal(code, 2, name);
    assert.equal(stdout, '');
    assert.match(stderr, /is code, and only \.ts and \.mts are run; name a fleet\.ts, or a fleet in YAML/);
  }
});
