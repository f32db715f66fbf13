import assert from 'node:assert/strict';
import test from 'node:test';
import { type Link, graphOf } from '../../../src/contract/terraform/graph.ts';
import type { Instance } from '../../../src/contract/terraform/shown-file.ts';
import { type Block, type Module, planOf } from './made-plan.ts';
import { read, type Shown } from './plan-under-test.ts';

const CLUSTER = 'azurerm_kubernetes_cluster';
const POOL = 'azurerm_kubernetes_cluster_node_pool';
const SUBNET = 'azurerm_subnet';
const GROUP = { resource_group_name: 'rg' };

/** Where the pools of these plans lead, by address. */
function links(...plans: Shown[]): Record<string, string> {
  const graph = graphOf(read(...plans));
  const entries = graph.managed(POOL).map((pool): [string, string] => {
    return [pool.address, text(graph.link(pool, ['kubernetes_cluster_id'], CLUSTER))];
  });
  return Object.fromEntries(entries);
}

function text(link: Link): string {
  if (link.kind === 'resource') return `${link.to.file} ${link.to.address}`;
  return link.kind === 'elsewhere' ? link.id : link.kind;
}

function cluster(name: string, more: Partial<Block> = {}): Block {
  return { type: CLUSTER, name, values: { name, ...GROUP }, ...more };
}

function pool(refers: readonly string[], more: Partial<Block> = {}): Block {
  return { type: POOL, name: 'p', refers: { kubernetes_cluster_id: refers }, ...more };
}

function lead(to: string, root: Module): void {
  assert.deepEqual([...new Set(Object.values(links(planOf(root))))], [to]);
}

test('a reference leads to the block that it names, by count and by key', () => {
  lead(`1.json ${CLUSTER}.a`, { blocks: [cluster('a'), cluster('b'), pool([`${CLUSTER}.a.id`])] });
  const several = (name: string) => cluster(name, { keys: ['x', 'y'] });
  lead(`1.json ${CLUSTER}.a["y"]`, { blocks: [several('a'), pool([`${CLUSTER}.a["y"].id`])] });
  lead(`1.json ${CLUSTER}.a[1]`, {
    blocks: [cluster('a', { keys: [0, 1] }), pool([`${CLUSTER}.a[1].id`])],
  });
});

test('each.key leads to the one with the same key, each.value to the one that is looped over', () => {
  const clusters = cluster('a', { keys: ['x', 'y'] });
  const expected = {
    [`${POOL}.p["x"]`]: `1.json ${CLUSTER}.a["x"]`,
    [`${POOL}.p["y"]`]: `1.json ${CLUSTER}.a["y"]`,
  };
  const keys = ['x', 'y'];
  const byKey = pool([`${CLUSTER}.a`, 'each.key'], { keys, forEach: ['local.pools'] });
  assert.deepEqual(links(planOf({ blocks: [clusters, byKey] })), expected);
  const byValue = pool(['each.value.id'], { keys, forEach: [`${CLUSTER}.a`] });
  assert.deepEqual(links(planOf({ blocks: [clusters, byValue] })), expected);
  // Keys of its own: nothing says which cluster they belong to.
  const other = pool([`${CLUSTER}.a`, 'each.value.cluster'], { keys: ['x-spot'], forEach: ['local.pools'] });
  lead('unknown', { blocks: [clusters, other] });
  // With one cluster there is no choice.
  lead(`1.json ${CLUSTER}.a["x"]`, { blocks: [cluster('a', { keys: ['x'] }), other] });
});

test('a local hides what it holds, and a choice between two is none', () => {
  lead('unknown', { blocks: [cluster('a'), pool(['local.cluster_id'])] });
  lead('unknown', { blocks: [cluster('a'), cluster('b'), pool([`${CLUSTER}.a.id`, `${CLUSTER}.b.id`])] });
  // A variable of the root has a value: it cannot be what is unknown.
  lead(`1.json ${CLUSTER}.a`, { blocks: [cluster('a'), pool([`${CLUSTER}.a.id`, 'var.name'])] });
});

