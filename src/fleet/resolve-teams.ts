import { compareText, sortedEntries } from '../base/order.ts';
import type { Cluster, Team, Workload } from './fleet.ts';
import { type Fill, present, type SoundFile } from './sound-file.ts';

/**
 * The teams by name. A team that names no clusters has those that its workloads run on; one without workloads,
 * which has namespaces alone, every app cluster.
 */
export function resolveTeams(
  file: SoundFile,
  workloads: readonly Workload[],
  clusters: readonly Cluster[],
  fill: Fill,
): readonly Team[] {
  return sortedEntries(file.teams ?? {}).map(([name, team = {}]) => {
    const own = names(team.workloads);
    const written = team.clusters && names(team.clusters);
    const ofWorkloads = workloads
      .filter((workload) => own.includes(workload.name))
      .flatMap((workload) => workload.clusters)
      .filter((cluster) => clusters.some((one) => one.name === cluster));
    const apps = clusters.filter(({ role }) => role === 'app').map((cluster) => cluster.name);
    return {
      name,
      // The loader has told of a group that is missing.
      group: (team.group ?? '').toLowerCase(),
      workloads: own,
      namespaces: names(team.namespaces),
      clusters: fill<readonly string[]>(
        ['teams', name, 'clusters'],
        written,
        own.length > 0 ? names(ofWorkloads) : apps,
        own.length > 0
          ? 'the clusters that its workloads run on'
          : 'every app cluster, as it names no workload',
        [{ name: 'workloads', value: own.length > 0 ? own.join(', ') : 'none' }],
      ),
    };
  });
}

function names(list: readonly (string | undefined)[] | undefined): readonly string[] {
  return [...new Set(present(list))].toSorted(compareText);
}
