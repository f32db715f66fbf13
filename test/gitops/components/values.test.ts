import assert from 'node:assert/strict';
import test from 'node:test';
import { chartFacts, INSTALLED_CHARTS, keysOf } from '../../../src/catalog/chart-facts.ts';
import { chart } from '../../../src/catalog/charts.ts';
import type { Platform } from '../../../src/model/platform.ts';
import { forEachPlatform, valuesOf } from '../any-platform.ts';
import { examplePlatforms, problemsOf } from '../chart-pods.ts';

function problems(platform: Platform): string[] {
  return platform.clusters.flatMap((cluster) =>
    cluster.components.flatMap(({ id }) =>
      problemsOf(chartFacts(id), valuesOf(platform, cluster.name, id)).map((text) => `${id}: ${text}`),
    ),
  );
}

test('the facts of a chart are those of the version that is pinned', () => {
  for (const name of INSTALLED_CHARTS) {
    const { chart: own, version, date, source } = chartFacts(name);
    assert.deepEqual([own, version], [name, chart(name).version]);
    assert.match(date, /^20\d\d-\d\d-\d\d$/);
    assert.notEqual(source, '');
  }
});

test('every key that our values set exists, has the right type, and does something', () => {
  for (const { name, platform } of examplePlatforms()) assert.deepEqual(problems(platform), [], name);
  forEachPlatform((platform) => assert.deepEqual(problems(platform), []));
});

test('a misspelt, mistyped, rejected or dead key is noticed', () => {
  const of = (values: object): string[] => problemsOf(chartFacts('cilium'), values);
  assert.deepEqual(of({ clustermesh: { apisever: { replicas: 3 } } }), [
    'clustermesh.apisever.replicas is unknown',
  ]);
  assert.deepEqual(of({ cluster: { id: '2' } }), ['cluster.id is no integer']);
  assert.deepEqual(of({ tunnel: 'vxlan' })[0], 'tunnel is rejected');
  assert.deepEqual(
    of({ prometheus: { serviceMonitor: { scrapeTimeout: '5s' } } })[0],
    'prometheus.serviceMonitor.scrapeTimeout is read by no template',
  );
  const peer = { clustermesh: { config: { clusters: { app1: { ip: ['10.0.0.1'], port: 2379 } } } } };
  assert.deepEqual(of(peer), ['clustermesh.config.clusters: no template reads ip']);
  assert.deepEqual(of({ certgen: { nodeSelector: { anything: 'goes' } } }), []);
});

test('a dot inside a key parts no keys', () => {
  assert.deepEqual(keysOf('grafana.grafana\\.ini.plugins'), ['grafana', 'grafana.ini', 'plugins']);
});