test('arguments, outputs and nested modules are followed, each instance to its own', () => {
  const pools: Module = { blocks: [pool(['var.cluster.id'])] };
  const aks = {
    blocks: [cluster('this')],
    outputs: { id: [`${CLUSTER}.this.id`], name: [`${CLUSTER}.this.name`] },
  };
  const keys = ['x', 'y'];
  const expected = {
    'module.pools["x"].azurerm_kubernetes_cluster_node_pool.p': `1.json module.aks["x"].${CLUSTER}.this`,
    'module.pools["y"].azurerm_kubernetes_cluster_node_pool.p': `1.json module.aks["y"].${CLUSTER}.this`,
  };
  const called = (passed: readonly string[]): Module => ({
    calls: {
      aks: { ...aks, keys, forEach: ['local.clusters'] },
      pools: { ...pools, keys, passes: { cluster: passed }, forEach: ['local.clusters'] },
    },
  });
  assert.deepEqual(links(planOf(called(['module.aks', 'each.key']))), expected);
  lead(`1.json module.aks["y"].${CLUSTER}.this`, called(['module.aks["y"].id']));
  lead(`1.json module.outer.${CLUSTER}.this`, {
    calls: {
      outer: {
        blocks: [cluster('this')],
        calls: { inner: { ...pools, passes: { cluster: [`${CLUSTER}.this`] } } },
      },
    },
  });
});

test('a map of a module is picked from by key', () => {
  const network: Module = {
    blocks: [{ type: SUBNET, name: 's', keys: ['x', 'y'], values: (key) => ({ name: `s${key}` }) }],
    outputs: { ids: [`${SUBNET}.s`] },
  };
  const root: Module = {
    blocks: [
      {
        type: POOL,
        name: 'c',
        keys: ['x', 'y'],
        refers: { vnet_subnet_id: ['module.network.ids', 'each.key'] },
      },
    ],
    calls: { network },
  };
  const graph = graphOf(read(planOf(root)));
  const found = graph.managed(POOL).map((one) => text(graph.link(one, ['vnet_subnet_id'], SUBNET)));
  assert.deepEqual(found, [
    `1.json module.network.${SUBNET}.s["x"]`,
    `1.json module.network.${SUBNET}.s["y"]`,
  ]);
});

test('what only waits for another is followed through it', () => {
  const association = 'azurerm_subnet_network_security_group_association';
  const root: Module = {
    blocks: [
      { type: SUBNET, name: 's', values: { name: 's' } },
      { type: association, name: 'a', refers: { subnet_id: [`${SUBNET}.s.id`] } },
      { type: POOL, name: 'p', refers: { vnet_subnet_id: [`${association}.a.subnet_id`] } },
    ],
  };
  const graph = graphOf(read(planOf(root)));
  const [first] = graph.managed(POOL) as [Instance];
  assert.equal(text(graph.link(first, ['vnet_subnet_id'], SUBNET)), `1.json ${SUBNET}.s`);
});

test('ids lead from file to file, without regard to case, where the subscription can be the same', () => {
  const id = (subscription: string): string =>
    `/subscriptions/${subscription}/resourcegroups/RG/providers/microsoft.containerservice/MANAGEDCLUSTERS/A`;
  const clusters = planOf({ blocks: [cluster('a')] });
  const pools = (subscription: string): Shown =>
    planOf({ blocks: [{ type: POOL, name: 'p', values: { kubernetes_cluster_id: id(subscription) } }] });
  const address = `${POOL}.p`;
  assert.deepEqual(links(clusters, pools('s1')), { [address]: `1.json ${CLUSTER}.a` });
  const inS1 = planOf({
    blocks: [cluster('a', { values: { name: 'a', ...GROUP, id: id('s1') } })],
  });
  assert.deepEqual(links(inS1, pools('S1')), { [address]: `1.json ${CLUSTER}.a` });
  assert.deepEqual(links(inS1, pools('s2')), { [address]: id('s2') });
});

test('what is looked up stands for what another file makes, or for itself', () => {
  const made = planOf({ blocks: [cluster('a')] });
  const looking = planOf({
    blocks: [
      { type: CLUSTER, name: 'known', mode: 'data', values: { name: 'a', ...GROUP } },
      pool([`data.${CLUSTER}.known.id`]),
    ],
  });
  assert.deepEqual(Object.values(links(made, looking)), [`1.json ${CLUSTER}.a`]);
  assert.deepEqual(Object.values(links(looking)), [`1.json data.${CLUSTER}.known`]);
});

test('hostile configurations come to an end', () => {
  // Two outputs that refer to each other, and an expression of many references.
  const circle: Module = {
    blocks: [pool(['module.m.a'])],
    calls: { m: { blocks: [cluster('x')], outputs: { a: ['module.m.b'], b: ['module.m.a'] } } },
  };
  lead('unknown', circle);
  const deep: Module = {
    blocks: [pool(['module.m'])],
    calls: { m: { blocks: [cluster('x')], outputs: {} } },
  };
  lead('unknown', deep);
  const many = Array.from({ length: 5000 }, (_, index) => `${CLUSTER}.c${index}.id`);
  lead('unknown', { blocks: [cluster('c0'), pool(many)] });
  lead('unknown', { blocks: [cluster('a'), pool(['__proto__', 'constructor.prototype.id', 'each', '[]'])] });
});
