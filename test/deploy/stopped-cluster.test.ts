import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { clusterAtRest, deleteStopped } from '../../src/deploy/stopped-cluster.ts';
import type { Run } from '../../src/deploy/run.ts';
import type { Azure } from '../../src/deploy/world.ts';
import { fakeFleet, runOf } from './fake-fleet.ts';

const NEVER = new AbortController().signal;

/** A cluster, as Azure answers it look by look; the last answer stays. `undefined` is none. */
function clusterThatIs(...answers: readonly (readonly [power: string, provisioning: string] | undefined)[]) {
  const fleet = fakeFleet();
  const [mgmt] = fleet.deployment.platform.clusters;
  const [deleted, said]: [string[], string[]] = [[], []];
  let looks = 0;
  const azure: Azure = {
    ...fleet.world.azure,
    get: async () => {
      const answer = answers[Math.min(looks, answers.length - 1)];
      looks += 1;
      return answer && { properties: { powerState: { code: answer[0] }, provisioningState: answer[1] } };
    },
    delete: async (path) => void deleted.push(path),
  };
  const run: Run = runOf(fleet, { ...fleet.world, azure });
  const context = { signal: NEVER, report: (text: string) => void said.push(text) };
  return { run, cluster: mgmt!, context, deleted, said, looks: () => looks, clock: fleet.world.clock };
}

describe('a stopped cluster', () => {
  it('is deleted as a whole, and asked for until it is gone', async () => {
    const aks = clusterThatIs(
      ['Stopped', 'Succeeded'],
      ['Stopped', 'Deleting'],
      ['Stopped', 'Deleting'],
      undefined,
    );
    assert.equal(await deleteStopped(aks.run, aks.cluster, aks.context), true);
    assert.equal(aks.deleted.length, 1);
    assert.match(
      aks.deleted[0]!,
      /\/resourceGroups\/rg-atlas-demo-mgmt\/.*\/managedClusters\/aks-atlas-demo-mgmt$/,
    );
    assert.deepEqual(aks.said, [
      'deleting it whole: while it is stopped, its pools cannot go before it',
      ...Array(2).fill('waiting for mgmt, which is Deleting'),
    ]);
  });

  it('is deleted once it is done with stopping, and not again where a killed run did', async () => {
    const stopping = clusterThatIs(['Running', 'Stopping'], ['Stopped', 'Succeeded'], undefined);
    assert.equal(await deleteStopped(stopping.run, stopping.cluster, stopping.context), true);
    assert.equal(stopping.deleted.length, 1);
    const going = clusterThatIs(['Stopped', 'Deleting'], undefined);
    assert.equal(await deleteStopped(going.run, going.cluster, going.context), false);
    assert.deepEqual(going.deleted, []);
  });

  it('is none that runs, wakes or is not there', async () => {
    const cases = [
      clusterThatIs(['Running', 'Succeeded']),
      clusterThatIs(['Running', 'Failed']),
      clusterThatIs(['Stopped', 'Starting'], ['Running', 'Succeeded']),
      clusterThatIs(undefined),
    ];
    for (const aks of cases) {
      assert.equal(await deleteStopped(aks.run, aks.cluster, aks.context), false);
      assert.deepEqual(aks.deleted, []);
    }
  });

  it('is waited for within bounds, and no longer than the run lasts', async () => {
    const aks = clusterThatIs(['Running', 'Stopping']);
    const start = aks.clock.now();
    await assert.rejects(clusterAtRest(aks.run, aks.cluster, aks.context), {
      message: 'mgmt is still Stopping after 30 minutes',
      advice: /: az aks show --resource-group rg-atlas-demo-mgmt --name aks-atlas-demo-mgmt$/,
    });
    assert.equal(aks.clock.now() - start, 30 * 60_000);
    const stays = clusterThatIs(['Stopped', 'Succeeded']);
    await assert.rejects(deleteStopped(stays.run, stays.cluster, stays.context), StepError);
    const stop = new AbortController();
    const looks = aks.looks();
    stop.abort(new Error('stopped'));
    await assert.rejects(
      clusterAtRest(aks.run, aks.cluster, { ...aks.context, signal: stop.signal }),
      /^Error: stopped$/,
    );
    assert.equal(aks.looks(), looks);
  });
});
