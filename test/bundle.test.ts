import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { sourceStack } from '../src/cli/source-stack.ts';
import { bulkhead, type Outcome } from './cli/bulkhead.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const atlas = join(root, 'examples/atlas/fleet.yaml');

let folder: string;
before(async () => {
  // Below the package: a bundle is ECMAScript modules by its `type`.
  folder = mkdtempSync(join(root, 'dist/bundle-'));
  await promisify(execFile)(process.execPath, [join(root, 'dist/scripts/bundle.js'), join(folder, 'bin')]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(...argv: readonly string[]): Promise<Outcome> {
  return new Promise((answer) => {
    const env = { ...process.env, NO_COLOR: '1' };
    const child = execFile(
      process.execPath,
      [join(folder, 'bin/bulkhead.js'), ...argv],
      { env },
      (_, stdout, stderr) => answer({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const tree = join(root, 'corpus/trees/atlas/production');
const shown = join(root, 'test/fixtures/terraform/sound.json');
const CASES: Readonly<Record<string, readonly string[]>> = {
  // Prices and sizes lie in JSON files beside modules.
  'a fleet file': ['plan', atlas, '--explain'],
  'other evidence': ['check', '-e', 'production', '--gitops', tree, '--terraform-plan', shown],
  'records that come with the program': ['adr', 'list', '--format', 'json'],
  'a JSON Schema': ['schema'],
};
for (const [name, argv] of Object.entries(CASES)) {
  test(`the bundle answers as its sources do: ${name}`, async () => {
    assert.deepEqual(await bundled(...argv), await bulkhead(...argv));
  });
}

test('the bundle runs a fleet in TypeScript', async () => {
  const file = join(folder, 'fleet.ts');
  writeFileSync(
    file,
    `import { defineFleet, type FleetFile } from 'bulkhead';
const cluster: FleetFile['clusters'][string] = { user: { vmSizes: ['Standard_D2s_v3'], nodes: 2 } };
export default defineFleet({ name: 'coded', region: 'koreacentral', clusters: { mgmt: cluster } });
`,
  );
  const { stdout, stderr } = await bundled('plan', file);
  assert.equal(stderr, '');
  assert.match(stdout, /coded/);
});

test('a stack leads from the bundle to the sources', () => {
  const text = 'this is a bug of ours';
  const bin = join(folder, 'bin');
  const name = readdirSync(bin).find(
    (part) => part.endsWith('.js') && readFileSync(join(bin, part), 'utf8').includes(text),
  );
  const lines = readFileSync(join(bin, name!), 'utf8').split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  const place = `${pathToFileURL(join(bin, name!)).href}:${line + 1}:${lines[line]!.indexOf(text) + 1}`;
  const told = sourceStack(`Error: no\n    at failure (${place})\n    at run (file:///nowhere.js:1:2)`);
  const [, file, at] = /at failure \((.*):(\d+):\d+\)/.exec(told)!;
  assert.equal(file, join(root, 'src/cli/program.ts'));
  assert.match(readFileSync(file, 'utf8').split('\n')[Number(at) - 1]!, new RegExp(text));
  assert.match(told, /at run \(file:\/\/\/nowhere\.js:1:2\)$/);
});
