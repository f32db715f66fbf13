import { namespaceOwner } from '../../catalog/namespaces.ts';
import { INTERNET } from '../../fleet/destination.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'workload-names-are-free',
  title: 'No workload is called like a namespace of the platform',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A workload lives in the namespace of its name. Called monitoring, it would move in with Prometheus: its quota, ' +
    'its network policy and the rights of its team would hold for the platform, and Argo CD would have two owners of ' +
    'one namespace.',
  source: 'kubernetes.io, working-with-objects/namespaces; learn.microsoft.com, aks, add-ons, 2026-08.',
  // Elsewhere a workload says its namespace itself.
  kinds: ['fleet'],
  needs: ['workloads'],
  *check({ workloads }) {
    for (const workload of workloads) {
      if (!hasAll(workload, 'name')) {
        yield unsaid(workload, 'name');
        continue;
      }
      const owner = workload.name === INTERNET ? 'whoever calls from outside' : namespaceOwner(workload.name);
      if (owner === undefined) yield held(placeOf(workload, 'name'));
      else {
        yield broken(workload.path, `the workload ${workload.name} would live in the namespace of ${owner}`, {
          at: 'key',
          help: `give it another name, e.g. ${workload.name.replace(/^kube-/, '')}-app`,
        });
      }
    }
  },
});
