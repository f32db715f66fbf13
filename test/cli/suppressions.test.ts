import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const atlas = `${root}examples/atlas/fleet.yaml`;
const csi = `${root}corpus/findings/vault-outage-keeps-secrets/csi.yaml`;

async function check(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const code = await run(['check', ...argv], {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    env: { NO_COLOR: '1' },
    today: '2026-11-22',
  });
  return { code, ...written };
}

test('the file goes to standard output, and nothing else does', async () => {
  const { code, stdout, stderr } = await check(atlas, '-e', 'demo', '--suppressions', 'checkov');
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.ok('failed_checks' in (JSON.parse(stdout) as object));
});

test('suppressions are of one environment', async () => {
  const { code, stdout, stderr } = await check(atlas, '--suppressions', 'trivy');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /one environment: name it with -e/);
});

test('another scanner, or another format, is refused by name', async () => {
  assert.match((await check(atlas, '--suppressions', 'tfsec')).stderr, /Allowed choices are checkov, trivy/);
  const both = await check(atlas, '-e', 'demo', '--suppressions', 'trivy', '-f', 'json');
  assert.equal(both.code, 2);
  assert.match(both.stderr, /cannot be used with/);
});

test('a fleet that breaks its contract gets its findings and no suppressions', async () => {
  const { code, stdout, stderr } = await check(csi, '-e', 'demo', '--suppressions', 'checkov');
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /vault-outage-keeps-secrets/);
  assert.match(stderr, /No suppressions were written/);
});
