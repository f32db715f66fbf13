import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { atlas, type FleetData } from '../../support/fleets.ts';
import { FLEET, assertNothingLeft, bench } from './bench.ts';

describe('bulkhead down', () => {
  it('takes a fleet away that breaks its contract by now, and says so', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const { storefront } = FLEET['workloads'] as { readonly storefront: FleetData };
    const workloads = { storefront: { ...storefront, secrets: ['mesh-ca-key'] } };
    writeFileSync(fleet.file, stringify({ ...FLEET, workloads }));
    const refused = await fleet.up({ yes: true });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /platform-secrets-are-not-shared[\s\S]*Nothing was done/);
    const { code, stderr } = await fleet.down({ allowDestroy: true });
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^The fleet breaks its contract, as `bulkhead check` tells; it may go all the same\.\n$/,
    );
    assert.equal(fleet.whole().fleet.clusters.size, 0);
  });

  it('refuses a file that says no fleet: exit 2', async () => {
    const fleet = bench(atlas({ ...FLEET, clusters: 'many' }));
    const { code, stderr } = await fleet.down({ allowDestroy: true });
    assert.equal(code, 2);
    assert.match(stderr, /clusters[\s\S]*\nNothing was done\.\n$/);
  });

  it('takes what is there away after the name was typed, and says when nothing is there', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const prompt = 'type the name of the fleet, atlas:';
    const kept = await fleet.down({ answers: { [prompt]: 'yes' } });
    assert.equal(kept.code, 1);
    assert.match(kept.stdout, /Data that nobody gets back\n\n {2}mgmt: prometheus/);
    assert.match(kept.stdout, /What remains\n\n {2}the vault kv-atlas-demo-/);
    assert.match(kept.stdout, /\nNothing was done\.\n$/);
    assert.equal(fleet.whole().fleet.clusters.size, 2);
    const gone = await fleet.down({ answers: { [prompt]: 'atlas' } });
    assert.deepEqual([gone.code, gone.stdout.endsWith('Done.\n')], [0, true]);
    assert.equal(fleet.whole().fleet.clusters.size, 0);
    const { code, stdout } = await fleet.down();
    assert.equal(code, 0);
    assert.match(stdout, /\nNothing to do: nothing of the fleet is there\.\n$/);
    assertNothingLeft(fleet);
  });

  it('takes one cluster, and names it in the command that goes on', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const refused = await fleet.down({ clusters: ['app1'] });
    assert.match(refused.stdout, /To begin again: bulkhead down --clusters app1 -e demo /);
    const { code } = await fleet.down({ clusters: ['app1'], allowDestroy: true });
    assert.equal(code, 0);
    assert.deepEqual([...fleet.whole().fleet.clusters.keys()], ['mgmt']);
    const again = await fleet.down({ clusters: ['app1'] });
    assert.match(again.stdout, /\nNothing to do: of app1 nothing is there\.\n$/);
  });

  it('refuses mgmt alone and a cluster that the fleet has not: exit 2', async () => {
    const fleet = bench();
    const mgmt = await fleet.down({ clusters: ['mgmt'], allowDestroy: true });
    assert.deepEqual([mgmt.code, mgmt.stdout], [2, '']);
    assert.match(mgmt.stderr, /^mgmt cannot go alone: .*; take the whole fleet down/);
    const other = await fleet.down({ clusters: ['app1', 'app7\u001b'], allowDestroy: true });
    assert.equal(other.stderr, 'the fleet has no cluster app7\\x1b; it has mgmt, app1');
    assertNothingLeft(fleet);
  });
});
