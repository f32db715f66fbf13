import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generatedValue, secretSteps } from '../../src/deploy/generate-secrets.ts';
import type { Run } from '../../src/deploy/run.ts';
import { runSteps } from '../../src/deploy/run-steps.ts';
import type { Step, StepEnd } from '../../src/deploy/step.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { type FakeVault, fakeVault } from '../support/fake-vault.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';

const URI = 'https://kv-atlas-demo-123456.vault.azure.net/';
const GENERATED = { secrets: { vault: { 'db-password': { generate: true, length: 40 } } } };

function runOf(data: FleetData, { vault }: FakeVault): Run {
  const world = { vault, random: (bytes: number) => randomBytes(bytes) };
  const foundation = { clusterInputs: {}, clientIds: {}, vaultUri: URI };
  return {
    deployment: { platform: platformOf(data) },
    world,
    found: { foundation, plans: new Map() },
  } as unknown as Run;
}

/** Runs the steps behind one that has seen the vault answer. */
async function ran(data: FleetData, held: FakeVault): Promise<Record<string, StepEnd>> {
  const vault: Step = {
    id: 'vault',
    phase: 'foundation',
    title: 'vault',
    after: [],
    run: async () => ({ isChanged: false }),
  };
  const ends = await runSteps([vault, ...secretSteps(runOf(data, held))], {
    signal: new AbortController().signal,
    parallel: 4,
    onEvent: (event) => {
      for (const value of held.values.values())
        assert.ok(value === 'admin' || !JSON.stringify(event).includes(value));
    },
    now: () => 0,
  });
  return Object.fromEntries([...ends].filter(([id]) => id !== 'vault'));
}

describe('a generated value', () => {
  it('is that many letters and digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 256 }), (length) => {
        assert.match(
          generatedValue(length, (bytes) => randomBytes(bytes)),
          new RegExp(`^[A-Za-z0-9]{${length}}$`),
        );
      }),
    );
  });

  it('has each letter as often as any other', () => {
    // Every byte once: 248 of them are taken, which is each of 62 letters four times.
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const value = generatedValue(248, () => all);
    const counts = new Map<string, number>();
    for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    assert.deepEqual([counts.size, ...new Set(counts.values())], [62, 4]);
  });

  it('is none where there is no randomness', () => {
    assert.throws(() => generatedValue(32, (bytes) => new Uint8Array(bytes).fill(255)), /gives none/);
    assert.throws(() => generatedValue(32, () => new Uint8Array()), /gives none/);
  });
});

describe('the secrets of a deployment', () => {
  it('makes what the vault has not, tells what people set, and does nothing the second time', async () => {
    const held = fakeVault();
    const first = await ran(atlas(), held);
    assert.deepEqual(first, {
      'secrets/grafana-admin-password': { kind: 'changed', note: 'made' },
      'secrets/grafana-admin-user': { kind: 'changed', note: 'made' },
      secrets: {
        kind: 'unchanged',
        note: '1 missing: db-password; `bulkhead secrets set NAME -e demo` sets one',
      },
    });
    assert.equal(held.values.get('grafana-admin-user'), 'admin');
    assert.match(held.values.get('grafana-admin-password')!, /^[A-Za-z0-9]{32}$/);
    const before = new Map(held.values);
    held.values.set('db-password', 'x-of-a-person');
    const second = await ran(atlas(), held);
    assert.deepEqual(
      Object.values(second).map((end) => [end.kind, 'note' in end ? end.note : undefined]),
      [
        ['unchanged', 'in the vault'],
        ['unchanged', 'in the vault'],
        ['unchanged', 'all there'],
      ],
    );
    assert.equal(held.values.get('grafana-admin-password'), before.get('grafana-admin-password'));
  });

  it('makes what the file marks, at its length, and never the CA of the mesh', async () => {
    const held = fakeVault();
    const ends = await ran(atlas(GENERATED), held);
    assert.deepEqual(Object.keys(ends), [
      'secrets/db-password',
      'secrets/grafana-admin-password',
      'secrets/grafana-admin-user',
    ]);
    assert.match(held.values.get('db-password')!, /^[A-Za-z0-9]{40}$/);
    assert.equal(held.values.size, 3);
  });

  it('replaces no value that is there, and reads none', async () => {
    await fc.assert(
      fc.asyncProperty(anyFleet, fc.infiniteStream(fc.boolean()), async (data, coins) => {
        const names = secretSteps(runOf(data, fakeVault())).flatMap(({ id }) =>
          id.startsWith('secrets/') ? [id.slice('secrets/'.length)] : [],
        );
        const there = names.filter(() => coins.next().value);
        const held = fakeVault(
          Object.fromEntries(there.map((name) => [name.toUpperCase(), `value of ${name}`])),
        );
        const ends = await ran(data, held);
        for (const name of there) assert.equal(held.values.get(name.toUpperCase()), `value of ${name}`);
        for (const name of names) {
          assert.equal(ends[`secrets/${name}`]?.kind, there.includes(name) ? 'unchanged' : 'changed');
        }
        assert.ok(held.calls.every((call) => !call.startsWith('get ')));
      }),
      { numRuns: 25 },
    );
  });

  it('leaves a disabled secret alone, and says so', async () => {
    const held = fakeVault({ 'grafana-admin-password': 'kept-by-somebody', 'db-password': 'other-value' }, [
      'grafana-admin-password',
      'db-password',
    ]);
    const ends = await ran(atlas(), held);
    assert.match(
      JSON.stringify(ends['secrets/grafana-admin-password']),
      /unchanged.*disabled: nothing can read it/,
    );
    assert.match(JSON.stringify(ends['secrets']), /1 missing or disabled: db-password/);
    assert.equal(held.values.get('grafana-admin-password'), 'kept-by-somebody');
  });

  it('names six at most', async () => {
    const secrets = Array.from({ length: 9 }, (_, index) => `key-${index}`);
    const workloads = { shop: { clusters: ['app1'], image: 'x', secrets } };
    const ends = await ran(atlas({ workloads }), fakeVault());
    assert.match(JSON.stringify(ends['secrets']), /9 missing: key-0, .*, key-5 and 3 more; /);
  });
});
