import type { ClusterPlan, Federation, Identity, Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref } from '../block.ts';
import { identityLabel, label } from '../addresses.ts';
import { identityId } from '../root.ts';
import { clusterAddress } from './cluster.ts';

/** Which ServiceAccounts of this cluster act as which identity. */
export function federationBlocks({ identities }: Platform, cluster: ClusterPlan): readonly Block[] {
  const blocks: Block[] = [];
  for (const identity of identities) {
    for (const federation of identity.federations) {
      if (federation.cluster === cluster.name) blocks.push(federationBlock(cluster, identity, federation));
    }
  }
  return blocks;
}

function federationBlock(cluster: ClusterPlan, identity: Identity, federation: Federation): Block {
  const { name, namespace, serviceAccount, audience } = federation;
  return block(
    'resource',
    ['azurerm_federated_identity_credential', label(identityLabel(identity), serviceAccount)],
    [
      attr('name', name),
      attr('user_assigned_identity_id', identityId(identity.name)),
      attr('issuer', ref(`${clusterAddress(cluster)}.oidc_issuer_url`)),
      attr('subject', `system:serviceaccount:${namespace}:${serviceAccount}`),
      attr('audience', [audience]),
    ],
    `${serviceAccount} in ${namespace} acts as ${identity.name}, by no secret (ADR-A03).`,
  );
}
