import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import type { Arm } from '../src/lab/arm/start.ts';
import type { FleetData } from '../test/support/fleets.ts';
import { exampleFleets } from './support/example-fleets.ts';
import { withCluster, withNetwork, withoutCluster, withSubnet } from './support/fleet-changes.ts';
import { provenBy } from './support/tools.ts';
import { UP_TOOLS } from './support/up-lab.ts';
import { startUpLife, textOf, type UpLife } from './support/up-life.ts';

/** With room for a subnet to move to: Azure takes no address range away while a subnet is in it. */
const ATLAS = withNetwork(exampleFleets.get('atlas')!, { vnet: ['10.0.0.0/12'] });

/** One fleet's life, in this order: the clusters that a change is not about are not written to. */
describe('a fleet that changes', provenBy(...UP_TOOLS), () => {
  let life: UpLife;
  let fleet: FleetData = ATLAS;
  before(async () => {
    life = await startUpLife(['mgmt', 'app1', 'app2', 'app3']);
  });
  after(() => life?.stop());

  const change = async (to: FleetData): Promise<void> => {
    fleet = to;
    await life.lab.commit(fleet);
  };
  /** Does something, and gives what it wrote to Azure about these clusters. */
  const writesTo = async (
    names: readonly string[],
    act: () => Promise<unknown>,
  ): Promise<readonly string[]> => {
    const writes = await life.writesOf(act);
    const about = new RegExp(`aks-atlas-demo-(?:${names.join('|')})\\b`);
    return writes.filter(({ path }) => about.test(path)).map(textOf);
  };

  it('comes up', async () => {
    await change(ATLAS);
    await life.up();
    await life.settled();
  });

  it('takes a cluster in', async () => {
    await change(withCluster(fleet, 'app3'));
    // The keeper is told of it by its environment, which a container gets when it is made.
    const up = (): Promise<string> => life.up('--allow-destroy');
    assert.deepEqual(await writesTo(['app1', 'app2'], up), []);
    const clusters = life.lab.arm.store.ofType('microsoft.containerservice/managedclusters');
    assert.ok(clusters.some(({ id }) => id.name === 'aks-atlas-demo-app3'));
    await life.settled();
  });

  it('moves the subnet of a cluster that is down', async () => {
    await life.down('--clusters', 'app2');
    await change(withSubnet(fleet, 'app2', '10.9.0.0/16'));
    const up = (): Promise<string> => life.up('--allow-destroy');
    assert.deepEqual(await writesTo(['mgmt', 'app1', 'app3'], up), []);
    await life.settled();
  });

  it('lets a cluster go that sleeps, and leaves the others', async () => {
    await stopCluster(life.lab.arm, 'aks-atlas-demo-app2');
    const down = (): Promise<string> => life.down('--clusters', 'app2');
    assert.deepEqual(await writesTo(['mgmt', 'app1', 'app3'], down), []);
    const clusters = life.lab.arm.store.ofType('microsoft.containerservice/managedclusters');
    assert.deepEqual(clusters.map(({ id }) => id.name).toSorted(), [
      'aks-atlas-demo-app1',
      'aks-atlas-demo-app3',
      'aks-atlas-demo-mgmt',
    ]);
    await change(withoutCluster(fleet, 'app2'));
    await life.up('--allow-destroy');
    await life.settled();
    assert.deepEqual(life.lab.arm.unanswered(), []);
  });
});

/** What the schedule does at night. */
async function stopCluster(arm: Arm, name: string): Promise<void> {
  const clusters = arm.store.ofType('microsoft.containerservice/managedclusters');
  const { id } = clusters.find((each) => each.id.name === name)!;
  const sent = request(`${arm.url}${id.text}/stop?api-version=2025-10-01`, {
    method: 'POST',
    ca: readFileSync(arm.certificateFile),
    agent: false,
  });
  const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
  answer.resume();
  assert.equal(answer.statusCode, 202);
}
