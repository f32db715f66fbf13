import type { ClusterPlan, Platform } from '../model/platform.ts';
import type { TeamPlan } from '../model/teams.ts';
import type { YamlMap } from './yaml.ts';

/** The project of a team. With a prefix: a team may be called like one of the platform's projects. */
export function teamProject({ name }: Pick<TeamPlan, 'name'>): string {
  return `team-${name}`;
}

/** The teams that were given a namespace of a cluster. More than one is told of by `teams-are-apart`. */
export function teamsOf({ teams }: Platform, cluster: ClusterPlan, namespace: string): readonly TeamPlan[] {
  return teams.filter((team) =>
    team.clusters.some((own) => own.cluster === cluster.name && own.namespaces.includes(namespace)),
  );
}

/**
 * What the people of a team may do in Argo CD with the Applications of a project: look at them, and sync them again.
 * Nothing else is theirs: what is installed comes from Git, and a change of an Application would be undone by its set.
 */
export function teamRole({ name, group }: TeamPlan, project: string): YamlMap {
  return {
    name,
    description: `The Entra group of ${name}.`,
    groups: [group],
    policies: ['get', 'sync'].map(
      (action) => `p, proj:${project}:${name}, applications, ${action}, ${project}/*, allow`,
    ),
  };
}
