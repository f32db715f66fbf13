import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyFleet } from '../support/any-fleet.ts';
import { atlas, fleetOf, platformOf } from '../support/fleets.ts';

const GROUP = '22222222-2222-2222-2222-222222222222';
const workloads = {
  shop: { clusters: ['app1', 'app2'], image: 'shop:1' },
  cart: { clusters: ['app1'], image: 'cart:1' },
};

test('a team works where its workloads run, in their namespaces and its own', () => {
  const teams = { sales: { group: GROUP.toUpperCase(), workloads: ['shop', 'cart'], namespaces: ['lab'] } };
  const [sales, ...others] = platformOf(atlas({ workloads, teams })).teams;
  assert.deepEqual(others, []);
  assert.equal(sales!.group, GROUP);
  assert.deepEqual(sales!.clusters, [
    { cluster: 'app1', namespaces: ['cart', 'lab', 'shop'] },
    { cluster: 'app2', namespaces: ['lab', 'shop'] },
  ]);
  assert.deepEqual(
    sales!.roles.map(({ role, scope }) => [
      role.replace('Azure Kubernetes Service ', ''),
      ...Object.values(scope),
    ]),
    [
      ['Cluster User Role', 'cluster', 'app1'],
      ['RBAC Writer', 'namespace', 'app1', 'cart'],
      ['RBAC Writer', 'namespace', 'app1', 'lab'],
      ['RBAC Writer', 'namespace', 'app1', 'shop'],
      ['Cluster User Role', 'cluster', 'app2'],
      ['RBAC Writer', 'namespace', 'app2', 'lab'],
      ['RBAC Writer', 'namespace', 'app2', 'shop'],
    ],
  );
});

test('clusters that are written keep a team out of the others', () => {
  const teams = {
    sales: { group: GROUP, workloads: ['shop'], clusters: ['app2', 'nowhere'] },
    idle: { group: GROUP, workloads: ['cart'], clusters: ['app2'] },
  };
  const { teams: plans } = platformOf(atlas({ workloads, teams }));
  assert.deepEqual(
    plans.map(({ name, clusters }) => [name, clusters]),
    [
      ['idle', []],
      ['sales', [{ cluster: 'app2', namespaces: ['shop'] }]],
    ],
  );
  assert.deepEqual(plans[0]!.roles, []);
});

test('a team of namespaces alone has every app cluster, and never mgmt by itself', () => {
  const { teams } = fleetOf(atlas({ teams: { labs: { group: GROUP, namespaces: ['lab'] } } }));
  assert.deepEqual(teams[0]!.clusters, ['app1', 'app2']);
  assert.deepEqual(fleetOf(atlas()).teams, []);
});

test('property: a role counts in a namespace of the team, on a cluster of the fleet, and once', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const { teams, clusters } = platformOf(data, environment);
      for (const team of teams) {
        const keys = team.roles.map(({ role, scope }) => JSON.stringify([role, scope]));
        assert.equal(new Set(keys).size, keys.length);
        for (const { scope } of team.roles) {
          const own = team.clusters.find(({ cluster }) => cluster === scope.cluster);
          assert.ok(own && clusters.some(({ name }) => name === scope.cluster));
          if (scope.kind === 'namespace') assert.ok(own.namespaces.includes(scope.namespace));
        }
      }
    }),
    { numRuns: 60 },
  );
});
