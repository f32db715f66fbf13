import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openArm } from '../../../src/adapters/azure/arm.ts';
import { openClusters } from '../../../src/adapters/azure/cluster-access.ts';
import type { StepError } from '../../../src/base/step-error.ts';
import type { Fault } from '../../../src/lab/arm/faults.ts';
import { objectIdOf } from '../../../src/lab/arm/entra.ts';
import { rules } from '../../../src/lab/arm/rules/index.ts';
import { GROUP, labUnderTest } from '../../lab/arm/lab-under-test.ts';
import { clockOf, intoLab, SIGNAL, signedInto } from './transports.ts';

const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stfleet`;
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/v`;
const GROUPS = '2023-07-01';
const STORAGE = '2025-08-01';
const NETWORKS = '2025-01-01';
const place = { location: 'koreacentral' };

function armInLab(...faults: readonly Fault[]) {
  const lab = labUnderTest({ latencyMs: 10_000 }, { faults });
  const clock = clockOf(lab);
  const login = signedInto(lab);
  return { lab, login, waits: clock.waits, arm: openArm(login, { transport: intoLab(lab), ...clock }) };
}

const put = (effect: Fault['effect'], times: number | 'always' = 1): Fault => ({
  methods: ['PUT'],
  type: 'Microsoft.Network/virtualNetworks',
  times,
  effect,
});

describe('Azure Resource Manager, as the lab stands in for it', () => {
  it('makes, lists and deletes a group with an account', async () => {
    const { arm, lab } = armInLab();
    assert.equal(await arm.get(GROUP, GROUPS, SIGNAL), undefined);
    await arm.put(GROUP, GROUPS, place, SIGNAL);
    const made = (await arm.put(ACCOUNT, STORAGE, place, SIGNAL)) as { readonly name: string };
    assert.equal(made.name, 'stfleet');
    const accounts = `${GROUP}/providers/Microsoft.Storage/storageAccounts`;
    assert.equal((await arm.list(accounts, STORAGE, SIGNAL)).length, 1);
    await arm.delete(GROUP, GROUPS, SIGNAL);
    assert.equal(await arm.get(ACCOUNT, STORAGE, SIGNAL), undefined);
    assert.deepEqual(lab.lab.store.all(), []);
    assert.deepEqual(await arm.caller(SIGNAL), {
      tenant: lab.lab.settings.tenantId,
      objectId: objectIdOf('me'),
      kind: 'ServicePrincipal',
    });
  });

  it('waits for a create and a delete that take their time', async () => {
    const { arm, lab } = armInLab();
    const before = lab.clock.now;
    const made = (await arm.put(NETWORK, NETWORKS, place, SIGNAL)) as {
      readonly properties: { readonly provisioningState: string };
    };
    assert.equal(made.properties.provisioningState, 'Succeeded');
    assert.ok(lab.clock.now - before >= 10_000);
    await arm.delete(NETWORK, NETWORKS, SIGNAL);
    assert.ok(lab.clock.now - before >= 20_000);
    assert.equal(await arm.get(NETWORK, NETWORKS, SIGNAL), undefined);
  });

  it('is patient with what passes', async () => {
    const { arm, lab, waits } = armInLab(
      put({ kind: 'refuse', status: 429, retryAfterSeconds: 17 }),
      { ...put({ kind: 'refuse', status: 503 }), from: 2 },
      { ...put({ kind: 'drop', isStored: true }), from: 3 },
    );
    await arm.put(NETWORK, NETWORKS, place, SIGNAL);
    assert.deepEqual(waits.slice(0, 3), [17_000, 2000, 4000]);
    assert.equal(lab.lab.store.all().length, 1);
  });

  it('says what Azure says where it does not pass', async () => {
    const { arm } = armInLab(
      put({ kind: 'refuse', status: 409, code: 'AnotherOperationInProgress', message: 'Another one.' }),
      { ...put({ kind: 'fail', code: 'InternalExecutionError', message: 'No.' }), from: 2 },
    );
    await assert.rejects(arm.put(NETWORK, NETWORKS, place, SIGNAL), {
      message:
        'writing Microsoft.Network/virtualNetworks/v was refused (409 AnotherOperationInProgress): Another one.',
    });
    await assert.rejects(arm.put(NETWORK, NETWORKS, place, SIGNAL), {
      message: 'writing Microsoft.Network/virtualNetworks/v failed (InternalExecutionError): No.',
    });
    const refused = labUnderTest({ rules });
    const strict = openArm(signedInto(refused), { transport: intoLab(refused), ...clockOf(refused) });
    await assert.rejects(strict.put(NETWORK, NETWORKS, place, SIGNAL), /\(404 ResourceGroupNotFound\)/);
  });

  it('goes on with another token when one has ended', async () => {
    const { arm, lab } = armInLab();
    await arm.put(GROUP, GROUPS, place, SIGNAL);
    lab.clock.now += 2 * 60 * 60 * 1000;
    assert.notEqual(await arm.get(GROUP, GROUPS, SIGNAL), undefined);
  });
});

describe('the API server of a cluster', () => {
  const id = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/app1`;

  it('is opened once, by the kubeconfig that Azure gives', async () => {
    const { arm, lab, login } = armInLab();
    await arm.put(id, '2025-10-01', { ...place, properties: {} }, SIGNAL);
    const asked: string[] = [];
    const counted = {
      post: (path: string, ...rest: readonly [string, object | undefined, AbortSignal]) => {
        asked.push(path);
        return arm.post(path, ...rest);
      },
    };
    const clusters = openClusters(counted, login, (name) => id.replace('app1', name));
    const [one, other] = await Promise.all([clusters.kube('app1', SIGNAL), clusters.kube('app1', SIGNAL)]);
    assert.equal(one, other);
    assert.deepEqual(asked, [`${id}/listClusterUserCredential`]);
    await assert.rejects(clusters.kube('app2', SIGNAL), (error: StepError) =>
      /ResourceNotFound/.test(error.message),
    );
    lab.told(201, 'PUT', id.replace('app1', 'app2'), place);
    assert.notEqual(await clusters.kube('app2', SIGNAL), one);
    await clusters.close();
  });
});
