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

  const put = (name: string, text: string): void => {
    const path = join(folder, name);
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.writeFileSync(path, text);
  };
  const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

  async function refusal(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await bulkhead('check', ...argv);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    return stderr;
  }

  test('a folder that is no snapshot is refused, whatever else is checked, and in every format', async () => {
    put('notes/fleet.yaml', object);
    const said = new RegExp(
      `^bulkhead: ${folder} holds neither arm/\\*\\.json nor kubernetes/<cluster>/\\*, so .*az resource`,
    );
    assert.match(await refusal('--snapshot', folder), said);
    assert.match(await refusal('--snapshot', folder, '--fail-on', 'note', '-f', 'junit'), said);
    assert.match(await refusal(atlas, '--snapshot', snapshot, '--snapshot', folder), said);
  });

  test('the snapshot below the folder is named', async () => {
    put('saved/today/kubernetes/app1/all.yaml', object);
    assert.match(
      await refusal('--snapshot', `${folder}/`),
      new RegExp(`; did you mean ${folder}/saved/today\\?\\n$`),
    );
  });

  test('a snapshot whose answers are empty is refused, and says what of it cannot be read', async () => {
    put('arm/clusters.json', '{ "value": [] }');
    put('kubernetes/app1/pods.json', '{ "apiVersion": "v1", "kind": "List", "items": [] }');
    assert.match(await refusal('--snapshot', folder), /no resource of Azure in arm\/, no object in /);
    put('arm/vaults.json', '{ "value": [');
    assert.match(await refusal('--snapshot', folder), / \(arm\/vaults\.json: .* it is not JSON\); save /);
  });

  test('one resource of Azure makes a snapshot, and so does one object', async () => {
    const id = '/subscriptions/0/resourceGroups/a/providers/Microsoft.Network/publicIPAddresses/b';
    for (const [name, text] of [
      ['arm/one.json', JSON.stringify({ id })],
      ['arm/list.json', JSON.stringify([{ id }])],
      ['arm/page.yaml', `value:\n  - id: ${id}\n`],
      ['kubernetes/app1/a.yaml', object],
    ] as const) {
      put(name, text);
      const { code, stderr } = await bulkhead('check', '--snapshot', folder);
      assert.deepEqual([code, stderr], [0, ''], name);
      fs.rmSync(join(folder, name));
    }
  });

  test('a folder without any manifest is refused', async () => {
    const said = /holds no manifest; name one environment's tree/;
    assert.match(await refusal('--gitops', folder), said);
    put('README.md', '# a tree\n');
    put('fleet.yaml', 'name: atlas\n');
    put('chart/Chart.yaml', 'apiVersion: v2\nname: a\n');
    put('chart/templates/a.yaml', object);
    assert.match(await refusal('--gitops', folder), said);
    put('broken.yaml', 'a: [');
    assert.match(
      await refusal('--gitops', folder),
      /no manifest \(broken\.yaml: this document cannot be read: /,
    );
  });

  test('objects, values of a chart or a generator of secrets make a tree', async () => {
    for (const [name, text] of [
      ['app/a.yaml', object],
      ['app1/cilium.values.yaml', 'kubeProxyReplacement: "false"\n'],
      ['kustomization.yaml', 'secretGenerator:\n  - name: a\n    literals: [b=c]\n'],
    ] as const) {
      put(name, text);
      const { stdout, stderr } = await bulkhead('check', '--gitops', folder);
      assert.equal(stderr, '', name);
      assert.notEqual(stdout, '', name);
      fs.rmSync(join(folder, name));
    }
  });

  test('a folder that is not there is a usage error', async () => {
    const { code, stderr } = await bulkhead('check', '--snapshot', join(folder, 'none'));
    assert.deepEqual([code, stderr], [2, `bulkhead: there is no folder ${join(folder, 'none')}\n`]);
  });
});
