import { StepError } from '../../base/step-error.ts';
import {
  annotationValue,
  argoCdIdentity,
  type ClusterAnnotation,
  LABELS,
} from '../../gitops/cluster-facts.ts';
import { clusterSecret, type LateFacts } from '../../gitops/cluster-secret.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { MANAGED_CLUSTER_API, managedClusterPath } from '../managed-cluster.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject } from '../world.ts';
import { secret, secretRef } from './secrets.ts';

/**
 * Tells Argo CD of a cluster by its Secret, as the README of the cluster does. A label that was lost comes back, and a
 * fact that changed is written; a Secret of another fleet is a StepError.
 */
export async function register(
  run: Run,
  mgmt: Kube,
  cluster: ClusterPlan,
  { signal }: StepContext,
): Promise<StepResult> {
  const { platform } = run.deployment;
  const { metadata, stringData } = clusterSecret(platform, cluster, await lateFacts(run, cluster, signal));
  const { name, labels, annotations } = metadata;
  const there = await mgmt.get(secretRef(name), signal);
  if (there) refuseAnothers(there, labels);
  const wanted = secret(secretRef(name), stringData, { labels, annotations });
  const { isChanged } = await mgmt.apply(wanted, { isForced: true }, signal);
  return { isChanged };
}

/** What only Terraform's result and the cluster itself tell. */
async function lateFacts(run: Run, cluster: ClusterPlan, signal: AbortSignal): Promise<LateFacts> {
  const { deployment, found } = run;
  if (!found.foundation) throw new Error('a cluster is registered before the foundation is there');
  const facts = { tenant: deployment.tenant, ...found.foundation };
  const valueOf = (annotation: ClusterAnnotation): string => {
    const value = annotationValue(annotation, facts);
    if (value !== undefined) return value;
    throw new StepError(`the foundation does not tell the ${annotation.meaning}`, {
      advice: 'apply the foundation from the files of this fleet, then run the same command again',
    });
  };
  const identity = argoCdIdentity(deployment.platform);
  const clientId = facts.clientIds[identity];
  if (clientId === undefined) {
    throw new StepError(`the foundation does not tell the client id of ${identity}`, {
      advice: 'apply the foundation from the files of this fleet, then run the same command again',
    });
  }
  // Argo CD reaches its own cluster from within, as itself.
  if (cluster.role === 'mgmt') return { valueOf, clientId, host: '', ca: '' };
  return { valueOf, clientId, ...(await apiServer(run, cluster, signal)) };
}

async function apiServer(
  { deployment, world }: Run,
  cluster: ClusterPlan,
  signal: AbortSignal,
): Promise<Pick<LateFacts, 'host' | 'ca'>> {
  const inAzure = await world.azure.get(managedClusterPath(deployment, cluster), MANAGED_CLUSTER_API, signal);
  const { properties } = (inAzure ?? {}) as { readonly properties?: { readonly fqdn?: string } };
  const { ca } = await world.kube(cluster.name, signal);
  if (properties?.fqdn === undefined || ca === undefined) {
    const what = ca === undefined ? 'the certificate' : 'the name';
    throw new StepError(`Azure does not tell ${what} of ${cluster.name}'s API server`, {
      advice: 'wait until Azure says that the cluster has Succeeded, then run the same command again',
    });
  }
  return { host: properties.fqdn, ca: Buffer.from(ca, 'utf8').toString('base64') };
}

/** One Argo CD serves one fleet: by these labels each ApplicationSet chooses its clusters. */
function refuseAnothers({ metadata }: KubeObject, wanted: Readonly<Record<string, string>>): void {
  const labels = (metadata['labels'] ?? {}) as Readonly<Record<string, string>>;
  const other = [LABELS.fleet, LABELS.environment].find(
    (key) => (labels[key] ?? wanted[key]) !== wanted[key],
  );
  if (other === undefined) return;
  throw new StepError(
    `Secret ${metadata.name} in ${metadata.namespace} belongs to another fleet: ${other} is ${labels[other]}`,
    { advice: 'give each fleet a mgmt cluster of its own' },
  );
}
