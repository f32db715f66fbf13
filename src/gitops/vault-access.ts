import type { Fleet } from '../fleet/fleet.ts';
import { annotationOf } from './cluster-facts.ts';
import { KEPT, type Manifest } from './manifest.ts';
import type { YamlMap } from './yaml.ts';

/**
 * The namespace and ServiceAccount with which External Secrets reads the vault; the federated credential
 * names both.
 */
export const STORE_NAMESPACE = 'external-secrets';
export const STORE_ACCOUNT = 'eso-kv';
const STORE = 'azure-kv';
/** On a namespace: its ExternalSecrets may use the store. */
export const VAULT_LABEL = { 'bulkhead.dev/vault': 'allowed' } as const;

const CLIENT_ID = 'azure.workload.identity/client-id';
/** Stands in a file until the cluster's own fact replaces it; `.invalid` resolves nowhere (RFC 2606). */
const FROM_CLUSTER = 'set-from-the-cluster-secret';
const VAULT_FROM_CLUSTER = `https://${FROM_CLUSTER}.invalid`;

/** A Kubernetes Secret made of vault secrets. */
export type VaultSecret = {
  /** Of the Secret, and of the object that makes it. */
  readonly name: string;
  readonly namespace: string;
  readonly keys: readonly { readonly key: string; readonly vaultSecret: string }[];
};

/**
 * Objects, and how the facts of a cluster get into them: Kustomize patches, as an Application's source takes
 * them.
 */
export type PatchedObjects = { readonly objects: readonly Manifest[]; readonly patches: readonly YamlMap[] };

/**
 * The store of a cluster. Plain objects that a patch completes, rather than a chart of our own: what is in
 * the tree is what the API server gets, but for the three facts that Terraform finds out.
 */
export function secretStore(): PatchedObjects {
  return {
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name: STORE_ACCOUNT,
          namespace: STORE_NAMESPACE,
          annotations: { [CLIENT_ID]: FROM_CLUSTER },
        },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ClusterSecretStore',
        metadata: { name: STORE, annotations: KEPT },
        spec: {
          conditions: [{ namespaceSelector: { matchLabels: VAULT_LABEL } }],
          provider: {
            azurekv: {
              authType: 'WorkloadIdentity',
              tenantId: FROM_CLUSTER,
              vaultUrl: VAULT_FROM_CLUSTER,
              serviceAccountRef: { name: STORE_ACCOUNT, namespace: STORE_NAMESPACE },
            },
          },
        },
      },
    ],
    patches: [
      patch({ kind: 'ServiceAccount', name: STORE_ACCOUNT }, [
        [`/metadata/annotations/${CLIENT_ID.replace('/', '~1')}`, annotationOf('secretsClientId')],
      ]),
      patch({ kind: 'ClusterSecretStore', name: STORE }, [
        ['/spec/provider/azurekv/tenantId', annotationOf('tenantId')],
        ['/spec/provider/azurekv/vaultUrl', annotationOf('vaultUrl')],
      ]),
    ],
  };
}

/**
 * How a namespace gets a Secret from the vault: by a copy that stays (ADR-A03), or by a volume while a pod
 * runs.
 */
export function vaultAccess(fleet: Fleet, secret: VaultSecret): PatchedObjects {
  return fleet.secrets.sync === 'csi'
    ? secretProviderClasses([secret])
    : { objects: [externalSecret(secret)], patches: [] };
}

/** What the CSI driver takes from the vault, and the facts of a cluster for all of it. */
export function secretProviderClasses(secrets: readonly VaultSecret[]): PatchedObjects {
  return {
    objects: secrets.map(secretProviderClass),
    patches: [
      patch({ kind: 'SecretProviderClass' }, [
        ['/spec/parameters/clientID', annotationOf('secretsClientId')],
        ['/spec/parameters/keyvaultName', annotationOf('vaultName')],
        ['/spec/parameters/tenantId', annotationOf('tenantId')],
      ]),
    ],
  };
}

/**
 * C5: the Secret outlives an outage of the vault and the deletion of the vault secret (Retain), of this
 * object (Orphan: the Secret has no owner to be collected with) and of this file (Prune=false).
 */
export function externalSecret({ name, namespace, keys }: VaultSecret): Manifest {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace, annotations: KEPT },
    spec: {
      refreshInterval: '1h0m0s',
      secretStoreRef: { kind: 'ClusterSecretStore', name: STORE },
      target: { name, creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
      data: keys.map(({ key, vaultSecret }) => ({ secretKey: key, remoteRef: { key: vaultSecret } })),
    },
  };
}

/**
 * The Secret that it makes is there only while a pod mounts the volume: an outage keeps new pods from
 * starting.
 */
function secretProviderClass({ name, namespace, keys }: VaultSecret): Manifest {
  const object = (vaultSecret: string): string => `{objectName: ${vaultSecret}, objectType: secret}`;
  return {
    apiVersion: 'secrets-store.csi.x-k8s.io/v1',
    kind: 'SecretProviderClass',
    metadata: { name, namespace },
    spec: {
      provider: 'azure',
      parameters: {
        usePodIdentity: 'false',
        clientID: FROM_CLUSTER,
        keyvaultName: FROM_CLUSTER,
        tenantId: FROM_CLUSTER,
        objects: `array:\n${keys.map(({ vaultSecret }) => `  - '${object(vaultSecret)}'\n`).join('')}`,
      },
      secretObjects: [
        {
          secretName: name,
          type: 'Opaque',
          data: keys.map(({ key, vaultSecret }) => ({ objectName: vaultSecret, key })),
        },
      ],
    },
  };
}

function patch(target: YamlMap, values: readonly (readonly [path: string, value: string])[]): YamlMap {
  const operations = values.map(([path, value]) => `- op: replace\n  path: ${path}\n  value: "${value}"\n`);
  return { target, patch: operations.join('') };
}
