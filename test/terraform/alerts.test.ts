import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atlas, platformOf } from '../support/fleets.ts';
import { inner, inners, resources, rootsOf, value } from './read-hcl.ts';

const LOG_RULE = 'azurerm_monitor_scheduled_query_rules_alert_v2';
const SILENCE = 'azurerm_monitor_alert_processing_rule_suppression';

test('every alert of the model is a rule that says the same', () => {
  const roots = rootsOf(atlas());
  const foundation = roots.get('foundation');
  const seconds = { PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60, P1D: 1440 } as const;
  const minutes = (text: string | undefined): number | undefined =>
    seconds[JSON.parse(text ?? 'null') as keyof typeof seconds];
  let rules = 0;
  for (const alert of platformOf(atlas()).alerts) {
    const label = alert.id.replaceAll('-', '_');
    if (alert.kind === 'log') {
      const rule = resources(foundation, LOG_RULE).get(label);
      for (const line of alert.query.split('\n')) assert.ok(rule?.includes(line), `${alert.id}: ${line}`);
      assert.equal(minutes(value(rule, 'evaluation_frequency')), alert.frequencyMinutes);
      assert.equal(minutes(value(rule, 'window_duration')), alert.windowMinutes);
      assert.equal(minutes(value(rule, 'query_time_range_override')), alert.rangeMinutes);
      assert.equal(value(rule, 'threshold'), String(alert.rowsAbove));
      assert.equal(value(rule, 'operator'), '"GreaterThan"');
      assert.equal(value(rule, 'time_aggregation_method'), '"Count"');
      assert.equal(value(inner(rule!, 'dimension') ?? '', 'name'), alert.splitBy && `"${alert.splitBy}"`);
      assert.match(rule!, /action_groups = \[azurerm_monitor_action_group\.fleet\.id\]/);
    } else if (alert.kind === 'metric') {
      const rule = resources(foundation, 'azurerm_monitor_metric_alert').get(label);
      assert.equal(value(rule, 'scopes'), '[azurerm_key_vault.fleet.id]');
      assert.equal(value(rule, 'threshold'), String(alert.threshold));
      assert.equal(minutes(value(rule, 'window_size')), alert.windowMinutes);
    } else {
      const root = roots.get(`clusters/${alert.cluster}`);
      const rule = resources(root, 'azurerm_monitor_activity_log_alert').get(label);
      assert.equal(value(rule, 'reason'), '["PlatformInitiated", "Unknown"]');
      assert.match(rule!, /actionGroups\/ag-atlas-demo"/);
    }
    rules++;
  }
  assert.equal(rules, 14);
});

test('rules over clusters are silent off-hours, and no others', () => {
  const roots = rootsOf(atlas());
  const rule = resources(roots.get('foundation'), SILENCE).get('off_hours')!;
  const [prefix] = JSON.parse(value(inner(rule, 'alert_rule_name'), 'values')!) as [string];
  const names = [...roots.values()].flatMap((root) =>
    [LOG_RULE, 'azurerm_monitor_metric_alert', 'azurerm_monitor_activity_log_alert'].flatMap((type) =>
      [...resources(root, type).values()].map((text) => JSON.parse(value(text, 'name')!) as string),
    ),
  );
  const silent = names.filter((name) => name.includes(prefix)).map((name) => name.slice(prefix.length));
  assert.deepEqual(silent.toSorted(), [
    'cluster-silent',
    'cluster-unavailable-app1',
    'cluster-unavailable-app2',
    'cluster-unavailable-mgmt',
    'mesh-endpoint-down',
    'node-not-ready',
    'pods-pending',
    'secrets-not-synced',
    'spot-preempt-burst',
  ]);
  assert.equal(value(rule, 'time_zone'), '"Korea Standard Time"');
  assert.deepEqual(
    inners(rule, 'daily').map((daily) => [value(daily, 'start_time'), value(daily, 'end_time')]),
    [['"20:00:00"', '"08:45:00"']],
  );
  assert.equal(value(inner(rule, 'weekly'), 'days_of_week'), '["Saturday", "Sunday"]');
});

test('the silence reaches the groups of all clusters', () => {
  const rule = resources(rootsOf(atlas()).get('foundation'), SILENCE).get('off_hours')!;
  for (const label of ['fleet', 'cluster_mgmt', 'cluster_app1', 'cluster_app2']) {
    assert.ok(rule.includes(`azurerm_resource_group.${label}.id`), label);
  }
});

test('a fleet that never sleeps, or tells nobody, has nothing to silence', () => {
  for (const change of [{ environments: {} }, { alerts: {} }]) {
    assert.equal(resources(rootsOf(atlas(change)).get('foundation'), SILENCE).size, 0);
  }
});

test('without an address the rules stand, and call no group', () => {
  const roots = rootsOf(atlas({ alerts: {} }));
  for (const root of roots.values()) {
    for (const type of [LOG_RULE, 'azurerm_monitor_metric_alert', 'azurerm_monitor_activity_log_alert']) {
      for (const text of resources(root, type).values()) assert.doesNotMatch(text, /action/i);
    }
  }
  assert.equal(resources(roots.get('clusters/mgmt'), 'azurerm_monitor_activity_log_alert').size, 1);
});
