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

function projectOf(platform: Platform, workload: string): string {
  const sets = objectsOfKind(platform, 'ApplicationSet');
  return sets.find(({ metadata }) => metadata.name === `workload-${workload}`)!.spec.template.spec.project;
}

test('a workload is in the project of its team, if one team alone has it on all of its clusters', () => {
  const project = (teams: FleetData): string => projectOf(withTeams(teams), 'shop');
  assert.equal(project({}), 'workloads');
  assert.equal(project({ sales: { group: GROUP, workloads: ['shop'] } }), 'team-sales');
  assert.equal(project({ sales: { group: GROUP, workloads: ['shop'], clusters: ['app1'] } }), 'workloads');
  const other = { group: GROUP.replaceAll('2', '3'), workloads: ['shop'] };
  assert.equal(project({ sales: { group: GROUP, workloads: ['shop'] }, stock: other }), 'workloads');
});

test('Applications keep their names when a workload changes hands', () => {
  const names = (platform: Platform): string[] =>
    objectsOfKind(platform, 'ApplicationSet').map(({ spec }) => spec.template.metadata.name);
  assert.deepEqual(names(withTeams({ sales: { group: GROUP, workloads: ['shop'] } })), names(withTeams({})));
});

test('a team looks at and syncs the Applications of its project, on its namespaces, and does nothing else', () => {
  const platform = withTeams({ sales: { group: GROUP, workloads: ['shop'], namespaces: ['lab'] } });
  const projects = objectsOfKind(platform, 'AppProject');
  const { spec } = projects.find(({ metadata }) => metadata.name === 'team-sales')!;
  assert.deepEqual(spec.destinations, [
    { name: 'app1', namespace: 'lab' },
    { name: 'app1', namespace: 'shop' },
    { name: 'app2', namespace: 'lab' },
    { name: 'app2', namespace: 'shop' },
  ]);
  assert.deepEqual(spec.roles, [
    {
      name: 'member',
      description: 'The Entra group of sales.',
      groups: [GROUP],
      policies: [
        'p, proj:team-sales:member, applications, get, team-sales/*, allow',
        'p, proj:team-sales:member, applications, sync, team-sales/*, allow',
      ],
    },
  ]);
  const common = projects.find(({ metadata }) => metadata.name === 'workloads')!;
  assert.deepEqual(common.spec.destinations, [{ name: 'app1', namespace: 'stock' }]);
});

test('no project but the platform’s holds what could widen a right, and none but a team’s has roles', () => {
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
    assert.equal(projects.length, 2 + platform.teams.length);
    for (const { metadata, spec } of projects) {
      const isTeam = metadata.name.startsWith('team-');
      assert.equal(spec.roles !== undefined, isTeam);
      if (metadata.name === 'platform') continue;
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
