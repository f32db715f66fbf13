import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exampleFleets } from './support/example-fleets.ts';
import { withPool } from './support/fleet-changes.ts';
import { provenBy } from './support/tools.ts';
import { type Kill, UP_TOOLS } from './support/up-lab.ts';
import { isChange, startUpLife, textOf, type UpLife } from './support/up-life.ts';

/** When a step is at work, or has just ended: there it is killed. */
const KILLS: readonly Kill[] = [
  // Terraform writes its state every 20 s, and knows nothing of what it has made since.
  {
    at: ({ method, path }) => method === 'PUT' && /\/registries\/.*\/roleAssignments\//i.test(path),
    isWhole: true,
  },
  { at: /Foundation: azurerm_/, isWhole: false },
  { at: /\+ Mesh CA {2}made/, isWhole: false },
  { at: /Cluster app1: azurerm_/, isWhole: true },
  { at: /\+ Cilium on app2/, isWhole: true },
  { at: /\+ Argo CD knows app1/, isWhole: false },
];

const ATLAS = exampleFleets.get('atlas')!;
const SECRETS = '/api/v1/namespaces/kube-system/secrets/cilium-ca';

/** One fleet's life, in this order: real Terraform, azurerm, Helm and API servers, and an Azure that stands in. */
describe('a fleet from up to down', provenBy(...UP_TOOLS), () => {
  let life: UpLife;
  before(async () => {
    life = await startUpLife(['mgmt', 'app1', 'app2']);
  });
  after(() => life?.stop());

  it('comes up, though it is killed again and again, and makes nothing twice', async () => {
    await life.lab.commit(ATLAS);
    for (const kill of KILLS) await life.upKilled(kill);
    await life.up();
    const changes = life.lab.arm.requests().filter(isChange);
    assert.deepEqual(changes.filter(({ method }) => method === 'DELETE').map(textOf), []);
    const made = changes
      .filter(({ method, status }) => method === 'PUT' && status === 201)
      .map(({ path }) => path);
    assert.deepEqual(
      made.filter((path, index) => made.indexOf(path) !== index),
      [],
    );
  });

  it('has one mesh CA in every cluster and in the vault', async () => {
    const authorities = await Promise.all(
      ['mgmt', 'app1', 'app2'].map(async (name) => {
        const { body } = await life.lab.server(name).request('GET', SECRETS);
        return (body as { readonly data: Readonly<Record<string, string>> }).data['ca.crt'];
      }),
    );
    assert.equal(new Set(authorities).size, 1);
    const writes = life.lab.arm
      .requests()
      .filter(({ method, path }) => method === 'PUT' && /\/secrets\/mesh-ca-key/.test(path));
    assert.equal(writes.filter(({ status }) => status === 200).length, 1);
  });

  it('finds nothing to do the second time', () => life.settled());

  it('leaves the other clusters done when one fails, and goes on', async () => {
    const { arm } = life.lab;
    await life.lab.commit(withPool(ATLAS, 'app1', '2..6'));
    arm.setFaults([
      {
        methods: ['PUT'],
        path: '*/aks-atlas-demo-app1/agentPools/*',
        times: 'always',
        effect: { kind: 'refuse', status: 409, code: 'OperationNotAllowed' },
      },
      {
        methods: ['GET'],
        path: '/subscriptions/*/locations/*',
        effect: { kind: 'refuse', status: 429, retryAfterSeconds: 1 },
      },
      { methods: ['POST'], path: '*/listClusterUserCredential', effect: { kind: 'refuse', status: 503 } },
    ]);
    const said = await life.run(['up', '-e', 'demo', '--yes'], 1);
    assert.match(said, /Cluster app1 failed[\s\S]*OperationNotAllowed/);
    assert.match(said, /Applications of app2 {2}\d+ Applications Synced and Healthy/);
    assert.match(said, /To go on: bulkhead up -e demo fleet\.yaml/);
    arm.setFaults([]);
    const writes = await life.writesOf(() => life.up());
    assert.ok(writes.length > 0);
    assert.deepEqual(writes.filter(({ path }) => !/-app1\b/.test(path)).map(textOf), []);
    await life.settled();
  });

  it('goes, and a second time finds nothing', async () => {
    await life.down();
    const left = life.lab.arm.store
      .all()
      .map(({ id }) => id.text)
      .filter((id) => !/\/resourceGroups\/rg-atlas-demo-state\b/.test(id));
    assert.deepEqual(left, []);
    assert.match(await life.down(), /nothing is there/);
    assert.deepEqual(life.lab.arm.unanswered(), []);
  });
});
