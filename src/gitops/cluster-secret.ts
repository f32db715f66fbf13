import type { ClusterPlan, Platform } from '../model/platform.ts';
import { ARGO_CD_NAMESPACE } from './application-set.ts';
import { type ClusterAnnotation, clusterFacts } from './cluster-facts.ts';
import { KEPT } from './manifest.ts';

/** By these Argo CD knows its clusters: Secrets of its own namespace on mgmt. */
export type ClusterSecret = {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly stringData: { readonly name: string; readonly server: string; readonly config: string };
};

/** What nobody knows before Terraform has made the cluster. */
export type LateFacts = {
  readonly valueOf: (annotation: ClusterAnnotation) => string;
  /** Host name of the API server; not read for mgmt, which Argo CD reaches from within. */
  readonly host: string;
  /** PEM of its certificate authority, in base64. */
  readonly ca: string;
  /** As whom Argo CD signs in. */
  readonly clientId: string;
};

/**
 * The cluster Secret. Bootstrap writes it with values and its README with the shell variables that hold them, so that
 * one is what the other says. No password is in it. Its labels and annotations are the contract that the
 * ApplicationSets read.
 */
export function clusterSecret(platform: Platform, cluster: ClusterPlan, late: LateFacts): ClusterSecret {
  const labels: Record<string, string> = { 'argocd.argoproj.io/secret-type': 'cluster' };
  const annotations: Record<string, string> = { ...KEPT };
  for (const fact of clusterFacts(platform, cluster)) {
    if (fact.kind === 'label') labels[fact.key] = fact.value;
    else annotations[fact.key] = late.valueOf(fact);
  }
  const isMgmt = cluster.role === 'mgmt';
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `cluster-${cluster.name}`, namespace: ARGO_CD_NAMESPACE, labels, annotations },
    stringData: {
      name: cluster.name,
      server: isMgmt ? 'https://kubernetes.default.svc' : `https://${late.host}`,
      config: JSON.stringify(isMgmt ? { tlsClientConfig: { insecure: false } } : signIn(late)),
    },
  };
}

/** Argo CD's own helper asks Entra for a token (Argo CD documentation, declarative setup, AKS). */
function signIn({ clientId, ca }: LateFacts): object {
  return {
    execProviderConfig: {
      command: 'argocd-k8s-auth',
      args: ['azure'],
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      env: {
        AAD_ENVIRONMENT_NAME: 'AzurePublicCloud',
        AAD_LOGIN_METHOD: 'workloadidentity',
        AZURE_CLIENT_ID: clientId,
      },
    },
    tlsClientConfig: { insecure: false, caData: ca },
  };
}
