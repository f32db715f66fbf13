import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Scanner, scanners } from '../../src/contract/suppressions/known-alarm.ts';
import { knownAlarms } from '../../src/contract/suppressions/known-alarms.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { atlas, platformOf } from '../support/fleets.ts';

const records = readdirSync(fileURLToPath(new URL('../../../docs/adr', import.meta.url)));
const ID: Readonly<Record<Scanner, RegExp>> = { checkov: /^CKV2?_AZURE_\d+$/, trivy: /^AZU-\d{4}$/ };

test('each alarm has one id, a decision that is on record, one sentence and a source', () => {
  assert.equal(new Set(knownAlarms.map(({ id }) => id)).size, knownAlarms.length);
  for (const { id, adr, reason, source } of knownAlarms) {
    const name = adr.startsWith('ADR-A') ? adr : adr.replace('ADR-', '');
    assert.ok(
      records.some((file) => file.startsWith(`${name}-`)),
      `${id}: ${adr}`,
    );
    assert.match(reason, /^[A-Z][^.]*(?:\d\.\d[^.]*)*\.$/, id);
    assert.notEqual(source, '', id);
  }
});

test('each alarm names checks as the scanner prints them', () => {
  for (const { id, checks } of knownAlarms) {
    for (const scanner of Object.keys(scanners) as Scanner[]) {
      for (const check of checks[scanner] ?? []) assert.match(check, ID[scanner], id);
    }
    assert.ok((checks.checkov ?? []).length > 0, id);
  }
});

const elsewhere = [
  atlas(),
  atlas({ registry: { sku: 'Premium' }, secrets: { sync: 'csi' }, keeper: { run: 'container-apps-job' } }),
  atlas({ network: { cni: 'azure-overlay', clusterMesh: false }, observability: { stack: 'azure' } }),
  atlas({ clusters: { mgmt: { sku: 'Premium', system: { vmSize: 'Standard_D4s_v5' } } } }),
];

test('no alarm is raised everywhere by oversight: each is raised in a fleet, and where it depends, not in all', () => {
  const always = new Set([
    'api-server-has-authorized-ranges',
    'no-policy-add-on',
    'disks-have-platform-keys',
    'nodes-keep-nothing',
    'content-trust-is-gone',
    'fleet-is-in-one-region',
    'registry-is-zone-redundant',
  ]);
  const platforms = elsewhere.flatMap((data) => environments.map((each) => platformOf(data, each)));
  for (const { id, raisedAt } of knownAlarms) {
    const raised = platforms.filter((platform) => raisedAt(platform).length > 0);
    assert.ok(raised.length > 0, `${id} is raised nowhere`);
    assert.equal(raised.length === platforms.length, always.has(id), id);
  }
});

test('a choice against the defaults is left to the scanner', () => {
  const raised = (data: Parameters<typeof platformOf>[0], environment: 'demo' | 'production'): string[] => {
    const platform = platformOf(data, environment);
    return knownAlarms.filter(({ raisedAt }) => raisedAt(platform).length > 0).map(({ id }) => id);
  };
  const free = atlas({ clusters: { mgmt: { sku: 'Free' } } });
  assert.ok(raised(free, 'demo').includes('demo-needs-no-sla'));
  assert.ok(!raised(free, 'production').includes('demo-needs-no-sla'));
  assert.ok(!raised(atlas({ secrets: { sync: 'csi' } }), 'demo').includes('no-secrets-store-driver'));
  assert.ok(!raised(atlas({ registry: { sku: 'Premium' } }), 'demo').includes('registry-is-not-premium'));
  assert.ok(!raised(atlas(), 'production').includes('demo-vault-gives-its-name-back'));
});
