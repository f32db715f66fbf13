import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/program.ts';
import { VERSION } from '../../src/cli/version.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const atlas = join(root, 'examples/atlas/fleet.yaml');

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function bulkhead(...argv: string[]): Promise<Outcome> {
  return bulkheadOn({ NO_COLOR: '1' }, ...argv);
}

async function bulkheadOn(env: Record<string, string>, ...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const code = await run(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env,
    today: '2026-11-22',
  });
  return { code, ...written };
}

/** How every colour begins (ECMA-48). */
const COLOUR = '\u001b[';

describe('the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'bulkhead-cli-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function file(text: string): string {
    const path = join(folder, 'fleet.yaml');
    fs.writeFileSync(path, text);
    return path;
  }

  const SMALL = 'name: small\nregion: koreacentral\nadmins: [11111111-1111-1111-1111-111111111111]\n';

  test('plan prints the whole answer and writes nothing', async () => {
    const { code, stdout, stderr } = await bulkhead('plan', atlas);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    for (const part of ['What will exist', 'Contract', 'C5', 'total, at least', '$60-80', 'mesh peers'])
      assert.ok(stdout.includes(part), part);
    assert.ok(!stdout.includes(COLOUR));
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  test('plan --out writes both environments, and a second run nothing', async () => {
    const out = join(folder, 'out');
    assert.equal((await bulkhead('plan', atlas, '--out', out)).code, 0);
    assert.deepEqual(fs.readdirSync(out).toSorted(), ['demo', 'production']);
    for (const environment of ['demo', 'production']) {
      const parts = fs.readdirSync(join(out, environment)).toSorted();
      assert.deepEqual(parts, ['.bulkhead-manifest.json', 'bootstrap', 'gitops', 'terraform']);
    }
    const again = await bulkhead('plan', atlas, '--out', out);
    assert.match(again.stdout, /0 files written/);
  });

  test('colour only where it is wanted', async () => {
    assert.ok((await bulkheadOn({ FORCE_COLOR: '1' }, 'check', atlas)).stdout.includes(COLOUR));
    assert.ok(
      !(await bulkheadOn({ FORCE_COLOR: '1', NO_COLOR: '1' }, 'check', atlas)).stdout.includes(COLOUR),
    );
    assert.ok(!(await bulkheadOn({}, 'check', atlas)).stdout.includes(COLOUR));
  });

  test('a broken contract is exit 1 with the line and a caret, and nothing is written', async () => {
    const path = file(
      `${SMALL}operators: { ipRanges: [203.0.113.0/24] }\nclusters:\n  mgmt: {}\n  app1: { tier: 0 }\n`,
    );
    const out = join(folder, 'out');
    const { code, stdout } = await bulkhead('plan', path, '--out', out);
    assert.equal(code, 1);
    assert.match(stdout, /error\[control-plane-is-managed\] C1/);
    assert.match(stdout, /fleet\.yaml:7:17/);
    assert.match(stdout, /\^/);
    assert.ok(!fs.existsSync(out));
  });

  test('--fail-on moves the threshold', async () => {
    assert.equal((await bulkhead('check', atlas)).code, 0);
    assert.equal((await bulkhead('check', atlas, '--fail-on', 'warning')).code, 1);
  });

  test('an unreadable or unsound file is exit 2 without a stack', async () => {
    for (const [text, pattern] of [
      ['', /empty/],
      ['name: [', /fleet\.yaml:1/],
      ['nmae: x\nregion: koreacentral\nclusters: { mgmt: {} }\n', /did you mean|name/],
    ] as const) {
      const { code, stdout, stderr } = await bulkhead('plan', file(text));
      assert.equal(code, 2, text);
      assert.match(stdout + stderr, pattern);
      assert.doesNotMatch(stdout + stderr, /\.js:\d+|at .*\(/);
    }
    const missing = await bulkhead('plan', join(folder, 'nowhere.yaml'));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /there is no file/);
    assert.equal((await bulkhead('plan', folder)).code, 2);
  });

  test('a file that is not sound is exit 2 for every command over a fleet', async () => {
    const path = file(`${SMALL}clusterz: { mgmt: {} }\nclusters: { mgmt: {} }\n`);
    for (const argv of [
      ['plan', path],
      ['check', path],
      ['check', path, '-f', 'junit'],
      ['check', path, '-e', 'demo', '--suppressions', 'checkov'],
      ['cost', path],
      ['diff', path, atlas],
      ['diff', atlas, path],
      ['up', path, '-e', 'demo'],
      ['down', path, '-e', 'demo'],
      ['open', 'grafana', path, '-e', 'demo'],
      ['secrets', 'list', path, '-e', 'demo'],
      ['secrets', 'set', 'a', path, '-e', 'demo'],
      ['secrets', 'generate', path, '-e', 'demo'],
      ['adr', 'check', path, '--dir', join(root, 'docs/adr')],
    ]) {
      const { code, stdout, stderr } = await bulkhead(...argv);
      assert.equal(code, 2, argv.join(' '));
      assert.match(stdout + stderr, /clusterz/, argv.join(' '));
    }
    assert.deepEqual(fs.readdirSync(folder), ['fleet.yaml']);
  });

  test('a wrong command line is exit 2 and says what was meant', async () => {
    const typo = await bulkhead('plan', atlas, '--fromat', 'json');
    assert.equal(typo.code, 2);
    assert.match(typo.stderr, /Did you mean --format/);
    assert.equal((await bulkhead('plan', atlas, '-e', 'staging')).code, 2);
    assert.equal((await bulkhead('plan', atlas, '-f', 'xml')).code, 2);
    assert.equal((await bulkhead('nonsense')).code, 2);
  });

  test(
    'an output folder that cannot be written is exit 2',
    { skip: !fs.existsSync('/proc/self') },
    async () => {
      // Nobody may make one in /proc.
      const { code, stderr } = await bulkhead('plan', atlas, '--out', '/proc/bulkhead');
      assert.equal(code, 2);
      assert.match(stderr, /^bulkhead: cannot write below \/proc\/bulkhead: E/);
    },
  );

  test('a file in the place of an output folder is told of before anything is printed', async () => {
    fs.writeFileSync(join(folder, 'taken'), 'a file\n');
    fs.mkdirSync(join(folder, 'out'));
    fs.writeFileSync(join(folder, 'out/production'), 'a file\n');
    for (const [out, at] of [
      ['taken', 'taken'],
      ['taken/', 'taken'],
      ['taken/below/it', 'taken'],
      ['out', 'out/production'],
    ] as const) {
      const { code, stdout, stderr } = await bulkhead('plan', atlas, '--out', join(folder, out));
      assert.deepEqual(
        [code, stdout, stderr],
        [
          2,
          '',
          `bulkhead: cannot write below ${join(folder, out)}: ${join(folder, at)} is a file; name a folder, or move it away\n`,
        ],
      );
    }
    // Of the environment that is asked for alone.
    assert.equal((await bulkhead('plan', atlas, '-e', 'demo', '--out', join(folder, 'out'))).code, 0);
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['out', 'taken']);
  });

  test('JSON is one document with every line of the bill', async () => {
    const { code, stdout } = await bulkhead('cost', atlas, '--format', 'json', '--environment', 'demo');
    assert.equal(code, 0);
    const { environments } = JSON.parse(stdout) as {
      environments: { cost: { components: Record<string, unknown>[] } }[];
    };
    assert.equal(environments.length, 1);
    for (const line of environments[0]!.cost.components) {
      for (const key of ['id', 'meter', 'unit', 'source', 'basis', 'confidence'])
        assert.ok(line[key], `${String(line.id)} has ${key}`);
    }
  });

  test('the schema is JSON Schema', async () => {
    const schema = JSON.parse((await bulkhead('schema')).stdout) as Record<string, unknown>;
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(schema.additionalProperties, false);
  });

  test('help and version are exit 0; the version is that of the package', async () => {
    assert.equal((await bulkhead('--help')).code, 0);
    const { version } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal(version, VERSION);
    assert.equal((await bulkhead('--version')).stdout, `${version}\n`);
  });
});
