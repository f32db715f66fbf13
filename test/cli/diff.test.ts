import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bulkhead } from './bulkhead.ts';

const ATLAS = fileURLToPath(new URL('../../../examples/atlas/fleet.yaml', import.meta.url));
const text = readFileSync(ATLAS, 'utf8');

/** A folder with a fleet file, made of atlas. */
function fleetFolder(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-diff-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'fleet.yaml'), content);
  return folder;
}

test('a fleet differs in nothing from itself', async () => {
  const { code, stdout, stderr } = await bulkhead('diff', ATLAS, ATLAS, '--format', 'json');
  assert.deepEqual([code, stderr], [0, '']);
  const { environments, newFindings, goneFindings } = JSON.parse(stdout) as {
    readonly environments: readonly Record<string, unknown>[];
    readonly newFindings: readonly unknown[];
    readonly goneFindings: readonly unknown[];
  };
  assert.deepEqual([newFindings, goneFindings], [[], []]);
  for (const one of environments) {
    assert.deepEqual([one.resources, one.objects, (one.price as { lines: [] }).lines], [[], [], []]);
  }
});

test('what a doubled pool costs is what the line says, and the total moves by it alone', async (t) => {
  const folder = fleetFolder(t, text.replace('nodes: 1..3', 'nodes: 2..3'));
  const { stdout } = await bulkhead('diff', ATLAS, join(folder, 'fleet.yaml'), '-e', 'demo', '-f', 'json');
  const [{ price }] = (
    JSON.parse(stdout) as {
      readonly environments: readonly [{ readonly price: Record<string, number> & { lines: PriceLine[] } }];
    }
  ).environments;
  const added = price.lines.reduce((sum, line) => sum + (line.after ?? 0) - (line.before ?? 0), 0);
  assert.ok(Math.abs(price.after! - price.before! - added) < 1e-6);
  assert.deepEqual(
    price.lines.map(({ cluster }) => cluster),
    ['mgmt'],
  );
});
type PriceLine = { readonly cluster?: string; readonly before?: number; readonly after?: number };

test('a folder stands for the fleet file in it, and only new findings fail', async (t) => {
  const broken = text.replace(
    /1: \{ demo: Spot, production: OnDemand \}/,
    '1: { demo: Spot, production: Spot }',
  );
  const folder = fleetFolder(t, broken);
  const worse = await bulkhead('diff', ATLAS, join(folder, 'fleet.yaml'));
  assert.equal(worse.code, 1);
  assert.match(worse.stdout, /New findings: 2 errors[\s\S]*production-tier1-is-on-demand/);
  const better = await bulkhead('diff', folder, ATLAS);
  assert.equal(better.code, 0);
  assert.match(better.stdout, /Findings that are gone: 2 errors/);
});

test('what cannot be compared is told, and nothing else', async (t) => {
  const folder = fleetFolder(t, text.replace('region: koreacentral', 'regoin: koreacentral'));
  const unsound = await bulkhead('diff', ATLAS, join(folder, 'fleet.yaml'));
  assert.equal(unsound.code, 2);
  assert.match(
    unsound.stderr,
    /has no key "regoin"[\s\S]*Nothing was compared: .*fleet\.yaml has to be sound/,
  );
  assert.equal(unsound.stdout, '');
  rmSync(join(folder, 'fleet.yaml'));
  const empty = await bulkhead('diff', folder, ATLAS);
  assert.deepEqual([empty.code, empty.stdout], [2, '']);
  assert.match(empty.stderr, /neither fleet\.yaml nor fleet\.ts/);
});
