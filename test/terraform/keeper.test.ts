import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FleetData, atlas } from '../support/fleets.ts';
import { type WrittenRoot, inner, resources, rootsOf, value } from './read-hcl.ts';

const keeper = (run: string, change: FleetData = {}): WrittenRoot =>
  rootsOf(atlas({ keeper: { run }, ...change })).get('keeper')!;

test('a container group stands in the delegated subnet, reachable by nothing', () => {
  const root = keeper('container-instance');
  const group = resources(root, 'azurerm_container_group').get('keeper')!;
  assert.equal(value(group, 'ip_address_type'), '"Private"');
  assert.equal(value(group, 'subnet_ids'), '[local.subnet_id]');
  assert.match(root.files.get('locals.tf')!, /subnets\/snet-container-instances"/);
});

test('a job runs every quarter of an hour and is over before the next one', () => {
  const root = keeper('container-apps-job');
  const job = resources(root, 'azurerm_container_app_job').get('keeper')!;
  assert.equal(value(inner(job, 'schedule_trigger_config'), 'cron_expression'), '"*/15 * * * *"');
  assert.ok(Number(value(job, 'replica_timeout_in_seconds')) < 15 * 60);
  assert.match(root.files.get('locals.tf')!, /subnets\/snet-container-apps"/);
  const environment = resources(root, 'azurerm_container_app_environment').get('keeper')!;
  assert.equal(value(environment, 'logs_destination'), '"azure-monitor"');
  assert.ok(resources(root, 'azurerm_monitor_diagnostic_setting').has('keeper'));
});

test('the keeper is told the schedule and the clusters, and acts as its own identity', () => {
  const locals = keeper('container-instance').files.get('locals.tf')!;
  assert.match(locals, /BULKHEAD_AWAKE +=  ?"Mon-Fri 08:00-20:00"/);
  assert.match(locals, /BULKHEAD_TIMEZONE += "Asia\/Seoul"/);
  assert.match(locals, /AZURE_CLIENT_ID +=  ?var\.identity_client_id/);
  for (const name of ['mgmt', 'app1', 'app2']) assert.match(locals, new RegExp(`"aks-atlas-demo-${name}"`));
});

test('without collected logs the job streams them, and no workspace is named', () => {
  const root = keeper('container-apps-job', { observability: { logs: { dailyCapGB: 0 } } });
  const environment = resources(root, 'azurerm_container_app_environment').get('keeper')!;
  assert.equal(value(environment, 'logs_destination'), undefined);
  assert.equal(resources(root, 'azurerm_monitor_diagnostic_setting').size, 0);
});

test('what the keeper says is kept, by no key of the workspace', () => {
  const categories = (run: string): string[] =>
    [
      ...resources(keeper(run), 'azurerm_monitor_diagnostic_setting')
        .get('keeper')!
        .matchAll(/category = "(\w+)"/g),
    ].map((match) => match[1]!);
  assert.deepEqual(categories('container-instance'), ['ContainerInstanceLog', 'ContainerEvent']);
  assert.deepEqual(categories('container-apps-job'), ['ContainerAppConsoleLogs', 'ContainerAppSystemLogs']);
});
