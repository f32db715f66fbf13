import type { LogAlert } from './alert.ts';
import { kqlTuple } from './kql.ts';

/** `clusters` are the names of the Azure resources of meshed clusters. */
export function meshEndpointDown(clusters: readonly string[]): LogAlert {
  return {
    kind: 'log',
    id: 'mesh-endpoint-down',
    description:
      'The mesh endpoint of a cluster does not run: its peers keep what they know of it, and learn nothing new.',
    severity: 2,
    watches: 'clusters',
    query: [
      'KubePodInventory',
      `| where ClusterName in ${kqlTuple(clusters)}`,
      '| extend IsEndpoint = Namespace == "kube-system" and Name startswith "clustermesh-apiserver"',
      '| summarize NotRunning = countif(PodStatus != "Running" or ContainerStatus == "waiting")',
      '    by ClusterName, TimeGenerated, PodUid, IsEndpoint',
      '| summarize Serving = countif(IsEndpoint and NotRunning == 0) by ClusterName, TimeGenerated',
      '| summarize Serving = max(Serving) by ClusterName',
      '| where Serving == 0',
    ].join('\n'),
    tables: ['KubePodInventory'],
    splitBy: 'ClusterName',
    rowsAbove: 0,
    frequencyMinutes: 15,
    windowMinutes: 15,
    why:
      'A peer that is lost for another reason shows in the metrics of Cilium alone. Its own lines are not collected: ' +
      'Container Insights leaves kube-system out.',
    source:
      'github.com/microsoft/Docker-Provider, tomlparser.rb and in_kube_podinventory.rb; Cilium chart 1.20.0',
  };
}
