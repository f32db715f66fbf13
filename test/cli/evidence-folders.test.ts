import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bulkhead } from './bulkhead.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const atlas = join(root, 'examples/atlas/fleet.yaml');
const tree = join(root, 'corpus/trees/atlas/production');
const orchard = join(root, 'test/fixtures/gitops/orchard');
const snapshot = join(root, 'test/fixtures/live/orchard');

describe('check --gitops and --snapshot', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'bulkhead-evidence-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('folders alone are judged without a fleet file', async () => {
    const { code, stdout, stderr } = await bulkhead(
      'check',
      '-e',
      'production',
      '--gitops',
      orchard,
      '--snapshot',
      snapshot,
    );
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /GitOps, production +live, production/);
  });

  test('a fault in a tree fails the run, and is shown on its line', async () => {
    fs.cpSync(tree, folder, { recursive: true });
    const values = join(folder, 'bootstrap/app1/cilium.values.yaml');
    fs.writeFileSync(
      values,
      fs
        .readFileSync(values, 'utf8')
        .replace('kubeProxyReplacement: "false"', 'kubeProxyReplacement: "true"'),
    );
    const { code, stdout } = await bulkhead('check', atlas, '-e', 'production', '--gitops', `${folder}/`);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /error\[kube-proxy-is-kept\] \(production\): Cilium on app1 replaces the kube-proxy/,
    );
    assert.ok(stdout.includes(`--> ${values}:19:23`), stdout);
    assert.match(stdout, /kubeProxyReplacement: "true"\n +\| +\^/);
  });

  test('a secret in a tree is pointed at and never shown', async () => {
    fs.writeFileSync(
      join(folder, 'a.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { DB_PASSWORD: hunter2secret }\n',
    );
    for (const format of ['text', 'json', 'sarif', 'markdown', 'junit']) {
      const { code, stdout } = await bulkhead('check', '--gitops', folder, '-f', format);
      assert.equal(code, 1, format);
      assert.match(stdout, /secrets-in-key-vault/, format);
      assert.doesNotMatch(stdout, /hunter2secret/, format);
    }
  });

  test('a folder that is not there is a usage error', async () => {
    const { code, stderr } = await bulkhead('check', '--snapshot', join(folder, 'none'));
    assert.deepEqual([code, stderr], [2, `bulkhead: there is no folder ${join(folder, 'none')}\n`]);
  });
});
