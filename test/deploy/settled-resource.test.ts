import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { settledState } from '../../src/deploy/settled-resource.ts';
import { fakeClock } from './fake-world.ts';

const ADDRESS = 'azurerm_kubernetes_cluster.app1';
const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';

/** Looks at what is in these states, one after the other; the last one stays. */
function look(
  states: readonly (string | undefined)[],
  { id = ID, signal = new AbortController().signal } = {},
) {
  const clock = fakeClock();
  const began = clock.now();
  const asked: string[] = [];
  const said: string[] = [];
  const azure = {
    get: async (path: string) => {
      const state = states[Math.min(asked.push(path), states.length) - 1];
      return state === undefined ? undefined : { properties: { provisioningState: state } };
    },
  };
  const context = { signal, report: (text: string) => void said.push(text) };
  const state = settledState({ address: ADDRESS, id }, { azure, clock }, context);
  return { state, asked, said, seconds: () => (clock.now() - began) / 1000 };
}

describe('the state of what a broken apply left behind', () => {
  it('is told at once where Azure is done', async () => {
    for (const end of ['Succeeded', 'Failed', 'Canceled', 'Deleting']) {
      const { state, said, seconds } = look([end]);
      assert.equal(await state, end);
      assert.deepEqual([said, seconds()], [[], 0]);
    }
  });

  it('is waited for while Azure is at work, and each look is told of', async () => {
    const { state, said, seconds } = look(['Creating', 'Updating', 'Upgrading', 'Succeeded']);
    assert.equal(await state, 'Succeeded');
    assert.equal(seconds(), 30);
    assert.deepEqual(said, [
      `${ADDRESS}: Azure is still creating it, waiting for the end`,
      `${ADDRESS}: Azure is still updating it, waiting for the end`,
      `${ADDRESS}: Azure is still at work on it (Upgrading), waiting for the end`,
    ]);
  });

  it('is not asked for where the resource is cheaply made anew, and is none where there is nothing', async () => {
    const subnet = look(['Updating'], {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a',
    });
    assert.deepEqual([await subnet.state, subnet.asked], [undefined, []]);
    const gone = look(['Creating', undefined]);
    assert.equal(await gone.state, undefined);
    assert.equal(gone.asked.length, 2);
    const pool = look(['Scaling', 'Succeeded'], { id: `${ID}/agentPools/user` });
    assert.equal(await pool.state, 'Succeeded');
  });

  it('is given up on after 90 minutes', async () => {
    const { state, seconds } = look(['Creating']);
    await assert.rejects(state, (error) => {
      assert.ok(error instanceof StepError);
      assert.match(error.message, /is in the state Creating after 90 minutes/);
      assert.match(error.advice ?? '', /az resource show --ids \/subscriptions/);
      return true;
    });
    assert.equal(seconds(), 90 * 60);
  });

  it('is no longer waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const { state, asked } = look(['Creating'], { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await assert.rejects(state, /stopped/);
    assert.ok(asked.length <= 1);
  });
});
