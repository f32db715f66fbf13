import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LogAlert, KEEPER_TABLES, WORKSPACE_TABLES } from '../../../src/model/alerts/alert.ts';
import { anyFleet } from '../../support/any-fleet.ts';
import { type FleetData, atlas, platformOf } from '../../support/fleets.ts';
import { readByMicrosoft } from '../../support/kql/language-service.ts';
import { parseQuery } from '../../support/kql/parse.ts';
import { resources, rootsOf } from '../../terraform/read-hcl.ts';

const FLEETS: readonly FleetData[] = [
  atlas(),
  atlas({ keeper: { run: 'container-apps-job' }, secrets: { sync: 'csi' } }),
  atlas({ environments: {}, network: { cni: 'azure-overlay' } }),
];

function logAlerts(data: FleetData): readonly LogAlert[] {
  return platformOf(data).alerts.filter((alert) => alert.kind === 'log');
}

test("Microsoft's language service reads every query, with no table but those that it names", () => {
  const byQuery = new Map(FLEETS.flatMap(logAlerts).map((alert) => [alert.query, alert]));
  for (const { id, query, tables, splitBy } of byQuery.values()) {
    const { errors, columns } = readByMicrosoft(query, tables);
    assert.deepEqual(errors, [], `${id}\n${query}`);
    if (splitBy !== undefined) assert.equal(columns[splitBy], 'string', `${id} answers without ${splitBy}`);
  }
});

test('the language service finds what is wrong', () => {
  const errors = (text: string) =>
    readByMicrosoft(text, ['KubeEvents']).errors.map((error) => error.slice(0, 5));
  assert.deepEqual(errors('KubeEvents | where Nope == 1'), ['KS142']);
  assert.deepEqual(errors('KubeNodeInventory | count'), ['KS204']);
  assert.deepEqual(errors('KubeEvents | where Count > "three"'), ['KS106']);
});

test('property: every table that an alert reads is filled', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const roots = rootsOf(data, environment);
      const { alerts, clusters, fleet } = platformOf(data, environment);
      const filled = new Set<string>(WORKSPACE_TABLES);
      const perCluster = clusters.map(({ name }) =>
        streamsOf(roots.get(`clusters/${name}`)?.files.get('logs.tf')),
      );
      for (const table of perCluster[0] ?? []) {
        if (perCluster.every((streams) => streams.includes(table))) filled.add(table);
      }
      const setting = resources(roots.get('keeper'), 'azurerm_monitor_diagnostic_setting').get('keeper');
      for (const [, category] of (setting ?? '').matchAll(/category = "(\w+)"/g)) filled.add(category!);
      for (const alert of alerts) {
        if (alert.kind !== 'log') continue;
        for (const table of alert.tables) assert.ok(filled.has(table), `${alert.id}: nothing fills ${table}`);
      }
      if (fleet.keeper.run !== 'none' && setting !== undefined)
        assert.ok(filled.has(KEEPER_TABLES[fleet.keeper.run]));
    }),
    { numRuns: 25 },
  );
});

/** The tables of the streams that a collection rule sends on. */
function streamsOf(text: string | undefined): readonly string[] {
  const flow = /data_flow \{[^]*?\n {2}\}/.exec(text ?? '')?.[0] ?? '';
  return [...flow.matchAll(/"Microsoft-(\w+)"/g)].map(([, table]) => table!);
}

test('property: a rule is one that Azure takes', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const { alerts } = platformOf(data, environment);
      const places = alerts.map((alert) => `${alert.id} ${alert.kind === 'health' ? alert.cluster : ''}`);
      assert.equal(new Set(places).size, places.length);
      for (const alert of alerts) {
        if (alert.kind !== 'log') continue;
        assert.ok(alert.windowMinutes >= alert.frequencyMinutes, alert.id);
        assert.ok((alert.rangeMinutes ?? alert.windowMinutes) >= alert.windowMinutes, alert.id);
        assert.ok(parseQuery(alert.query).steps.length > 0, alert.id);
        // Azure takes no rule that joins all tables, and advises to begin with one.
        assert.doesNotMatch(alert.query, /\b(union|search)\b/, alert.id);
      }
    }),
    { numRuns: 50 },
  );
});
