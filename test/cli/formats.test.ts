import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FORMATS } from '../../src/cli/options.ts';
import { run } from '../../src/cli/program.ts';
import { readXml } from '../report/read-xml.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const atlas = join(root, 'examples/atlas/fleet.yaml');

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function bulkhead(...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const code = await run(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { FORCE_COLOR: '1' },
    today: '2026-11-22',
  });
  return { code, ...written };
}

let folder: string;
before(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bulkhead-formats-'));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  fs.writeFileSync(path, text);
  return path;
}

/** What a reader of the format does with it first; it throws at anything else on standard output. */
const READERS: Readonly<Record<(typeof FORMATS)['check'][number], (text: string) => unknown>> = {
  text: (text) => assert.match(text, /a month|error/),
  json: JSON.parse,
  sarif: JSON.parse,
  markdown: (text) => assert.match(text, /^<!-- bulkhead -->\n## Bulkhead/),
  junit: readXml,
};

for (const format of FORMATS.check) {
  test(`check --format ${format}: one document on standard output, exit codes as in any format`, async () => {
    const cases = [
      [0, atlas],
      [1, atlas, '--fail-on', 'warning'],
      [
        1,
        file('broken.yaml', 'name: small\nregion: koreacentral\nclusters: { mgmt: {}, app1: { tier: 0 } }\n'),
      ],
      [2, file('unsound.yaml', 'name: small\nregion: koreacentral\nclusters: { mgmt: { tyre: 1 } }\n')],
    ] as const;
    for (const [expected, ...argv] of cases) {
      const { code, stdout, stderr } = await bulkhead('check', ...argv, '--format', format);
      assert.equal(code, expected, argv.join(' '));
      assert.equal(stderr, '');
      READERS[format](stdout);
      assert.ok(stdout.endsWith('\n'));
      if (format !== 'text') assert.ok(!stdout.includes('\u001b'), 'colour is for people');
    }
    const missing = await bulkhead('check', join(folder, 'nowhere.yaml'), '--format', format);
    assert.deepEqual([missing.code, missing.stdout], [2, '']);
  });
}

test('a SARIF log tells the exit code, and whether everything could be checked', async () => {
  const unsound = file('half.yaml', 'name: small\nregion: koreacentral\nclusters: { mgmt: { tyre: 1 } }\n');
  for (const [path, invocation] of [
    [atlas, { executionSuccessful: true, exitCode: 1 }],
    [unsound, { executionSuccessful: false, exitCode: 2 }],
  ] as const) {
    const { stdout } = await bulkhead('check', path, '--format', 'sarif', '--fail-on', 'warning');
    const { runs } = JSON.parse(stdout) as { runs: { invocations: object[] }[] };
    assert.deepEqual(runs[0]!.invocations, [invocation]);
  }
});

test('plan has no format for findings alone, and its comment holds the price', async () => {
  assert.equal((await bulkhead('plan', atlas, '--format', 'sarif')).code, 2);
  assert.equal((await bulkhead('cost', atlas, '--format', 'markdown')).code, 2);
  const out = join(folder, 'out');
  const { code, stdout, stderr } = await bulkhead('plan', atlas, '--format', 'markdown', '--out', out);
  assert.equal(code, 0);
  assert.match(stdout, /### Price of a month/);
  assert.doesNotMatch(stdout, /files written/);
  assert.match(stderr, /files written/);
});

test('findings of invariants carry the address of their page in JSON', async () => {
  const { stdout } = await bulkhead('check', atlas, '--format', 'json');
  const { findings } = JSON.parse(stdout) as { findings: { id: string; url: string }[] };
  for (const { id, url } of findings) assert.equal(url, `https://bulkhead.dev/invariants/${id}`);
});

/** What a module loads before anything is asked of it. */
function loadedWith(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = fs.readFileSync(path, 'utf8');
  for (const [, target] of text.matchAll(/^(?:import|export) (?!type ).*?from '(\.[^']+)';$/gms)) {
    loadedWith(join(dirname(path), target!), seen);
  }
  return seen;
}

test('a run loads the code of its own format only', () => {
  const loaded = [...loadedWith(join(root, 'src/cli/commands/check.ts'))];
  assert.ok(loaded.some((path) => path.endsWith('src/plan/plan.ts')));
  assert.deepEqual(
    loaded.filter((path) => /report\/(?!style)/.test(path)),
    [],
  );
  const text = [...loadedWith(join(root, 'src/report/plan-text.ts'))];
  assert.deepEqual(
    text.filter((path) => /(sarif|markdown|junit)/.test(path)),
    [],
  );
});
