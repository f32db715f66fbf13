import type { Platform } from '../model/platform.ts';
import { applicationName, ARGO_CD_NAMESPACE } from './application-set.ts';
import { LABELS } from './cluster-facts.ts';
import { teamProject } from './teams.ts';

const KUBECTL = `kubectl --namespace ${ARGO_CD_NAMESPACE}`;

/** The first page of the tree: what is where, and what stays when something leaves the fleet file. */
export function treeReadme({ fleet, clusters }: Platform): string {
  const where = clusters.find(({ role }) => role === 'app')?.name ?? 'app1';
  const own = applicationName('workloads', where, 'storefront');
  const text = [
    `# GitOps tree (${fleet.name}, ${fleet.environment})`,
    'Written by Bulkhead from the fleet file: what Argo CD on mgmt keeps in the clusters. Change that file; what is ' +
      'changed here is overwritten.',
    '`argocd/` has the projects and the ApplicationSets, and `root.yaml`, which keeps them. `clusters/<name>/` has what ' +
      'a cluster has beside charts: its namespaces, policies and quotas, and under `workloads/` its workloads. The ' +
      'other folders are the same on each cluster that reads them.',
    '## What leaves with a commit, and what stays',
    [
      '- **A workload that leaves the file, or a cluster of its own**: its pods, its Service, its account and its budget ' +
        'go, and the rules that let it be called and call. The namespace stays, closed and with its quota, and in it ' +
        'the Secret from the vault and the ExternalSecret that keeps it (C5). In Argo CD its Applications stay, ' +
        'empty, with their projects and, when the workload is gone for good, their ApplicationSet.',
      '- **A workload that changes hands** stays as it is. The people of the team before lose their role with the ' +
        'same commit in Argo CD, and in Azure with the next `terraform apply`.',
      '- **A team**: its workloads stay, unless they leave the file, too. Its further namespaces stay, closed and with ' +
        'their quotas, and what its people have started there runs on. Its project stays.',
      '- **A cluster**: nothing is deleted in it, as this is what a cluster looks like that was forgotten by mistake. ' +
        'Its Applications stay in Argo CD and say that their folder is gone (ComparisonError). What is to stop on it ' +
        'leaves the file a commit earlier.',
      '- **A component or a store**: nothing is deleted; see `prune: false` in its ApplicationSet.',
    ].join('\n'),
    '## Taking away what stays',
    `For the workload storefront on ${where}, once nobody needs its Secret. The first two on mgmt, the last on ${where}:`,
    shell([
      `${KUBECTL} delete applicationset workload-storefront --cascade=orphan  # gone from all clusters alone`,
      `${KUBECTL} delete application,appproject ${own}`,
      'kubectl delete namespace storefront  # with its Secret',
    ]),
    `For a team called sales, and for ${where} after it was destroyed, on mgmt:`,
    shell([
      `${KUBECTL} delete appproject ${teamProject({ name: 'sales' })}`,
      `${KUBECTL} delete applications --selector ${LABELS.cluster}=${where}`,
      `${KUBECTL} delete secrets,appprojects --selector ${LABELS.cluster}=${where}`,
    ]),
  ];
  return `${text.join('\n\n')}\n`;
}

function shell(lines: readonly string[]): string {
  return `\`\`\`sh\n${lines.join('\n')}\n\`\`\``;
}
