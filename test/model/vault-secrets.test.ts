import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { vaultSecrets } from '../../src/model/vault-secrets.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { atlas, fleetOf, type FleetData, platformOf } from '../support/fleets.ts';

function lines(data: FleetData): string[] {
  return vaultSecrets(platformOf(data)).map(({ name, readBy, source, ...rest }) =>
    [name, source, ...Object.values(rest), readBy.join(' + ')].join(' | '),
  );
}

test('what atlas reads, by name', () => {
  assert.deepEqual(lines(atlas()), [
    'db-password | person | workload storefront',
    'grafana-admin-password | generated | 32 | Grafana',
    'grafana-admin-user | fixed | admin | Grafana',
    'mesh-ca-crt | mesh-ca | Cilium of every cluster',
    'mesh-ca-key | mesh-ca | Cilium of every cluster',
  ]);
});

test('the file says who makes what a workload reads, and Grafana’s password', () => {
  const vault = {
    'DB-password': { generate: true, length: 50 },
    'grafana-admin-password': { generate: false },
    'mesh-ca-key': { generate: true },
    'grafana-admin-user': { generate: true },
    nobody: { generate: true },
  };
  assert.deepEqual(lines(atlas({ secrets: { vault } })), [
    'db-password | generated | 50 | workload storefront',
    'grafana-admin-password | person | Grafana',
    'grafana-admin-user | fixed | admin | Grafana',
    'mesh-ca-crt | mesh-ca | Cilium of every cluster',
    'mesh-ca-key | mesh-ca | Cilium of every cluster',
  ]);
  const longer = atlas({ secrets: { vault: { 'grafana-admin-password': { length: 64 } } } });
  assert.ok(lines(longer).includes('grafana-admin-password | generated | 64 | Grafana'));
});

test('a name that nothing of ours takes is a workload’s own', () => {
  const workloads = {
    shop: { clusters: ['app1'], image: 'x', secrets: ['mesh-ca-key', 'GRAFANA-admin-user'] },
  };
  const bare = { network: { cni: 'azure-overlay' }, observability: { stack: 'azure' }, workloads };
  assert.deepEqual(lines(atlas(bare)), [
    'GRAFANA-admin-user | person | workload shop',
    'mesh-ca-key | person | workload shop',
  ]);
  assert.ok(
    lines(atlas({ workloads })).includes('grafana-admin-user | fixed | admin | Grafana + workload shop'),
  );
});

test('each secret that a workload reads is there once, in a stable order', () => {
  fc.assert(
    fc.property(anyFleet, (data) => {
      const needs = vaultSecrets(platformOf(data));
      const names = needs.map(({ name }) => name.toLowerCase());
      assert.deepEqual(names, [...new Set(names)].toSorted());
      for (const { name, secrets } of fleetOf(data).workloads) {
        for (const secret of secrets) {
          const need = needs.find((one) => one.name.toLowerCase() === secret.toLowerCase());
          assert.ok(need?.readBy.includes(`workload ${name}`), secret);
        }
      }
    }),
    { numRuns: 50 },
  );
});
