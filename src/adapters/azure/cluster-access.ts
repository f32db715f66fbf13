import { type KubeOptions, openKube } from '../kube/kube.ts';
import type { AzureArm } from './arm.ts';
import { clusterConnection } from './cluster-connection.ts';
import type { AzureLogin } from './credential.ts';

type OpenKube = ReturnType<typeof openKube>;

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

  const open = async (cluster: string, signal: AbortSignal): Promise<OpenKube> =>
    openKube(await clusterConnection(arm, login, { name: cluster, id: clusterId(cluster) }, signal), options);

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
