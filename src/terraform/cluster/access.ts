import type { ClusterPlan } from '../../model/platform.ts';
import { type Block, call, ref } from '../block.ts';
import { roleAssignmentBlock } from '../role-assignment.ts';
import { clusterAddress } from './cluster.ts';

/** What people need besides their rights within the cluster. */
export function accessBlocks(cluster: ClusterPlan): readonly Block[] {
  return [
    roleAssignmentBlock(
      {
        label: 'admins',
        forEach: call('toset', ref('var.admin_group_ids')),
        scope: ref(`${clusterAddress(cluster)}.id`),
        role: 'Azure Kubernetes Service Cluster User Role',
        principal: ref('each.value'),
        principalType: 'Group',
      },
      'Admins may read the kubeconfig, which holds no credential: Entra still asks who they are.',
    ),
  ];
}
