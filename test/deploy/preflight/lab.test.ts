import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAt, textAt } from '../../../src/lab/arm/body.ts';
import { type Refusal } from '../../../src/deploy/preflight/index.ts';
import type { Azure } from '../../../src/deploy/world.ts';
import type { ArmLimits } from '../../../src/lab/arm/rule.ts';
import { labUnderTest, type LabUnderTest } from '../../lab/arm/lab-under-test.ts';
import { ids, platformUnderTest, TENANT, told } from './sound-run.ts';

/** Azure as the lab answers it. */
function azureOf(lab: LabUnderTest): Azure {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const { status, body: answer } = lab.ask(method, path, { body });
    if (status === 404 && textAt(answer, 'error', 'code') === 'NotKnownToTheLab') {
      throw new Error(`the lab does not know ${method} ${path}`);
    }
    return status === 404 ? undefined : answer;
  };
  const read = async (): Promise<never> => {
    throw new Error('preflight writes nothing');
  };
  return {
    caller: async () => ({ tenant: TENANT, objectId: 'o', kind: 'User' }),
    get: (path) => ask('GET', path),
    list: async (path) => listAt(await ask('GET', path), 'value'),
    post: (path, _, body) => ask('POST', path, body),
    put: read,
    delete: read,
  };
}

function preflighted(lab: LabUnderTest): Promise<readonly Refusal[]> {
  return told({ ports: { azure: azureOf(lab) } });
}

function limited(limits: ArmLimits): Promise<readonly Refusal[]> {
  return preflighted(labUnderTest({}, { limits }));
}

describe('preflight against the lab', () => {
  it('finds a sound subscription', async () => {
    assert.deepEqual(await limited({}), []);
    assert.deepEqual(await limited({ unregistered: ['Microsoft.KeyVault', 'Microsoft.Storage'] }), []);
  });

  it('finds what the lab withholds', async () => {
    assert.deepEqual(ids(await limited({ regionalVcpus: 4 })), ['error vcpu-quota']);
    assert.deepEqual(ids(await limited({ spotVcpus: 10 })), ['warning vcpu-quota']);
    assert.deepEqual(ids(await limited({ restrictedVmSizes: ['Standard_D2s_v3'] })), ['error vm-size']);
  });

  it('is silent of a fleet that fills its quotas, and refuses one that is stopped', async () => {
    const lab = labUnderTest(
      {},
      { limits: { regionalVcpus: 6, spotVcpus: 26, familyVcpus: { standardDSv3Family: 6 } } },
    );
    const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
    for (const cluster of platformUnderTest().clusters) {
      const group = `${subscription}/resourceGroups/${cluster.resourceGroup}`;
      const id = `${group}/providers/Microsoft.ContainerService/managedClusters/${cluster.resourceName}`;
      const agentPoolProfiles = cluster.pools.map(({ name, mode, vmSize, nodesUsual, capacityType }) => ({
        name,
        mode,
        vmSize,
        count: nodesUsual,
        ...(capacityType === 'Spot' ? { scaleSetPriority: 'Spot' } : {}),
      }));
      const { kubernetesVersion } = cluster;
      const body = { location: 'koreacentral', properties: { kubernetesVersion, agentPoolProfiles } };
      lab.ask('PUT', id, { body });
      lab.told(200, 'GET', id);
    }
    assert.deepEqual(await preflighted(lab), []);
    lab.lab.store
      .ofType('microsoft.containerservice/managedclusters')
      .forEach(({ id }) => lab.ask('POST', `${id.text}/stop`));
    assert.deepEqual(ids(await preflighted(lab)), Array(3).fill('error cluster-state'));
  });
});
