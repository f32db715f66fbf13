import type { Fleet } from '../fleet/fleet.ts';
import type { ClusterPlan, Federation, Identity, PlatformNames } from './platform.ts';

const AUDIENCE = 'api://AzureADTokenExchange';

/**
 * Who acts in Azure, as whom, and with which rights. Every identity lives in the foundation and has its rights before
 * a cluster exists; its federated credentials, which need the cluster's issuer, all live in that one cluster's root,
 * because Azure refuses concurrent writes on one identity.
 */
export function planIdentities(
  fleet: Fleet,
  names: PlatformNames,
  clusters: readonly ClusterPlan[],
): readonly Identity[] {
  const identities = clusters.flatMap((cluster) => clusterIdentities(fleet, names, cluster));
  const mgmt = clusters.find(({ role }) => role === 'mgmt');
  if (mgmt) identities.push(argoCdIdentity(names, mgmt, clusters));
  if (fleet.keeper.run !== 'none') identities.push(keeperIdentity(names, clusters));
  return identities;
}

function clusterIdentities(fleet: Fleet, names: PlatformNames, cluster: ClusterPlan): Identity[] {
  const kubelet = `id-${names.stem}-${cluster.name}-kubelet`;
  const controlPlane: Identity = {
    name: `id-${names.stem}-${cluster.name}`,
    purpose: 'control-plane',
    cluster: cluster.name,
    federations: [],
    roles: [
      {
        role: 'Network Contributor',
        scope: { kind: 'subnet', name: cluster.subnet },
        why: 'joins nodes and internal load balancers to the subnet; a system-assigned identity could not be granted this before the cluster exists',
      },
      {
        role: 'Managed Identity Operator',
        scope: { kind: 'identity', name: kubelet },
        why: 'assigns the kubelet identity to the nodes',
      },
      ...(fleet.network.egress === 'load-balancer'
        ? [
            {
              role: 'Network Contributor',
              scope: { kind: 'public-ip' as const, name: `pip-${names.stem}-${cluster.name}` },
              why: 'attaches the outbound address to the cluster load balancer',
            },
          ]
        : []),
    ],
  };
  const kubeletIdentity: Identity = {
    name: kubelet,
    purpose: 'kubelet',
    cluster: cluster.name,
    federations: [],
    roles: [{ role: 'AcrPull', scope: { kind: 'registry' }, why: 'nodes pull images' }],
  };
  const vaultReader: Identity = {
    name: `id-${names.stem}-${cluster.name}-secrets`,
    purpose: 'vault-reader',
    cluster: cluster.name,
    federations: vaultReaders(fleet, cluster).map(({ namespace, serviceAccount }) =>
      federation(cluster.name, namespace, serviceAccount),
    ),
    roles: [
      {
        role: 'Key Vault Secrets User',
        scope: { kind: 'vault' },
        why: 'reads secrets, never writes them (ADR-A03)',
      },
    ],
  };
  return vaultReader.federations.length > 0
    ? [controlPlane, kubeletIdentity, vaultReader]
    : [controlPlane, kubeletIdentity];
}

/**
 * Who asks for tokens to read the vault: External Secrets for all of the cluster, or with the CSI driver every
 * ServiceAccount whose pods mount a secret.
 */
function vaultReaders(
  fleet: Fleet,
  cluster: ClusterPlan,
): readonly { readonly namespace: string; readonly serviceAccount: string }[] {
  if (fleet.secrets.sync === 'external-secrets') {
    return [{ namespace: 'external-secrets', serviceAccount: 'eso-kv' }];
  }
  const mounting = cluster.workloads.filter(({ secrets }) => secrets.length > 0);
  const runsGrafana = cluster.components.some(({ pods }) => pods.some(({ name }) => name === 'grafana'));
  return [
    ...mounting.map(({ name }) => ({ namespace: name, serviceAccount: name })),
    ...(runsGrafana ? [{ namespace: 'monitoring', serviceAccount: 'kube-prometheus-stack-grafana' }] : []),
  ];
}

function argoCdIdentity(names: PlatformNames, mgmt: ClusterPlan, clusters: readonly ClusterPlan[]): Identity {
  return {
    name: `id-${names.stem}-argocd`,
    purpose: 'argo-cd',
    cluster: mgmt.name,
    // One credential for each ServiceAccount that talks to app clusters; the audience is the same.
    federations: [
      federation(mgmt.name, 'argocd', 'argocd-application-controller'),
      federation(mgmt.name, 'argocd', 'argocd-server'),
    ],
    roles: clusters
      .filter(({ role }) => role === 'app')
      .map(({ resourceGroup }) => ({
        role: 'Azure Kubernetes Service RBAC Cluster Admin',
        scope: { kind: 'cluster-group', name: resourceGroup },
        why: 'Argo CD installs the platform on the app cluster; local accounts are off, so there is no token to leak',
      })),
  };
}

function keeperIdentity(names: PlatformNames, clusters: readonly ClusterPlan[]): Identity {
  return {
    name: `id-${names.stem}-keeper`,
    purpose: 'keeper',
    federations: [],
    roles: clusters.map(({ resourceGroup }) => ({
      role: 'Azure Kubernetes Service Contributor Role',
      scope: { kind: 'cluster-group', name: resourceGroup },
      why: 'starts and stops the cluster; no built-in role is smaller, so it could change and delete it too',
    })),
  };
}

function federation(cluster: string, namespace: string, serviceAccount: string): Federation {
  return { name: `${cluster}-${serviceAccount}`, cluster, namespace, serviceAccount, audience: AUDIENCE };
}
