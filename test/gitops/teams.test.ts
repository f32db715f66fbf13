import assert from 'node:assert/strict';
import test from 'node:test';
import { parseCpuMillis, parseMemoryMiB } from '../../src/base/quantity.ts';
import type { Platform } from '../../src/model/platform.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind, valuesOf } from './any-platform.ts';

const GROUP = '22222222-2222-2222-2222-222222222222';
const workloads = {
  shop: {
    clusters: ['app1', 'app2'],
    image: 'shop:1',
    replicas: 3,
    requests: { cpu: '250m', memory: '256Mi' },
  },
  stock: { clusters: ['app1'], image: 'stock:1' },
};

function withTeams(teams: FleetData): Platform {
  return platformOf(atlas({ workloads, teams }));
}

function projectsOf(platform: Platform): Map<string, Loose> {
  return new Map(objectsOfKind(platform, 'AppProject').map(({ metadata, spec }) => [metadata.name, spec]));
}

const role = (project: string, team = 'sales', group = GROUP): Loose => ({
  name: team,
  description: `The Entra group of ${team}.`,
  groups: [group],
  policies: [
    `p, proj:${project}:${team}, applications, get, ${project}/*, allow`,
    `p, proj:${project}:${team}, applications, sync, ${project}/*, allow`,
  ],
});

test('each Application of a workload has a project of its own, in which the teams of that namespace have a role', () => {
  const [app1, app2] = ['workloads.app1.shop', 'workloads.app2.shop'] as const;
  const rolesIn = (teams: FleetData): Loose[] =>
    [app1, app2].map((name) => projectsOf(withTeams(teams)).get(name).roles);
  const sales = { group: GROUP, workloads: ['shop'] };
  assert.deepEqual(rolesIn({}), [undefined, undefined]);
  assert.deepEqual(rolesIn({ sales }), [[role(app1)], [role(app2)]]);
  assert.deepEqual(rolesIn({ sales: { ...sales, clusters: ['app1'] } }), [[role(app1)], undefined]);
  const other = GROUP.replaceAll('2', '3');
  assert.deepEqual(rolesIn({ sales, stock: { group: other, workloads: ['shop'], clusters: ['app2'] } }), [
    [role(app1)],
    [role(app2), role(app2, 'stock', other)],
  ]);
});

test('the project of a workload on a cluster holds its namespace there, and says the same as long as it is there', () => {
  const before = projectsOf(withTeams({}));
  const fewer = projectsOf(
    platformOf(atlas({ workloads: { shop: { clusters: ['app2'], image: 'shop:1' } } })),
  );
  assert.deepEqual(before.get('workloads.app1.shop').destinations, [{ name: 'app1', namespace: 'shop' }]);
  assert.equal(fewer.get('workloads.app1.shop'), undefined);
  assert.deepEqual(fewer.get('workloads.app2.shop'), before.get('workloads.app2.shop'));
});

test('Applications keep their names when a workload changes hands', () => {
  const names = (platform: Platform): string[] =>
    objectsOfKind(platform, 'ApplicationSet').map(({ spec }) => spec.template.metadata.name);
  assert.deepEqual(names(withTeams({ sales: { group: GROUP, workloads: ['shop'] } })), names(withTeams({})));
});

test('a team has a project with its namespaces, and looks at and syncs what is in it', () => {
  const platform = withTeams({ sales: { group: GROUP, workloads: ['shop'], namespaces: ['lab'] } });
  const spec = projectsOf(platform).get('team-sales');
  assert.deepEqual(spec.destinations, [
    { name: 'app1', namespace: 'lab' },
    { name: 'app1', namespace: 'shop' },
    { name: 'app2', namespace: 'lab' },
    { name: 'app2', namespace: 'shop' },
  ]);
  assert.deepEqual(spec.roles, [role('team-sales')]);
});

