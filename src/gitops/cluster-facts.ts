import type { ClusterPlan, Platform } from '../model/platform.ts';

/**
 * The contract between bootstrap, which writes Argo CD's cluster Secrets, and the ApplicationSets, which read
 * them. Labels choose clusters. Annotations carry what nobody knows before `terraform apply`; all else is in
 * values files, where a review sees it.
 *
 * Annotations have no prefix: a template reads them as fields (`.metadata.annotations.bulkhead_vault_url`),
 * and only for fields does `missingkey=error` stop a template whose fact is missing. `index` would give an
 * empty text.
 */
export const LABELS = {
  fleet: 'bulkhead.dev/fleet',
  environment: 'bulkhead.dev/environment',
  role: 'bulkhead.dev/role',
  cluster: 'bulkhead.dev/cluster',
} as const;

const ANNOTATIONS = {
  tenantId: 'bulkhead_tenant_id',
  vaultName: 'bulkhead_vault_name',
  vaultUrl: 'bulkhead_vault_url',
  secretsClientId: 'bulkhead_secrets_client_id',
  argoCdClientId: 'bulkhead_argocd_client_id',
} as const;

type AnnotationId = keyof typeof ANNOTATIONS;

/** An annotation of a cluster Secret, and where its value comes from. */
export type ClusterAnnotation = {
  readonly kind: 'annotation';
  readonly key: string;
  readonly meaning: string;
  readonly source: FactSource;
  /** Prints the value, in a shell that is logged in to Azure. */
  readonly command: string;
};

type FactSource =
  | { readonly kind: 'tenant' | 'vault-name' | 'vault-url' }
  /** By the Azure name of the identity. */
  | { readonly kind: 'client-id'; readonly identity: string };

/** A label or annotation of a cluster Secret. */
export type ClusterFact =
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | ClusterAnnotation;

/** What Terraform's result tells. */
export type FleetFacts = {
  readonly tenant: string;
  /** `https://kv-….vault.azure.net/` */
  readonly vaultUri: string;
  /** By Azure name of the identity. */
  readonly clientIds: Readonly<Record<string, string>>;
};

/** The value of an annotation, as its command prints it; undefined where it needs an identity that is not known. */
export function annotationValue(
  { source }: ClusterAnnotation,
  { tenant, vaultUri, clientIds }: FleetFacts,
): string | undefined {
  switch (source.kind) {
    case 'tenant':
      return tenant;
    case 'vault-url':
      return vaultUri.replace(/\/$/, '');
    case 'vault-name':
      return new URL(vaultUri).hostname.split('.')[0];
    case 'client-id':
      return clientIds[source.identity];
    default:
      return source satisfies never;
  }
}

/** The template text that reads an annotation of the cluster at hand. */
export function annotationOf(id: AnnotationId): string {
  return `{{.metadata.annotations.${ANNOTATIONS[id]}}}`;
}

/** Everything that the Secret of a cluster must carry, in the order in which it is written. */
export function clusterFacts(platform: Platform, cluster: ClusterPlan): readonly ClusterFact[] {
  const { fleet } = platform;
  return [
    { kind: 'label', key: LABELS.fleet, value: fleet.name },
    { kind: 'label', key: LABELS.environment, value: fleet.environment },
    { kind: 'label', key: LABELS.role, value: cluster.role },
    { kind: 'label', key: LABELS.cluster, value: cluster.name },
    ...(readsVault(platform, cluster) ? vaultFacts(platform, cluster) : []),
    ...(cluster.role === 'mgmt' ? argoCdFacts(platform) : []),
  ];
}

/**
 * External Secrets has its store on every cluster; with CSI only what mounts a vault secret needs to know the
 * vault.
 */
function readsVault({ fleet }: Platform, cluster: ClusterPlan): boolean {
  if (fleet.secrets.sync === 'external-secrets') return true;
  const hasGrafana = cluster.role === 'mgmt' && fleet.observability.stack === 'self';
  return hasGrafana || cluster.workloads.some(({ secrets }) => secrets.length > 0);
}

function vaultFacts(platform: Platform, cluster: ClusterPlan): readonly ClusterFact[] {
  const { names, fleet } = platform;
  const isCsi = fleet.secrets.sync === 'csi';
  const ofVault = `az keyvault list --resource-group ${names.resourceGroup} --output tsv --query`;
  return [
    {
      kind: 'annotation',
      key: ANNOTATIONS.tenantId,
      meaning: 'Entra tenant of the subscription',
      source: { kind: 'tenant' },
      command: 'az account show --output tsv --query tenantId',
    },
    isCsi
      ? {
          kind: 'annotation',
          key: ANNOTATIONS.vaultName,
          meaning: 'name of the vault',
          source: { kind: 'vault-name' },
          command: `${ofVault} '[0].name'`,
        }
      : {
          kind: 'annotation',
          key: ANNOTATIONS.vaultUrl,
          meaning: 'address of the vault, without a slash at its end',
          source: { kind: 'vault-url' },
          command: `${ofVault} '[0].properties.vaultUri' | sed 's#/$##'`,
        },
    {
      kind: 'annotation',
      key: ANNOTATIONS.secretsClientId,
      meaning: 'client id of the identity that reads the vault',
      source: { kind: 'client-id', identity: secretsIdentity(platform, cluster) },
      command: clientIdCommand(platform, secretsIdentity(platform, cluster)),
    },
  ];
}

function argoCdFacts(platform: Platform): readonly ClusterFact[] {
  return [
    {
      kind: 'annotation',
      key: ANNOTATIONS.argoCdClientId,
      meaning: 'client id of the identity with which Argo CD signs in to the app clusters',
      source: { kind: 'client-id', identity: argoCdIdentity(platform) },
      command: clientIdCommand(platform, argoCdIdentity(platform)),
    },
  ];
}

/** Azure name of the identity that reads the vault for a cluster. */
function secretsIdentity({ identities, names }: Platform, cluster: ClusterPlan): string {
  const planned = identities.find(
    (identity) => identity.purpose === 'vault-reader' && identity.cluster === cluster.name,
  );
  return planned?.name ?? `id-${names.stem}-${cluster.name}-secrets`;
}

/** Azure name of the identity with which Argo CD signs in to the app clusters. */
export function argoCdIdentity({ identities, names }: Platform): string {
  // A fleet without a mgmt cluster has none; the contract says so, and the README still reads.
  return identities.find(({ purpose }) => purpose === 'argo-cd')?.name ?? `id-${names.stem}-argocd`;
}

export function clientIdCommand(platform: Platform, identity: string): string {
  const { resourceGroup } = platform.names;
  const command = `az identity show --resource-group ${resourceGroup} --name ${identity}`;
  return `${command} --output tsv --query clientId`;
}
