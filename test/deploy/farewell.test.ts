import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RootOutlook } from '../../src/deploy/ask.ts';
import { farewellOf } from '../../src/deploy/farewell.ts';
import { stateStoreOf } from '../../src/deploy/state-store.ts';
import { change } from './fake-terraform.ts';
import { soundRun, SUBSCRIPTION } from './preflight/sound-run.ts';

function roots(...paths: readonly string[]): readonly RootOutlook[] {
  return paths.map((root) => ({ root, kind: 'planned', changes: [change('azurerm_subnet.a', 'delete')] }));
}

const ALL = roots('foundation', 'clusters/mgmt', 'clusters/app1', 'clusters/app2', 'keeper');

describe('what a person is told before a fleet goes', () => {
  it('names the volumes that die, cluster by cluster, and what goes with the foundation', () => {
    const { dies } = farewellOf(soundRun(), ALL, true);
    assert.deepEqual(dies, [
      'mgmt: prometheus (50 GB), every volume in it',
      'app1: every volume of storefront and others in it',
      'app2: every volume of storefront and others in it',
      'the images in the registry cratlasdemo…',
      'the outbound addresses: others know them no more',
    ]);
  });

  it('names what stays, and which names stay taken for how long', () => {
    const demo = soundRun();
    const { account } = stateStoreOf(demo.deployment.platform.names, SUBSCRIPTION);
    const { remains } = farewellOf(demo, ALL, true);
    assert.match(remains[0]!, /^the vault kv-atlas-demo-[0-9a-f]{6} .* taken for 7 days/);
    assert.match(remains[1]!, /^the logs in .* for 14 days/);
    assert.match(remains[2]!, new RegExp(`^the storage account ${account} .*: delete it by hand$`));
    const production = soundRun({ environment: 'production', deployment: { stateStore: { kind: 'local' } } });
    const kept = farewellOf(production, ALL, true).remains;
    assert.match(kept[0]!, /taken for 90 days/);
    assert.equal(kept.at(-1), 'the states, empty, beside the fleet file');
  });

  it('speaks of no logs where none are kept', () => {
    const run = soundRun({
      fleet: { observability: { stack: 'self', logs: { dailyCapGB: 0, retentionDays: 30 } } },
    });
    assert.ok(farewellOf(run, ALL, true).remains.every((line) => !line.startsWith('the logs')));
  });

  it('speaks of what is there alone', () => {
    const { dies } = farewellOf(soundRun(), roots('clusters/app1'), true);
    assert.deepEqual(dies, ['app1: every volume of storefront and others in it']);
  });

  it('says of some clusters that the fleet file still names them', () => {
    const one = farewellOf(soundRun(), roots('clusters/app1'), false);
    assert.deepEqual(one.remains, [
      'the fleet file still names app1: while it does, `bulkhead up` makes it again',
    ]);
    const two = farewellOf(soundRun(), roots('clusters/app1', 'clusters/app2'), false);
    assert.match(two.remains[0]!, /app1, app2: .* makes them again$/);
  });
});
