import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasStateStore, stateStep, stateStoreOf } from '../../src/deploy/state-store.ts';
import type { StepResult } from '../../src/deploy/step.ts';
import type { Azure, World } from '../../src/deploy/world.ts';
import { platformUnderTest, soundRun, SUBSCRIPTION } from './preflight/sound-run.ts';
import { type WholeFleet, wholeFleet } from './whole-fleet.ts';

const NEVER = new AbortController().signal;

async function made(whole: WholeFleet, world: World = whole.world): Promise<StepResult & { said: string[] }> {
  const said: string[] = [];
  const context = { signal: NEVER, report: (text: string) => void said.push(text) };
  const result = await stateStep(whole.run({}, world), ['agree'])!.run(context);
  return { ...result, said };
}

function withAzure(whole: WholeFleet, azure: Partial<Azure>): World {
  return { ...whole.world, azure: { ...whole.world.azure, ...azure } };
}

function bodyAt(whole: WholeFleet, end: RegExp): { readonly [key: string]: unknown } {
  const [, body] = [...whole.stored].find(([path]) => end.test(path))!;
  return body as { readonly [key: string]: unknown };
}

describe('the store of the states', () => {
  it('is made once, closed, with every version kept, and opened to whoever makes it', async () => {
    const whole = wholeFleet();
    whole.lease.looksUntilOpen = 2;
    assert.equal(await hasStateStore(whole.run(), NEVER), false);
    const { account, resourceGroup } = stateStoreOf(whole.deployment.platform.names, SUBSCRIPTION);
    const first = await made(whole);
    assert.deepEqual([first.isChanged, first.note], [true, account]);
    assert.deepEqual(
      first.said.map((text) => text.replace(account, 'ACCOUNT')),
      [
        'making the storage account ACCOUNT',
        'giving you the role Storage Blob Data Contributor on it',
        'waiting for the role to reach the storage account',
        'waiting for the role to reach the storage account',
      ],
    );
    assert.deepEqual(whole.writes.slice(0, 4), [
      `put resourceGroups/${resourceGroup}`,
      `put storageAccounts/${account}`,
      'put blobServices/default',
      'put containers/tfstate',
    ]);
    const { sku, properties } = bodyAt(whole, /storageaccounts\/[^/]+$/);
    assert.deepEqual(sku, { name: 'Standard_ZRS' });
    const { allowSharedKeyAccess, allowBlobPublicAccess } = properties as Record<string, unknown>;
    assert.deepEqual([allowSharedKeyAccess, allowBlobPublicAccess], [false, false]);
    const service = bodyAt(whole, /blobservices\/default$/)['properties'] as Record<string, unknown>;
    assert.equal(service['isVersioningEnabled'], true);
    assert.deepEqual(service['deleteRetentionPolicy'], { enabled: true, days: 30 });
    const writes = whole.writes.length;
    assert.equal(await hasStateStore(whole.run(), NEVER), true);
    const second = await made(whole);
    assert.deepEqual([second.isChanged, second.said], [false, []]);
    assert.equal(whole.writes.length, writes);
  });

  it('gives a role once, by a name that does not change, and waits for one that is on its way', async () => {
    const [whole, other] = [wholeFleet(), wholeFleet()];
    await made(whole);
    await made(other);
    const grants = (of: WholeFleet) =>
      [...of.stored.keys()].filter((path) => path.includes('roleassignments'));
    assert.equal(grants(whole).length, 1);
    assert.deepEqual(grants(whole), grants(other));
    assert.match(grants(whole)[0]!, /\/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    const writes = whole.writes.length;
    whole.lease.looksUntilOpen = 3;
    const again = await made(whole);
    assert.deepEqual([again.isChanged, again.said.length, whole.writes.length], [false, 2, writes]);
  });

  it('asks for no role where the caller is let in anyway', async () => {
    const whole = wholeFleet();
    const lease = { ...whole.world.lease, isReachable: async () => true };
    await made(whole, { ...whole.world, lease });
    assert.ok(whole.writes.every((write) => !write.includes('roleAssignments')));
  });

  it('registers Storage where the subscription has not, and waits for it', async () => {
    const whole = wholeFleet();
    let looks = 0;
    const get: Azure['get'] = async (path, ...rest) => {
      if (!path.endsWith('/providers/Microsoft.Storage')) return whole.world.azure.get(path, ...rest);
      looks += 1;
      return { registrationState: looks < 4 ? 'Registering' : 'Registered' };
    };
    const { said } = await made(whole, withAzure(whole, { get }));
    assert.equal(said[0], 'registering Microsoft.Storage');
    assert.equal(whole.writes[0], 'register Microsoft.Storage');
    assert.match(whole.writes[1]!, /^put resourceGroups/);
  });

  it('waits no longer than it says', async () => {
    const whole = wholeFleet();
    const start = whole.world.clock.now();
    const get: Azure['get'] = async (path, ...rest) =>
      path.endsWith('/providers/Microsoft.Storage') ? {} : whole.world.azure.get(path, ...rest);
    await assert.rejects(made(whole, withAzure(whole, { get })), /does not register Microsoft\.Storage/);
    assert.equal(whole.world.clock.now() - start, 10 * 60_000);
    whole.lease.looksUntilOpen = Number.POSITIVE_INFINITY;
    await assert.rejects(made(whole), {
      message: /still refuses this sign-in$/,
      advice: /Blob Data Contributor/,
    });
    assert.equal(whole.world.clock.now() - start, 20 * 60_000);
  });

  it('lies in one place where the region has no zones', async () => {
    const platform = platformUnderTest();
    const fleet = { ...platform.fleet, region: 'koreasouth' };
    const whole = wholeFleet(undefined, { deployment: { platform: { ...platform, fleet } } });
    await made(whole);
    assert.deepEqual(bodyAt(whole, /storageaccounts\/[^/]+$/)['sku'], { name: 'Standard_LRS' });
  });

  it('is nothing to make, and always there, on this machine', async () => {
    const run = soundRun({ deployment: { stateStore: { kind: 'local' } } });
    assert.equal(stateStep(run, []), undefined);
    assert.equal(await hasStateStore(run, NEVER), true);
  });
});
