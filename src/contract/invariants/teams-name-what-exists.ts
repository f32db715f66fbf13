import { quote } from '../../base/quote.ts';
import type { TeamEvidence } from '../access-evidence.ts';
import { type Evidence, groupBy, hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameHelp } from '../wording.ts';

type Team = With<TeamEvidence, 'name' | 'clusters' | 'workloads' | 'namespaces'>;

export default invariant({
  id: 'teams-name-what-exists',
  title: 'Teams have workloads and app clusters of the fleet',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A name that is misspelt gives no right to anything: the team finds out when it needs to mend what is down. A team ' +
    'on mgmt works beside Argo CD and Prometheus, which is what separate clusters are there to end.',
  source: 'Source design, section 1.',
  kinds: ['fleet'],
  needs: ['teams', 'clusters', 'workloads'],
  *check({ teams, clusters, workloads }) {
    for (const team of teams) {
      if (!hasAll(team, 'name', 'clusters', 'workloads', 'namespaces')) {
        yield unsaid(team, 'name', 'clusters', 'workloads', 'namespaces');
        continue;
      }
      const said = [...judgeClusters(team, clusters), ...judgeWorkloads(team, workloads, clusters)];
      if (said.length === 0 && (team.clusters.length === 0 || team.namespaces.length === 0)) {
        const lacks = team.clusters.length === 0 ? 'no cluster' : 'neither a workload nor a namespace';
        said.push(
          broken(team.path, `the team ${team.name} has ${lacks}, and reaches nothing`, {
            severity: 'warning',
            at: 'key',
            help: 'name its workloads, or namespaces and clusters',
          }),
        );
      }
      if (said.length === 0) yield held(team.path);
      else yield* said;
    }
  },
});

function* judgeClusters(team: Team, clusters: NonNullable<Evidence['clusters']>): Iterable<Observation> {
  const byName = groupBy(clusters, ({ name }) => name);
  const areAllNamed = clusters.every((cluster) => hasAll(cluster, 'name'));
  const apps = clusters.flatMap(({ name, role }) => (name !== undefined && role === 'app' ? [name] : []));
  const place = placeOf(team, 'clusters');
  for (const name of team.clusters) {
    const cluster = byName.get(name)?.[0];
    if (cluster?.role === 'app') continue;
    if (cluster?.role === 'mgmt') {
      yield broken(place, `the team ${team.name} is to work on ${name}, beside the platform services`, {
        severity: 'warning',
        help: apps.length === 0 ? 'add an app cluster for it' : `let it work on ${listText(apps)}`,
      });
    } else if (cluster !== undefined) yield unsaid(cluster, 'role');
    else if (areAllNamed) {
      yield broken(place, `the team ${team.name} is to work on ${quote(name)}, which is no cluster`, {
        help: nameHelp(name, apps),
      });
    } else yield undetermined(place, `whether a cluster is called ${quote(name)}`);
  }
}

function* judgeWorkloads(
  team: Team,
  workloads: NonNullable<Evidence['workloads']>,
  clusters: NonNullable<Evidence['clusters']>,
): Iterable<Observation> {
  const existing = new Set(clusters.map((cluster) => cluster.name));
  const byName = groupBy(workloads, ({ name }) => name);
  const names = workloads.flatMap(({ name }) => name ?? []);
  const place = placeOf(team, 'workloads');
  for (const name of team.workloads) {
    const workload = byName.get(name)?.[0];
    if (workload === undefined) {
      yield names.length === workloads.length
        ? broken(place, `the team ${team.name} has the workload ${quote(name)}, which there is not`, {
            help: nameHelp(name, names),
          })
        : undetermined(place, `whether a workload is called ${quote(name)}`);
      continue;
    }
    // A cluster that there is not is told of where the workload names it.
    const missing = (workload.clusters ?? []).filter(
      (cluster) => existing.has(cluster) && !team.clusters.includes(cluster),
    );
    if (missing.length === 0) continue;
    yield broken(place, `${name} runs on ${listText(missing)}, which its team ${team.name} does not reach`, {
      severity: 'warning',
      help: `add ${listText(missing)} to the clusters of the team, or take ${name} away from there`,
    });
  }
}
