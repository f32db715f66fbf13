import type { Path } from '../base/finding.ts';
import { isReadingRole } from '../catalog/cluster-roles.ts';
import type { Platform } from '../model/platform.ts';
import type { AccessEvidence, AccessGrantEvidence, TeamEvidence } from './access-evidence.ts';

/** The teams of the file, with what they were given. */
export function teamsOf({ fleet }: Platform): TeamEvidence[] {
  return fleet.teams.map(({ name, group, clusters, workloads, namespaces }) => {
    const path: Path = ['teams', name];
    return {
      path,
      places: {
        group: [...path, 'group'],
        clusters: [...path, 'clusters'],
        workloads: [...path, 'workloads'],
        namespaces: [...path, 'namespaces'],
      },
      name,
      // One that is missing is told by the loader.
      ...(group === '' ? {} : { group }),
      clusters,
      workloads,
      namespaces: [...new Set([...workloads, ...namespaces])],
    };
  });
}

/** The groups that administer every cluster. */
export function administratorsOf({ fleet }: Platform): NonNullable<AccessEvidence['administrators']> {
  return fleet.admins.map((group) => ({ path: ['admins'], group: group.toLowerCase() }));
}

/** What the roles of the teams let them do inside the clusters; the one on a cluster as a resource allows nothing there. */
export function accessGrantsOf({ fleet, teams }: Platform): AccessGrantEvidence[] {
  return teams.flatMap(({ name, group, roles }) =>
    roles.flatMap(({ role, scope }): AccessGrantEvidence[] => {
      if (scope.kind === 'cluster') return [];
      const { cluster, namespace } = scope;
      const isNamed = fleet.teams.some((team) => team.name === name && team.namespaces.includes(namespace));
      const path = ['teams', name, isNamed ? 'namespaces' : 'workloads'];
      const grant = { principal: group, isTeam: true, right: role, isReading: isReadingRole(role) };
      return [{ path, ...grant, cluster, isWhole: false, namespace }];
    }),
  );
}
