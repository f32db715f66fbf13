import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Finding, Path } from '../../src/base/finding.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { fleetIn, inDocumentOrder, locate } from '../../src/fleet/load.ts';
import { originOf } from '../../src/fleet/overrides.ts';
import { load, SOUND } from './told.ts';

function finding(path: Path, more: Partial<Finding> = {}): Finding {
  return { id: 'tier1-on-demand', severity: 'error', message: 'm', path, ...more };
}

/** Where a finding at `path` is shown, and the text there. */
function shown(path: Path, environment: Environment | undefined, more: Partial<Finding> = {}): string {
  const { span } = locate(load(SOUND), environment, finding(path, more));
  assert.ok(span !== undefined);
  const line = SOUND.split('\n')[span.start.line - 1] ?? '';
  return `${span.start.line} ${line.slice(span.start.column - 1, span.end.column - 1)}`;
}

test('the example loads without findings', () => {
  const example = readFileSync(new URL('../../../examples/atlas/fleet.yaml', import.meta.url));
  const loaded = load(example);
  assert.deepEqual(loaded.findings, []);
  assert.equal(fleetIn(loaded, 'demo')?.fleet.name, 'atlas');
});

test('one load gives the fleet of each environment', () => {
  const loaded = load(SOUND);
  const nodes = (environment: Environment) =>
    fleetIn(loaded, environment)?.fleet.clusters.find(({ name }) => name === 'app1')?.user.nodes;
  assert.deepEqual(nodes('demo'), { min: 2, max: 5 });
  assert.deepEqual(nodes('production'), { min: 3, max: 6 });
});

test('a half-broken file still gives a fleet of what is sound', () => {
  const loaded = load(
    'name: atlas\nregion: 1\nclusters: { mgmt: { tier: x }, App: {}, app1: { pods: 10.1.0.0/16 } }\n',
  );
  assert.equal(loaded.findings.length, 3);
  const fleet = fleetIn(loaded, 'demo')?.fleet;
  assert.deepEqual(
    fleet?.clusters.map(({ name, tier }) => [name, tier]),
    [
      ['mgmt', 1],
      ['app1', 2],
    ],
  );
});

test('a file that holds nothing usable gives no fleet', () => {
  for (const text of ['', '- a', 'x', '['.repeat(1000)]) {
    assert.equal(fleetIn(load(text), 'demo'), undefined);
  }
});

test('a finding is shown where its environment writes the value', () => {
  assert.equal(shown(['clusters', 'app1', 'user', 'nodes'], 'demo'), '13 2..5');
  assert.equal(shown(['clusters', 'app1', 'user', 'nodes'], 'production'), '24 3..6');
  assert.equal(shown(['clusters', 'app1', 'user', 'nodes'], undefined), '13 2..5');
  assert.equal(shown(['clusters', 'app1', 'user', 'vmSizes', 1], 'production'), '12 Standard_D2as_v5');
  assert.equal(shown(['network', 'peers', 0, 1], 'production'), '7 app1');
  assert.equal(shown(['tiers', 1, 'demo'], 'demo'), '4 Spot');
  assert.equal(shown(['clusters', 'app1', 'user', 'nodes'], 'production', { at: 'key' }), '24 nodes');
});

test('a map is shown at its key, and one of both halves outside of the environments', () => {
  assert.equal(shown(['clusters', 'app1'], 'production'), '10 app1');
  assert.equal(shown(['clusters', 'app1', 'user'], 'demo'), '11 user');
  assert.equal(shown(['network', 'peers'], 'demo'), '6 peers');
});

test('a default is shown at the nearest map around it', () => {
  assert.equal(shown(['clusters', 'app1', 'user', 'capacity'], 'demo'), '11 user');
  assert.equal(shown(['clusters', 'mgmt', 'user', 'nodes'], 'production'), '9 mgmt');
  assert.equal(shown(['network', 'egress'], 'production'), '5 network');
  assert.equal(shown(['spot', 'maxPrice'], 'production'), '1 ');
  assert.equal(shown([], 'production'), '1 ');
});

test('a default in a cluster that one environment adds is shown there', () => {
  const text = `${SOUND}      app3: {}\n`;
  const { span } = locate(load(text), 'production', finding(['clusters', 'app3', 'user', 'nodes']));
  assert.deepEqual(span?.start, { line: 25, column: 7 });
});

test('what an environment replaces is not looked for elsewhere', () => {
  const text = `${SOUND}    schedule: null\nschedule: { awake: Mon-Fri 08:00-20:00 }\n`;
  const { span } = locate(load(text), 'production', finding(['schedule']));
  assert.deepEqual(span?.start, { line: 25, column: 15 });
});

test('related places are located too, and spans that are set stay', () => {
  const span = { file: 'other.yaml', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const located = locate(
    load(SOUND),
    'demo',
    finding(['name'], { span, related: [{ message: 'here', path: ['region'] }] }),
  );
  assert.deepEqual(located.span, span);
  assert.deepEqual(located.related?.[0]?.span?.start, { line: 2, column: 9 });
});

test('findings are ordered by place, then by id; those without a place come last', () => {
  const at = (line: number, id: string): Finding => {
    const position = { line, column: 1 };
    return { ...finding([]), id, span: { file: 'f', start: position, end: position } };
  };
  const ordered = inDocumentOrder([finding([]), at(9, 'b'), at(9, 'a'), at(1, 'c'), at(10, 'd')]);
  assert.deepEqual(
    ordered.map(({ id }) => id),
    ['c', 'a', 'b', 'd', 'tier1-on-demand'],
  );
});

test('the origin of a value is in the half that wrote it', () => {
  const file = {
    name: 'atlas',
    schedule: { awake: 'Mon-Fri 08:00-20:00' },
    clusters: { app1: { tier: 2 } },
    environments: { demo: { schedule: null, clusters: { app1: { tier: 1 }, app2: { tier: 2 } } } },
  };
  const inDemo = (...path: string[]) => originOf(file, 'demo', path).join('.');
  assert.equal(inDemo(), '');
  assert.equal(inDemo('name'), 'name');
  assert.equal(inDemo('schedule'), 'environments.demo.schedule');
  assert.equal(inDemo('clusters'), 'clusters');
  assert.equal(inDemo('clusters', 'app1'), 'clusters.app1');
  assert.equal(inDemo('clusters', 'app1', 'tier'), 'environments.demo.clusters.app1.tier');
  assert.equal(inDemo('clusters', 'app2'), 'environments.demo.clusters.app2');
  assert.equal(inDemo('clusters', 'app1', 'id'), 'clusters.app1.id');
  assert.equal(originOf(file, 'production', ['clusters', 'app2']).join('.'), 'clusters.app2');
});
