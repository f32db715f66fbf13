import assert from 'node:assert/strict';
import test from 'node:test';
import type { Platform } from '../../../src/model/platform.ts';
import { atlas, type FleetData, platformOf } from '../../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind } from '../any-platform.ts';
import { metric, TARGET_LABELS } from './known-metrics.ts';
import { readPromql } from './promql.ts';

function rulesOf(platform: Platform): Loose[] {
  return objectsOfKind(platform, 'PrometheusRule').flatMap(({ spec }) =>
    spec.groups.flatMap(({ rules }: Loose) => rules),
  );
}

function dashboardMaps(platform: Platform): Loose[] {
  return objectsOf(platform).flatMap(({ path, object }) =>
    path.startsWith('gitops/observability/dashboard-') ? [object] : [],
  );
}

function dashboardsOf(platform: Platform): Loose[] {
  return dashboardMaps(platform).flatMap(({ data }) =>
    Object.values<string>(data).map((text) => JSON.parse(text)),
  );
}

function expressionsOf(platform: Platform): { name: string; expr: string; labels: string[] }[] {
  const usedIn = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => name!);
  return [
    ...rulesOf(platform).map(({ alert, expr, annotations }) => ({
      name: alert,
      expr,
      labels: usedIn(annotations.summary, /\$labels\.(\w+)/g),
    })),
    ...dashboardsOf(platform).flatMap(({ uid, panels }) =>
      panels.flatMap(({ title, targets }: Loose) =>
        targets.map(({ expr, legendFormat }: Loose) => ({
          name: `${uid}, ${title}`,
          expr,
          labels: usedIn(legendFormat, /\{\{(\w+)\}\}/g),
        })),
      ),
    ),
  ];
}

test('every rule and every panel is PromQL over metrics that are scraped in this fleet', () => {
  forEachPlatform((platform) => {
    const running = new Set(platform.clusters.flatMap(({ components }) => components.map(({ id }) => id)));
    for (const { name, expr } of expressionsOf(platform)) {
      const { metrics, errors } = readPromql(expr);
      assert.deepEqual(errors, [], `${name}: ${expr}`);
      assert.ok(metrics.size > 0, name);
      for (const each of metrics) {
        const component = metric(each)?.component;
        assert.ok(component && running.has(component), `${name} reads ${each}`);
      }
    }
  });
});

test('labels of matchers, groupings, messages and legends are on the metrics they are asked of', () => {
  const all = atlas({ alerts: undefined });
  for (const { name, expr, labels } of expressionsOf(
    platformOf(JSON.parse(JSON.stringify(all)) as FleetData),
  )) {
    const { metrics } = readPromql(expr);
    const known = new Set([...TARGET_LABELS, ...[...metrics].flatMap((each) => metric(each)!.labels)]);
    const asked = [...expr.matchAll(/(?:by|on) \(([^)]*)\)|(\w+)(?:=~|!=|=)"/g)].flatMap(([, list, one]) =>
      list === undefined ? [one!] : list.split(', '),
    );
    for (const label of [...asked, ...labels]) assert.ok(known.has(label), `${name}: ${label}`);
    // What an aggregation drops, no message can show.
    const kept = /^.*?by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ');
    for (const label of kept ? labels : []) {
      assert.ok(kept?.includes(label), `${name} shows ${label}, which ${expr} does not keep`);
    }
  }
});

test('the reader notices what Prometheus would refuse, and a metric that nobody exposes', () => {
  for (const expr of ['sum by (cluster (up)', 'up{cluster=}', 'rate(up[5m]', 'up > > 1']) {
    assert.notDeepEqual(readPromql(expr).errors, [], expr);
  }
  assert.deepEqual([...readPromql('sum by (a) (b{c="d"}) / on (a) e').metrics], ['b', 'e']);
  assert.equal(metric('kube_node_spec_taints'), undefined);
});

test('every app cluster that forwards has a rule for its silence; what sleeps is given time to wake', () => {
  const silent = (platform: Platform): Loose[] =>
    rulesOf(platform).filter(({ alert }) => alert === 'ClusterSilent');
  assert.deepEqual(
    silent(platformOf(atlas(), 'production')).map((rule) => [rule.expr, rule.for]),
    [
      ['absent(up{cluster="app1"})', '15m'],
      ['absent(up{cluster="app2"})', '15m'],
    ],
  );
  assert.deepEqual(
    silent(platformOf(atlas())).map((rule) => rule.for),
    ['45m', '45m'],
  );
  assert.deepEqual(silent(platformOf(atlas({ network: { clusterMesh: false } }))), []);
});

test('rules and dashboards are there with a Prometheus of our own, on mgmt, and only about what is installed', () => {
  forEachPlatform((platform) => {
    const isSelf = platform.fleet.observability.stack === 'self';
    assert.equal(rulesOf(platform).length > 0, isSelf);
    assert.equal(dashboardsOf(platform).length > 0, isSelf);
    const hasMesh = platform.clusters.some(({ mesh }) => mesh && mesh.peers.length > 0);
    const isWatched = rulesOf(platform).some(({ alert }) => alert === 'MeshPeerLost');
    assert.equal(isWatched, isSelf && hasMesh);
  });
});

test('dashboards have ids of their own, read the one data source, do not overlap, and fit a ConfigMap', () => {
  forEachPlatform((platform) => {
    const dashboards = dashboardsOf(platform);
    const uids = dashboards.map(({ uid }) => uid);
    assert.equal(new Set(uids).size, uids.length);
    for (const { uid, panels } of dashboards) {
      // Grafana's limit of a uid (grafana.com, dashboard JSON model).
      assert.ok(uid.length <= 40 && /^[a-z-]+$/.test(uid), uid);
      const ids = panels.map(({ id }: Loose) => id);
      assert.equal(new Set(ids).size, ids.length);
      const cells = panels.map(({ gridPos: { x, y } }: Loose) => `${x} ${y}`);
      assert.equal(new Set(cells).size, cells.length);
      for (const { datasource, targets, gridPos } of panels) {
        assert.equal(gridPos.x + gridPos.w <= 24, true);
        for (const each of [datasource, ...targets.map((target: Loose) => target.datasource)]) {
          assert.deepEqual(each, { type: 'prometheus', uid: 'prometheus' });
        }
      }
    }
    for (const map of dashboardMaps(platform)) {
      assert.deepEqual(map.metadata.labels, { grafana_dashboard: '1' });
      assert.equal(map.metadata.namespace, 'monitoring');
      // The API server takes 1 MiB (kubernetes.io, concepts/configuration/configmap).
      assert.ok(Buffer.byteLength(JSON.stringify(map)) < 1_048_576);
    }
  });
});
