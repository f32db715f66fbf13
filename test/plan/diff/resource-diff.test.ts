import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffResources } from '../../../src/plan/diff/resource-diff.ts';
import type { DeclaredResource } from '../../../src/terraform/resources.ts';

function resource(
  address: string,
  own: Readonly<Record<string, string>>,
  root = 'foundation',
): DeclaredResource {
  return { root, address, type: address.split('.')[0]!, arguments: new Map(Object.entries(own)) };
}

const CLUSTER = 'azurerm_kubernetes_cluster.app1';
const POOL = 'azurerm_kubernetes_cluster_node_pool.spot';

describe('what an apply would do', () => {
  it('makes anew what has an argument that cannot be changed, and what hangs on it', () => {
    const at = (range: string): DeclaredResource[] => [
      resource(
        CLUSTER,
        { name: '"aks-app1"', 'network_profile.pod_cidr': range, tags: '{}' },
        'clusters/app1',
      ),
      resource(POOL, { kubernetes_cluster_id: `${CLUSTER}.id`, max_count: '5' }, 'clusters/app1'),
      resource(POOL, { kubernetes_cluster_id: `${CLUSTER}.id`, max_count: '5' }, 'clusters/app2'),
    ];
    const changes = diffResources(at('"10.1.0.0/16"'), at('"10.2.0.0/16"'));
    assert.deepEqual(
      changes.map(({ root, address, action }) => [root, address, action]),
      [
        ['clusters/app1', CLUSTER, 'replace'],
        ['clusters/app1', POOL, 'replace'],
      ],
    );
    assert.deepEqual(changes[1]!.changes, [
      {
        path: 'kubernetes_cluster_id',
        before: `${CLUSTER}.id`,
        after: '(known after apply)',
        isReplacing: true,
      },
    ]);
  });

  it('changes in place what can be changed', () => {
    const [change] = diffResources(
      [resource(POOL, { max_count: '5', node_labels: '{}' })],
      [resource(POOL, { max_count: '6' })],
    );
    assert.equal(change?.action, 'update');
    assert.deepEqual(change.changes, [
      { path: 'max_count', before: '5', after: '6', isReplacing: false },
      { path: 'node_labels', before: '{}', isReplacing: false },
    ]);
  });

  it('says nothing of what Terraform is told to ignore, nor of the order of an apply', () => {
    const at = (count: string, after: string): DeclaredResource[] => [
      resource(POOL, {
        node_count: count,
        'default_node_pool.node_count': count,
        'upgrade_settings.max_surge': count,
        'lifecycle.ignore_changes': '[node_count, default_node_pool[0].node_count, upgrade_settings]',
        depends_on: after,
      }),
    ];
    assert.deepEqual(diffResources(at('1', '[a]'), at('2', '[b]')), []);
  });

  it('makes and destroys whole', () => {
    const [made, destroyed] = [resource(POOL, { max_count: '5' }), resource(CLUSTER, { name: '"x"' })];
    assert.deepEqual(
      diffResources([destroyed], [made]).map(({ action, changes }) => [action, changes]),
      [
        ['delete', []],
        ['create', []],
      ],
    );
  });
});
