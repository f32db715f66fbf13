import { objectAt, textAt, valueAt } from '../body.ts';
import { armId, armTypeText } from '../id.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody, ArmId, ArmResource } from '../resource.ts';
import { digitsOf } from '../uuid.ts';
import { identityOf } from './managed-identity.ts';

const POOL = 'microsoft.containerservice/managedclusters/agentpools';

/** As whom nodes pull images: who the cluster was told, or an identity that AKS makes in the node group. */
export function kubeletIdentity(cluster: ArmId, asked: ArmBody, group: string): ArmBody {
  const told = objectAt(asked, 'identityProfile', 'kubeletidentity');
  if (textAt(told, 'resourceId') !== undefined) return told;
  const id = ownKubeletIdentity(cluster, group);
  const { clientId, principalId } = identityOf(id);
  return { resourceId: id.text, clientId, objectId: principalId };
}

/** Makes the group in which AKS keeps what it made for a cluster, and brings it up to date: a scale set for each pool. */
export function refreshNodeGroup(cluster: ArmResource, lab: Lab): void {
  const group = nodeGroup(cluster);
  const location = cluster.body['location'];
  put(lab, group, {
    location,
    managedBy: cluster.id.text,
    properties: { provisioningState: 'Succeeded' },
  });
  const own = ownKubeletIdentity(cluster.id, group.name);
  const kubelet = textAt(cluster.body, 'properties', 'identityProfile', 'kubeletidentity', 'resourceId');
  if (kubelet?.toLowerCase() === own.key) {
    put(lab, own, { location, properties: { ...identityOf(own), tenantId: lab.settings.tenantId } });
  }
  const isStopped = textAt(cluster.body, 'properties', 'powerState', 'code') === 'Stopped';
  const scaleSets = lab.store
    .below(cluster.id.text)
    .filter(({ id }) => id.type === POOL)
    .map((pool) => scaleSet(pool, group, location, isStopped));
  const kept = new Set(scaleSets.map(({ id }) => id.key));
  for (const { id } of lab.store.below(group.text)) {
    if (id.type === 'microsoft.compute/virtualmachinescalesets' && !kept.has(id.key))
      lab.store.remove(id.key);
  }
  for (const { id, body } of scaleSets) put(lab, id, body);
}

/** Takes the node group away with its cluster. */
export function removeNodeGroup(cluster: ArmResource, lab: Lab): void {
  lab.store.remove(nodeGroup(cluster).text);
}

function scaleSet(pool: ArmResource, group: ArmId, location: unknown, isStopped: boolean): ArmResource {
  const name = `aks-${pool.id.name}-${digitsOf(pool.id.parent ?? '', 8)}-vmss`;
  const properties = objectAt(pool.body, 'properties');
  const zones = properties['availabilityZones'];
  return {
    id: armId(`${group.text}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`),
    body: {
      location,
      sku: {
        name: properties['vmSize'],
        tier: 'Standard',
        capacity: isStopped ? 0 : (properties['count'] ?? 0),
      },
      ...(zones === undefined ? {} : { zones }),
      tags: {
        'aks-managed-poolName': pool.id.name,
        'aks-managed-orchestrator': `Kubernetes:${properties['currentOrchestratorVersion']}`,
      },
      properties: {
        provisioningState: 'Succeeded',
        virtualMachineProfile: { priority: valueAt(properties, 'scaleSetPriority') ?? 'Regular' },
      },
    },
  };
}

function nodeGroup({ id, body }: ArmResource): ArmId {
  return groupId(id, textAt(body, 'properties', 'nodeResourceGroup')!);
}

function groupId({ subscription }: ArmId, name: string): ArmId {
  return armId(`/subscriptions/${subscription}/resourceGroups/${name}`);
}

function ownKubeletIdentity(cluster: ArmId, group: string): ArmId {
  const provider = `${groupId(cluster, group).text}/providers/Microsoft.ManagedIdentity`;
  return armId(`${provider}/userAssignedIdentities/${cluster.name}-agentpool`);
}

function put(lab: Lab, id: ArmId, body: ArmBody): void {
  lab.store.put({ id, body: { id: id.text, name: id.name, type: armTypeText(id), ...body } });
}
