import type { SecretSyncEvidence, TokenUserEvidence } from '../evidence.ts';
import type { ExternalSecretObjectEvidence, StoredSecretEvidence } from '../kubernetes-evidence.ts';
import { secretFormatOf } from '../secret-text.ts';
import { nameText } from '../wording.ts';
import {
  annotationOf,
  factAt,
  isOf,
  type KubernetesObject,
  labelOf,
  namePath,
  objectText,
} from './object.ts';
import type { PlacedObject } from './placed-object.ts';
import { mapOf, textOf, valueAt } from './value-at.ts';

const GROUP = 'external-secrets.io';
const CLIENT_ID = 'azure.workload.identity/client-id';
const ARGO_TYPE = 'argocd.argoproj.io/secret-type';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** Entries of Argo CD's own Secrets that are no credential; `config` is looked into. */
const ARGO_PLAIN_KEYS = new Set(
  (
    'name server namespaces clusterResources shard project type url enableLfs enableOCI insecure proxy ' +
    'noProxy forceHttpBasicAuth username githubAppID githubAppInstallationID githubAppEnterpriseBaseUrl ' +
    'tlsClientCertData depth useAzureWorkloadIdentity'
  ).split(' '),
);

/** A value that stands elsewhere, or is encrypted: of a template, of a plugin, of SOPS. */
const REFERENCE = /^(?:\$\(.*\)|\$\{.*\}|\{\{.*\}\}|<.*>|ENC\[.*\]|ref\+.*|\*+)?$/s;
const CREDENTIAL_IN_CONFIG = /"(?:bearerToken|password|keyData|clientSecret)"\s*:\s*"[^"]/;

const DELETION_POLICIES = ['Retain', 'Delete', 'Merge'] as const;
const CREATION_POLICIES = ['Owner', 'Orphan', 'Merge', 'None'] as const;

/** What copies secrets of a vault into the clusters, and what becomes of the copies. */
export function secretSyncsOf(objects: readonly PlacedObject[]): readonly SecretSyncEvidence[] {
  return objects.flatMap((object): SecretSyncEvidence[] => {
    if (isOf(object, 'secrets-store.csi.x-k8s.io', 'SecretProviderClass')) {
      return inClusters(object).map((where) => ({
        ...where,
        path: namePath(object),
        method: 'csi',
        name: objectText(object),
      }));
    }
    const spec = isOf(object, GROUP, 'ExternalSecret')
      ? ['spec']
      : isOf(object, GROUP, 'ClusterExternalSecret')
        ? ['spec', 'externalSecretSpec']
        : undefined;
    return spec === undefined ? [] : [syncOf(object, [...spec, 'target'])];
  });
}

function syncOf(object: PlacedObject, target: readonly string[]): SecretSyncEvidence {
  const deletion = factAt(object, [...target, 'deletionPolicy'], oneOf(DELETION_POLICIES), 'Retain');
  const creation = factAt(object, [...target, 'creationPolicy'], oneOf(CREATION_POLICIES), 'Owner');
  const isKept = /\bPrune=(?:false|confirm)\b/.test(annotationOf(object, SYNC_OPTIONS) ?? '');
  const isPruned = isKept ? false : object.isPruned;
  const [cluster, ...others] = object.clusters ?? [];
  return {
    path: namePath(object),
    places: {
      deletionPolicy: [...object.path, ...target, 'deletionPolicy'],
      creationPolicy: [...object.path, ...target, 'creationPolicy'],
    },
    method: 'external-secrets',
    name: objectText(object),
    ...(cluster !== undefined && others.length === 0 ? { cluster } : {}),
    ...(deletion === undefined ? {} : { deletionPolicy: deletion }),
    ...(creation === undefined ? {} : { creationPolicy: creation }),
    ...(isPruned === undefined ? {} : { isPruned }),
  };
}

/** Objects of External Secrets that its API server would refuse under another version. */
export function externalSecretObjectsOf(
  objects: readonly KubernetesObject[],
): readonly ExternalSecretObjectEvidence[] {
  return objects
    .filter((object) =>
      isOf(object, GROUP, 'ExternalSecret', 'ClusterExternalSecret', 'SecretStore', 'ClusterSecretStore'),
    )
    .map((object) => {
      const vault = ['spec', 'provider', 'azurekv'] as const;
      const isStore = object.kind.endsWith('SecretStore') && valueAt(object.value, ...vault) !== undefined;
      // External Secrets takes a service principal where nothing is said.
      const authType = factAt(object, [...vault, 'authType'], textOf, 'ServicePrincipal');
      return {
        path: namePath(object),
        places: {
          apiVersion: [...object.path, 'apiVersion'],
          authType: [...object.path, ...vault, 'authType'],
        },
        name: objectText(object),
        apiVersion: object.apiVersion,
        isAzureStore: isStore,
        ...(isStore && authType !== undefined ? { authType } : {}),
      };
    });
}

