import { StepError } from '../../base/step-error.ts';
import { kubeconfigConnection } from '../kube/kubeconfig.ts';
import type { KubeConnection } from '../kube/request.ts';
import type { AzureArm } from './arm.ts';
import type { AzureLogin } from './credential.ts';

/** The application that every API server of AKS takes tokens for (learn.microsoft.com, aks/kubelogin-authentication). */
const AKS_SCOPE = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';
const API_VERSION = '2025-10-01';

/** The way to the API server of a cluster, as whoever is signed in. Rejects with a StepError where it has none. */
export async function clusterConnection(
  arm: Pick<AzureArm, 'post'>,
  login: AzureLogin,
  { name, id }: { readonly name: string; readonly id: string },
  signal: AbortSignal,
): Promise<KubeConnection> {
  const answer = (await arm.post(`${id}/listClusterUserCredential`, API_VERSION, undefined, signal)) as {
    readonly kubeconfigs?: readonly { readonly value?: string }[];
  };
  const kubeconfig = answer?.kubeconfigs?.[0]?.value;
  if (!kubeconfig) throw new StepError(`Azure gives no kubeconfig for the cluster ${name}`);
  return kubeconfigConnection(kubeconfig, (inner) => login.token(AKS_SCOPE, inner));
}
