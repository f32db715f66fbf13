import { aksVersions, defaultAksVersion } from '../../../catalog/aks-versions.ts';
import { objectAt, textAt, valueAt, without, withProperties } from '../body.ts';
import { armId } from '../id.ts';
import type { ActionAnswer, ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody, ArmId, ArmResource } from '../resource.ts';
import { digitsOf, uuidOf } from '../uuid.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { identityOf } from './managed-identity.ts';
import { kubeletIdentity, refreshNodeGroup, removeNodeGroup } from './node-group.ts';

const clusters: ArmKind = {
  type: 'microsoft.containerservice/managedclusters',
  isLongRunning: true,
  etag: 'eTag',
  inlineChildren: [
    { property: 'agentPoolProfiles', type: 'agentPools', isExhaustive: false, childOf, itemOf },
  ],
  complete: completeCluster,
  written: refreshNodeGroup,
  removed: removeNodeGroup,
  actions: {
    start: () => power('Starting', 'Running'),
    stop: () => power('Stopping', 'Stopped'),
    listclusterusercredential: ({ resource, lab }) => credential('clusterUser', resource, lab),
    listclusteradmincredential: ({ resource, lab }) => credential('clusterAdmin', resource, lab),
    listclustermonitoringusercredential: ({ resource, lab }) =>
      credential('clusterMonitoringUser', resource, lab),
  },
};

const pools: ArmKind = {
  type: 'microsoft.containerservice/managedclusters/agentpools',
  isLongRunning: true,
  complete: ({ body, id }, lab) => {
    const version = textAt(body, 'properties', 'orchestratorVersion') ?? clusterVersion(id, lab);
    return withProperties(body, {
      type: textAt(body, 'properties', 'type') ?? 'VirtualMachineScaleSets',
      mode: textAt(body, 'properties', 'mode') ?? 'User',
      osType: textAt(body, 'properties', 'osType') ?? 'Linux',
      orchestratorVersion: version,
      currentOrchestratorVersion: patchOf(version),
      powerState: { code: 'Running' },
    });
  },
  written: (pool, lab) => {
    const cluster = lab.store.get(pool.id.parent ?? '');
    if (cluster) refreshNodeGroup(cluster, lab);
  },
  removed: (pool, lab) => {
    const cluster = lab.store.get(pool.id.parent ?? '');
    if (cluster) refreshNodeGroup(cluster, lab);
  },
};

export const containerService: readonly ArmKind[] = [
  clusters,
  pools,
  { type: 'microsoft.containerservice/managedclusters/maintenanceconfigurations', isStateless: true },
];

function completeCluster({ id, body }: ArmResource, lab: Lab, current: ArmBody | undefined): ArmBody {
  const location = textAt(body, 'location') ?? 'global';
  const asked = objectAt(body, 'properties');
  const version = textAt(asked, 'kubernetesVersion') ?? defaultAksVersion();
  const nodeResourceGroup =
    textAt(current ?? body, 'properties', 'nodeResourceGroup') ??
    `MC_${id.resourceGroup}_${id.name}_${location}`;
  const host = `${textAt(asked, 'dnsPrefix') ?? id.name}-${digitsOf(id.key, 8)}`.toLowerCase();
  const isPrivate = valueAt(asked, 'apiServerAccessProfile', 'enablePrivateCluster') === true;
  const issuer = `https://${location}.oic.prod-aks.azure.com/${lab.settings.tenantId}/${uuidOf(`issuer of ${id.key}`)}/`;
  const hasIssuer = valueAt(asked, 'oidcIssuerProfile', 'enabled') === true;
  return withProperties(
    { ...body, sku: body['sku'] ?? { name: 'Base', tier: 'Free' } },
    {
      kubernetesVersion: version,
      currentKubernetesVersion: patchOf(version),
      nodeResourceGroup,
      fqdn: `${host}.hcp.${location}.azmk8s.io`,
      ...(isPrivate ? { privateFQDN: `${host}.${uuidOf(id.key)}.privatelink.${location}.azmk8s.io` } : {}),
      azurePortalFQDN: `${host}.portal.hcp.${location}.azmk8s.io`,
      powerState: valueAt(current, 'properties', 'powerState') ?? { code: 'Running' },
      ...(hasIssuer ? { oidcIssuerProfile: { enabled: true, issuerURL: issuer } } : {}),
      identityProfile: {
        ...objectAt(asked, 'identityProfile'),
        kubeletidentity: kubeletIdentity(id, asked, nodeResourceGroup),
      },
      addonProfiles: withAddonIdentities(id, objectAt(asked, 'addonProfiles'), nodeResourceGroup),
      resourceUID: digitsOf(`uid of ${id.key}`, 24),
      maxAgentPools: 100,
    },
  );
}

/** An addon that reads secrets or sends logs acts as an identity in the cluster's node group. */
function withAddonIdentities(id: ArmId, addons: ArmBody, group: string): ArmBody {
  const entries = Object.entries(addons).map(([name, addon]) => {
    if (valueAt(addon, 'enabled') !== true) return [name, addon] as const;
    const scope = `/subscriptions/${id.subscription}/resourcegroups/${group}`;
    const resourceId = `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-${id.name}`;
    const { clientId, principalId } = identityOf({ key: resourceId.toLowerCase() });
    return [name, { ...objectAt(addon), identity: { resourceId, clientId, objectId: principalId } }] as const;
  });
  return Object.fromEntries(entries);
}

function power(meanwhile: string, code: string): ActionAnswer {
  return {
    meanwhile: { properties: { provisioningState: meanwhile } },
    change: { properties: { provisioningState: 'Succeeded', powerState: { code } } },
  };
}

function credential(name: string, { id, body }: ArmResource, lab: Lab): ActionAnswer {
  const text = lab.settings.kubeconfig(id.name) ?? kubeconfigOf({ id, body }, name);
  return { status: 200, body: { kubeconfigs: [{ name, value: Buffer.from(text).toString('base64') }] } };
}

/** A pool as it stands in its cluster: name and properties in one. */
function itemOf({ id, body }: ArmResource): ArmBody {
  return { name: id.name, ...objectAt(body, 'properties') };
}

function childOf(item: ArmBody): ArmBody {
  return { properties: without(item, 'name') };
}

function clusterVersion(pool: ArmId, lab: Lab): string {
  const cluster = lab.store.get(armId(pool.text).parent ?? '')?.body;
  return textAt(cluster, 'properties', 'kubernetesVersion') ?? defaultAksVersion();
}

/** AKS chooses the patch of a minor; which one is of no account here, as long as it is always the same. */
function patchOf(version: string): string {
  const isMinor = /^\d+\.\d+$/.test(version) || aksVersions().some(({ minor }) => minor === version);
  return isMinor ? `${version}.0` : version;
}
