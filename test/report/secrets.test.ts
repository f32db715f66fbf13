import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planJson } from '../../src/report/plan-json.ts';
import { secretsMarkdown } from '../../src/report/secrets-markdown.ts';
import { renderSecrets } from '../../src/report/secrets-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import type { EnvironmentPlan } from '../../src/plan/plan.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';

function plansOf(data: FleetData): readonly EnvironmentPlan[] {
  return (['demo', 'production'] as const).map((environment) => {
    const platform = platformOf(data, environment);
    const contract = { results: [], findings: [], usedWaivers: new Set<never>() };
    return { environment, platform, contract, explanations: [] };
  });
}

function lines(data: FleetData): string[] {
  const text = renderSecrets(plansOf(data), plainStyle);
  return text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
}

const IN_PRODUCTION = { secrets: { vault: { 'db-password': { generate: true, length: 64 } } } };
const DIFFERENT = atlas({ environments: { production: IN_PRODUCTION } });

test('a secret that the environments need in different ways has a row for each', () => {
  const found = lines(DIFFERENT);
  assert.equal(found[2], 'name | read by | made by | only in');
  assert.deepEqual(found.slice(4, 7), [
    'db-password | workload storefront | a person | demo',
    'db-password | workload storefront | up, at random, 64 characters | production',
    'grafana-admin-password | Grafana | up, at random, 32 characters',
  ]);
  const markdown = secretsMarkdown(plansOf(DIFFERENT));
  assert.match(markdown, /^\| secret \| read by \| made by \| only in \|$/m);
  assert.match(markdown, /^\| <code>db-password<\/code> \| workload storefront \| a person \| demo \|$/m);
});

test('nothing is said where nothing is read; who sets what is said only where somebody has to', () => {
  const bare = { network: { cni: 'azure-overlay' }, observability: { stack: 'azure' }, workloads: {} };
  assert.equal(renderSecrets(plansOf(atlas(bare)), plainStyle), '');
  assert.equal(secretsMarkdown(plansOf(atlas(bare))), '');
  assert.ok(lines(atlas()).includes('`bulkhead secrets set NAME -e ENVIRONMENT` sets what a person makes'));
  const demo = renderSecrets(plansOf(atlas()).slice(0, 1), plainStyle);
  assert.match(demo, /`bulkhead secrets set NAME -e demo` sets/);
  assert.doesNotMatch(renderSecrets(plansOf(atlas(IN_PRODUCTION)), plainStyle), /bulkhead secrets set/);
});

test('a long list is cut, and JSON has all of it', () => {
  const secrets = Array.from({ length: 60 }, (_, index) => `key-${index}`);
  const readers = Array.from({ length: 30 }, (_, index) => [
    `shop-${index}`,
    { clusters: ['app1'], image: 'x', secrets },
  ]);
  const plans = plansOf(atlas({ workloads: Object.fromEntries(readers) }));
  const text = renderSecrets(plans, plainStyle);
  assert.match(text, /\n {2}\.\.\. and 40 more; --format json has them all\n/);
  assert.ok(text.split('\n').every((line) => line.length <= 140));
  assert.match(secretsMarkdown(plans), /\n40 more: `bulkhead plan --format json` lists them all\.\n$/);
  assert.ok(secretsMarkdown(plans).length < 8000);
  const json = JSON.parse(
    planJson({ isSound: true, environments: plans, findings: [] }, new Set(['platform'] as const)),
  ) as { environments: { secrets: Record<string, unknown>[] }[] };
  assert.equal(json.environments[0]!.secrets.length, 64);
  assert.deepEqual(json.environments[0]!.secrets.at(-1), {
    name: 'mesh-ca-key',
    readBy: ['Cilium of every cluster'],
    source: 'mesh-ca',
  });
});
