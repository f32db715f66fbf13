import { StepError } from '../../base/step-error.ts';
import { kubeconfigConnection } from '../kube/kubeconfig.ts';
import { type KubeOptions, openKube } from '../kube/kube.ts';
import type { AzureArm } from './arm.ts';
import type { AzureLogin } from './credential.ts';

type OpenKube = ReturnType<typeof openKube>;

/** The application that every API server of AKS takes tokens for (learn.microsoft.com, aks/kubelogin-authentication). */
const AKS_SCOPE = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';
const API_VERSION = '2025-10-01';

/**
 * The API servers of clusters, reached as the person who is signed in. `clusterId` leads from a cluster's name in the
 * fleet to its id in Azure. Each is opened once; `close` ends all connections.
 */
export function openClusters(
  arm: Pick<AzureArm, 'post'>,
  login: AzureLogin,
  clusterId: (cluster: string) => string,
  options: KubeOptions = {},
) {
  const opened = new Map<string, Promise<OpenKube>>();

  const open = async (cluster: string, signal: AbortSignal): Promise<OpenKube> => {
    const path = `${clusterId(cluster)}/listClusterUserCredential`;
    const answer = (await arm.post(path, API_VERSION, undefined, signal)) as {
      readonly kubeconfigs?: readonly { readonly value?: string }[];
    };
    const kubeconfig = answer?.kubeconfigs?.[0]?.value;
    if (!kubeconfig) throw new StepError(`Azure gives no kubeconfig for the cluster ${cluster}`);
    return openKube(
      kubeconfigConnection(kubeconfig, (inner) => login.token(AKS_SCOPE, inner)),
      options,
    );
  };

  return {
    /** Rejects with a StepError while the cluster has no API server. */
    kube: (cluster: string, signal: AbortSignal): Promise<OpenKube> => {
      const found = opened.get(cluster);
      if (found) return found;
      const kube = open(cluster, signal);
      opened.set(cluster, kube);
      kube.catch(() => opened.delete(cluster));
      return kube;
    },
    close: async (): Promise<void> => {
      const all = await Promise.allSettled(opened.values());
      opened.clear();
      for (const each of all) if (each.status === 'fulfilled') each.value.close();
    },
  };
}