/**
 * ServiceAccounts that ask Entra for tokens: those with a client id, and those that a store names. `identities` are
 * the managed identities by their client ids, where those are known.
 */
export function tokenUsersOf(
  objects: readonly PlacedObject[],
  identities: ReadonlyMap<string, string> = new Map(),
): readonly TokenUserEvidence[] {
  const users = new Map<string, TokenUserEvidence>();
  for (const object of objects) {
    const account = accountOf(object);
    if (account === undefined) continue;
    for (const where of inClusters(object)) {
      const subject =
        account.name === undefined || account.namespace === undefined
          ? {}
          : { subject: subjectOf(account.namespace, account.name) };
      const key = JSON.stringify([where, subject]);
      const known = users.get(key) ?? { path: account.path, ...where, ...subject };
      const identity = identities.get(account.clientId?.toLowerCase() ?? '') ?? known.identity;
      users.set(key, identity === undefined ? known : { ...known, identity });
    }
  }
  return [...users.values()];
}

type Account = {
  readonly path: KubernetesObject['path'];
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly clientId?: string | undefined;
};

function accountOf(object: PlacedObject): Account | undefined {
  if (isOf(object, '', 'ServiceAccount')) {
    const clientId = annotationOf(object, CLIENT_ID);
    if (clientId === undefined) return undefined;
    const name = factAt(object, ['metadata', 'name'], textOf);
    const isMoved = object.patched.some((path) => path[1] === 'namespace');
    return { path: namePath(object), name, namespace: isMoved ? undefined : object.namespace, clientId };
  }
  if (!isOf(object, GROUP, 'SecretStore', 'ClusterSecretStore')) return undefined;
  const ref = ['spec', 'provider', 'azurekv', 'serviceAccountRef'] as const;
  if (valueAt(object.value, ...ref) === undefined) return undefined;
  return {
    path: [...object.path, ...ref],
    name: factAt(object, [...ref, 'name'], textOf),
    namespace: factAt(object, [...ref, 'namespace'], textOf) ?? object.namespace,
  };
}

/** The Secrets among the objects that hold anything which only the vault should. */
export function storedSecretsOf(objects: readonly KubernetesObject[]): readonly StoredSecretEvidence[] {
  return objects
    .filter((object) => isOf(object, '', 'Secret'))
    .map((object) => ({ path: namePath(object), name: objectText(object), keys: literalKeys(object) }));
}

function literalKeys(object: KubernetesObject): readonly string[] {
  const plain = Object.entries(mapOf(valueAt(object.value, 'stringData')) ?? {});
  const coded = Object.entries(mapOf(valueAt(object.value, 'data')) ?? {});
  const entries: readonly (readonly [string, string])[] = [
    ...plain.map(([key, value]) => [key, textOf(value) ?? ''] as const),
    ...coded.map(([key, value]) => [key, decoded(textOf(value) ?? '')] as const),
  ];
  const isArgo = labelOf(object, ARGO_TYPE) !== undefined;
  return [
    ...new Set(entries.flatMap(([key, value]) => (isLiteral(key, value, isArgo) ? [nameText(key)] : []))),
  ];
}

function isLiteral(key: string, value: string, isArgo: boolean): boolean {
  if (isReference(value)) return false;
  if (isArgo && key === 'config') return CREDENTIAL_IN_CONFIG.test(value);
  if (isArgo && ARGO_PLAIN_KEYS.has(key)) return secretFormatOf(value) !== undefined;
  // A certificate is shown to everybody who connects; its key is what is secret.
  const isCertificate = /^\s*-----BEGIN CERTIFICATE-----/.test(value) && !value.includes('PRIVATE KEY');
  return !isCertificate;
}

/** Base64 as text; a value that a template or plugin replaces stands as it is. */
function decoded(value: string): string {
  try {
    return isReference(value) ? value : atob(value);
  } catch {
    return value;
  }
}

function isReference(value: string): boolean {
  return REFERENCE.test(value.trim());
}

/** What Entra compares with a credential's subject. */
export function subjectOf(namespace: string, name: string): string {
  return `system:serviceaccount:${nameText(namespace)}:${nameText(name)}`;
}

function inClusters(object: PlacedObject): readonly { readonly cluster?: string }[] {
  return object.clusters === undefined ? [{}] : object.clusters.map((cluster) => ({ cluster }));
}

function oneOf<const Name extends string>(names: readonly Name[]): (value: unknown) => Name | undefined {
  return (value) => names.find((name) => name === value);
}