test('no project but the platform’s holds what could widen a right, and that one has no role', () => {
  const widening = [
    'CiliumNetworkPolicy',
    'NetworkPolicy',
    'Role',
    'RoleBinding',
    'ResourceQuota',
    'LimitRange',
    'Secret',
  ];
  forEachPlatform((platform) => {
    const projects = objectsOfKind(platform, 'AppProject');
    const runs = platform.clusters.flatMap(({ workloads: own }) => own).length;
    assert.equal(projects.length, 1 + runs + platform.teams.length);
    for (const { metadata, spec } of projects) {
      if (metadata.name === 'platform') {
        assert.equal(spec.roles, undefined);
        continue;
      }
      assert.deepEqual(spec.clusterResourceWhitelist, []);
      const kinds = spec.namespaceResourceWhitelist.map(({ kind }: Loose) => kind);
      for (const kind of widening) assert.ok(!kinds.includes(kind), kind);
    }
  });
});

test('Argo CD gives administrators everything and others nothing but what a project says', () => {
  forEachPlatform((platform) => {
    for (const { name, role } of platform.clusters) {
      const { rbac } = valuesOf(platform, name, 'argo-cd')?.configs ?? {};
      assert.equal(rbac !== undefined, role === 'mgmt');
      if (!rbac) continue;
      assert.equal(rbac['policy.default'], '');
      const lines = rbac['policy.csv'].split('\n').filter(Boolean);
      assert.deepEqual(
        lines,
        platform.fleet.admins.map((group) => `g, ${group}, role:admin`),
      );
    }
  });
});

type Quota = { cluster: string; namespace: string; hard: Loose; unasked: Loose };

function quotasOf(platform: Platform): Quota[] {
  const ofKind = (kind: string): { cluster: string; object: Loose }[] =>
    objectsOf(platform).flatMap(({ path, object }) =>
      object.kind === kind ? [{ cluster: path.split('/')[2]!, object }] : [],
    );
  return ofKind('ResourceQuota').map(({ cluster, object }) => {
    const { namespace } = object.metadata;
    const range = ofKind('LimitRange').find(
      (one) => one.cluster === cluster && one.object.metadata.namespace === namespace,
    )!;
    return { cluster, namespace, hard: object.spec.hard, unasked: range.object.spec.limits[0] };
  });
}

test('every namespace in which others may write has a quota, and no namespace of the platform', () => {
  forEachPlatform((platform) => {
    const expected = platform.clusters.flatMap((cluster) => {
      const ofTeams = platform.teams.flatMap(({ clusters }) =>
        clusters.filter((own) => own.cluster === cluster.name).flatMap(({ namespaces }) => namespaces),
      );
      const platformOwn = new Set(cluster.components.map(({ namespace }) => namespace));
      const names = new Set([...cluster.workloads.map(({ name }) => name), ...ofTeams]);
      return [...names].filter((name) => !platformOwn.has(name)).map((name) => `${cluster.name} ${name}`);
    });
    const actual = quotasOf(platform).map(({ cluster, namespace }) => `${cluster} ${namespace}`);
    assert.deepEqual(actual.toSorted(), expected.toSorted());
  });
});

test('a workload can lose all nodes and roll out within its quota, and a container that asks for nothing fits', () => {
  forEachPlatform((platform) => {
    for (const { cluster, namespace, hard, unasked } of quotasOf(platform)) {
      const workload = platform.clusters
        .find(({ name }) => name === cluster)!
        .workloads.find(({ name }) => name === namespace);
      const asked = unasked.defaultRequest;
      if (hard['requests.cpu'] !== undefined) {
        assert.ok(parseCpuMillis(hard['requests.cpu'])! >= parseCpuMillis(asked.cpu)!);
        assert.ok(parseMemoryMiB(hard['limits.memory'])! >= parseMemoryMiB(unasked.default.memory)!);
      }
      if (!workload) continue;
      const pods = 2 * workload.replicas + 1;
      assert.equal(hard.pods, String(pods));
      assert.equal(parseCpuMillis(hard['requests.cpu']), pods * workload.requests.cpuMillis);
      assert.equal(parseMemoryMiB(hard['requests.memory']), pods * workload.requests.memoryMiB);
      assert.equal(hard['limits.memory'], hard['requests.memory']);
    }
  });
});
