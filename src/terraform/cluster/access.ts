import type { ClusterPlan } from '../../model/platform.ts';
import { type Block, ref } from '../block.ts';
import { adminsRoleBlock } from '../role-assignment.ts';
import { clusterAddress } from './cluster.ts';

/** What people need besides their rights within the cluster. */
export function accessBlocks(cluster: ClusterPlan): readonly Block[] {
  return [
    adminsRoleBlock(
      {
        label: 'admins',
        scope: ref(`${clusterAddress(cluster)}.id`),
        role: 'Azure Kubernetes Service Cluster User Role',
      },
      'Admins may read the kubeconfig, which holds no credential: Entra still asks who they are.',
    ),
  ];
}
