import type { Workload } from '../fleet/fleet.ts';
import type { Platform } from '../model/platform.ts';
import type { TeamPlan } from '../model/teams.ts';
import { WORKLOADS_PROJECT } from './application-set.ts';
import type { YamlMap } from './yaml.ts';

/** The project of a team. With a prefix: a team may be called like one of the platform's projects. */
export function teamProject({ name }: TeamPlan): string {
  return `team-${name}`;
}

/**
 * The project of a workload: its team's, when one team and no other has it on all of its clusters. Else the common one,
 * as an Application has one project, and to let a team deploy where it was not given a cluster would be too much; it
 * then has its rights by Azure alone.
 */
export function projectOf(platform: Platform, workload: Workload): string {
  const teams = platform.teams.filter((team) => clustersWith(team, workload).length > 0);
  const [team] = teams;
  const isWhole = team && workload.clusters.every((name) => clustersWith(team, workload).includes(name));
  return teams.length === 1 && isWhole ? teamProject(team) : WORKLOADS_PROJECT;
}

function clustersWith(team: TeamPlan, { name }: Workload): readonly string[] {
  return team.clusters.filter(({ namespaces }) => namespaces.includes(name)).map(({ cluster }) => cluster);
}

/**
 * What the people of a team may do in Argo CD with the Applications of their project: look at them, and sync them again.
 * Nothing else is theirs: what is installed comes from Git, and a change of an Application would be undone by its set.
 */
export function teamRole(team: TeamPlan): YamlMap {
  const project = teamProject(team);
  return {
    name: 'member',
    description: `The Entra group of ${team.name}.`,
    groups: [team.group],
    policies: ['get', 'sync'].map(
      (action) => `p, proj:${project}:member, applications, ${action}, ${project}/*, allow`,
    ),
  };
}
