import { quote } from '../../base/quote.ts';
import { groupBy, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { listText, nameHelp } from '../wording.ts';

export default invariant({
  id: 'workloads-name-clusters',
  title: 'Workloads run on app clusters of the fleet',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A workload on a cluster that does not exist is deployed nowhere. One on mgmt competes with Argo CD ' +
    'and Prometheus for the same nodes, which is what separate clusters are there to end.',
  source: 'Source design, section 1.',
  needs: ['clusters', 'workloads'],
  *check({ clusters, workloads }) {
    const byName = groupBy(clusters, ({ name }) => name);
    const hasAllNames = clusters.every((cluster) => hasAll(cluster, 'name'));
    const apps = clusters.flatMap(({ name, role }) => (name !== undefined && role === 'app' ? [name] : []));
    for (const workload of workloads) {
      const place = placeOf(workload, 'clusters');
      if (!hasAll(workload, 'name', 'clusters')) {
        yield unsaid(workload, 'name', 'clusters');
        continue;
      }
      for (const name of workload.clusters) {
        const cluster = byName.get(name)?.[0];
        if (cluster?.role === 'app') yield held(place);
        else if (cluster?.role === 'mgmt') {
          yield broken(place, `${workload.name} is to run on ${name}, beside the platform services`, {
            severity: 'warning',
            help: apps.length === 0 ? 'add an app cluster for it' : `run it on ${listText(apps)}`,
          });
        } else if (cluster !== undefined) yield unsaid(cluster, 'role');
        else if (hasAllNames) {
          yield broken(place, `${workload.name} is to run on ${quote(name)}, which is no cluster`, {
            help: nameHelp(name, apps),
          });
        } else yield undetermined(place, `whether a cluster is called ${quote(name)}`);
      }
    }
  },
});
