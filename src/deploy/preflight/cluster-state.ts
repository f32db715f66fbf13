import { type ExistingCluster, isStopped } from './existing-clusters.ts';
import type { Check, Refusal } from './refusal.ts';

/**
 * Clusters that Azure lets nobody change now: a stopped one takes a start and a delete alone (learn.microsoft.com,
 * aks/start-stop-cluster). One that an operation is at work on is a warning, since it may be a run of ours that was cut
 * off, and the next one takes it up.
 */
export const clusterState: Check = {
  id: 'cluster-state',
  subject: 'the state of the clusters that are there',
  look: async ({ clusters }) => (await clusters()).flatMap(judge),
};

function judge(cluster: ExistingCluster): readonly Refusal[] {
  const { plan, provisioning = 'Succeeded' } = cluster;
  const { name, resourceGroup, resourceName } = plan;
  const where = `--resource-group ${resourceGroup} --name ${resourceName}`;
  const wait = `wait until it is done: az aks wait ${where} --custom "provisioningState=='Succeeded'"`;
  const is = (severity: Refusal['severity'], state: string, advice: string): readonly Refusal[] => [
    { id: 'cluster-state', severity, message: `the cluster ${name} (${resourceName}) ${state}`, advice },
  ];
  if (provisioning === 'Deleting') {
    return is('error', 'is being deleted', `wait until it is gone: az aks wait ${where} --deleted`);
  }
  if (provisioning === 'Stopping') {
    return is(
      'error',
      'is stopping, and takes no change until it runs again',
      `then run: az aks start ${where}`,
    );
  }
  if (provisioning === 'Starting') return is('warning', 'is starting', wait);
  if (isStopped(cluster)) {
    return is('error', 'is stopped, and takes no change', `wake it first: az aks start ${where}`);
  }
  if (provisioning === 'Failed' || provisioning === 'Canceled') {
    const advice = `if it fails again, look at: az aks show ${where}, then run: az aks update ${where}`;
    return is('warning', `ended its last change as ${provisioning}`, advice);
  }
  if (provisioning === 'Succeeded') return [];
  return is('warning', `is ${provisioning}: somebody is at work on it, or a run was cut off`, wait);
}
