import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { World } from '../../src/deploy/world.ts';
import { bring, type Ended, fakeFleet, type FakeFleet, runOf, TOKEN, upSteps } from './fake-fleet.ts';
import { mortalWorld } from './mortal-world.ts';

const CA = { apiVersion: 'v1', kind: 'Secret', name: 'cilium-ca', namespace: 'kube-system' } as const;

const up = (fleet: FakeFleet, world?: World): Promise<Ended> => bring(upSteps(fleet, runOf(fleet, world)));

/** Ends that a whole run must not have. */
const troubles = ({ ends }: Ended): readonly string[] =>
  [...ends].flatMap(([id, end]) =>
    end.kind === 'failed' ? [`${id}: ${end.error.stack}`] : end.kind === 'skipped' ? [id] : [],
  );

const changedIn = ({ kinds }: Ended): readonly string[] =>
  Object.keys(kinds).filter((id) => kinds[id] === 'changed');

function refuseSecrets(fleet: FakeFleet, said: string): void {
  const key = fleet.vault.get('mesh-ca-key')?.split('\n')[1];
  if (key !== undefined) assert.ok(!said.includes(key), 'the key of the mesh CA is told');
  assert.ok(!said.includes(TOKEN), 'the password of the repository is told');
  const redis = fleet.clusters
    .get('mgmt')
    ?.at({ apiVersion: 'v1', kind: 'Secret', name: 'argocd-redis', namespace: 'argocd' })?.['data'] as
    | { auth: string }
    | undefined;
  if (redis)
    assert.ok(!said.includes(Buffer.from(redis.auth, 'base64').toString()), "Redis' password is told");
}

describe('bringing up a fleet', () => {
  it('works on one that is new, and changes nothing the second time', async () => {
    const fleet = fakeFleet();
    const first = await up(fleet);
    assert.deepEqual(troubles(first), []);
    const changed = changedIn(first);
    for (const id of [
      'mesh-ca',
      'bootstrap/app1/mesh-ca',
      'bootstrap/app1/cilium',
      'argo-cd/chart',
      'argo-cd/root',
    ]) {
      assert.ok(changed.includes(id), id);
    }
    const writes = [...fleet.clusters.values()].flatMap(({ applied }) => applied).length;
    const second = await up(fleet);
    assert.deepEqual(troubles(second), []);
    assert.deepEqual(changedIn(second), []);
    // Argo CD keeps the rest: no chart is rendered again, and only what Argo CD does not keep is applied.
    assert.deepEqual(fleet.rendered.toSorted(), ['argo-cd', 'cilium', 'cilium', 'cilium']);
    const again = [...fleet.clusters.values()].flatMap(({ applied }) => applied).length - writes;
    assert.ok(again < 15, `${again} applies`);
    refuseSecrets(fleet, first.said + second.said);
  });

  it('gives each cluster the one CA of the vault', async () => {
    const fleet = fakeFleet();
    await up(fleet);
    const [crt, key] = [fleet.vault.get('mesh-ca-crt')!, fleet.vault.get('mesh-ca-key')!];
    for (const cluster of fleet.clusters.values()) {
      const data = cluster.at(CA)!['data'] as Record<string, string>;
      assert.equal(Buffer.from(data['ca.crt']!, 'base64').toString(), crt);
      assert.equal(Buffer.from(data['ca.key']!, 'base64').toString(), key);
    }
    assert.equal(fleet.vaultWrites.length, 2);
  });

  it('has no mesh and no Cilium where the fleet has Azure CNI', async () => {
    const fleet = fakeFleet({ network: { cni: 'azure-overlay', clusterMesh: false } });
    const first = await up(fleet);
    assert.deepEqual(troubles(first), []);
    const ids = Object.keys(first.kinds).filter((id) => id.startsWith('bootstrap/app1'));
    assert.deepEqual(ids, ['bootstrap/app1/access', 'bootstrap/app1/nodes']);
    assert.equal(first.kinds['mesh-ca'], undefined);
    assert.deepEqual(changedIn(await up(fleet)), []);
  });

  it('leaves the others in order where one cluster fails', async () => {
    const fleet = fakeFleet();
    fleet
      .create('app1')
      .put({ ...CA, metadata: { name: CA.name, namespace: CA.namespace }, data: { 'ca.crt': 'eA==' } });
    fleet.vault.set('mesh-ca-key', '');
    fleet.vault.delete('mesh-ca-key');
    const { kinds } = await up(fleet);
    assert.equal(kinds['mesh-ca'], 'failed');
    const other = fakeFleet();
    await up(other);
    const app1 = other.clusters.get('app1')!;
    app1.setStatus(
      { apiVersion: 'v1', kind: 'Service', name: 'clustermesh-apiserver', namespace: 'kube-system' },
      { loadBalancer: { ingress: [{ ip: '10.2.0.7' }] } },
    );
    other.controllers = false;
    const second = await up(other);
    assert.deepEqual(
      [...second.ends].flatMap(([id, { kind }]) =>
        kind === 'failed' || kind === 'skipped' ? [`${id} ${kind}`] : [],
      ),
      [
        'bootstrap/app1/mesh-address failed',
        'argo-cd/register/app1 skipped',
        'argo-cd/applications/app1 skipped',
      ],
    );
  });

  it('ends well after a run that was killed at any call, and makes one CA', async () => {
    const small = {
      clusters: { mgmt: {}, app1: {} },
      workloads: { storefront: { clusters: ['app1'], image: 'ghcr.io/acme/storefront:1.4.2' } },
    };
    const whole = fakeFleet(small);
    const counted = mortalWorld(whole.world, Number.POSITIVE_INFINITY);
    assert.deepEqual(troubles(await up(whole, counted.world)), []);
    const calls = counted.made();
    assert.ok(calls > 100, `${calls} calls`);
    for (let killedAt = 0; killedAt < calls; killedAt += 1) {
      const fleet = fakeFleet(small);
      const broken = await up(fleet, mortalWorld(fleet.world, killedAt).world);
      const where = `killed at call ${killedAt}`;
      const mended = await up(fleet);
      assert.deepEqual(troubles(mended), [], where);
      const keys = fleet.vaultWrites.filter((write) => write.startsWith('mesh-ca-key='));
      assert.equal(keys.length, 1, where);
      if (killedAt % 10 === 0) assert.deepEqual(changedIn(await up(fleet)), [], where);
      refuseSecrets(fleet, broken.said + mended.said);
    }
  });
});
