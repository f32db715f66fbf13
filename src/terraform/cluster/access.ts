import type { ClusterPlan } from '../../model/platform.ts';
import { type Block, attr, block, call, ref } from '../block.ts';
import { clusterAddress } from './cluster.ts';

/** What people need besides their rights within the cluster. */
export function accessBlocks(cluster: ClusterPlan): readonly Block[] {
  return [
    block(
      'resource',
      ['azurerm_role_assignment', 'admins'],
      [
        attr('for_each', call('toset', ref('var.admin_group_ids'))),
        attr('scope', ref(`${clusterAddress(cluster)}.id`)),
        attr('role_definition_name', 'Azure Kubernetes Service Cluster User Role'),
        attr('principal_id', ref('each.value')),
        attr('principal_type', 'Group'),
      ],
      'Admins may read the kubeconfig, which holds no credential: Entra still asks who they are.',
    ),
  ];
}
