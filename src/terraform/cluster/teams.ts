import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Block, call, raw, ref, template } from '../block.ts';
import { label } from '../addresses.ts';
import type { Input } from '../inputs.ts';
import { isUuid } from '../inputs.ts';
import { roleAssignmentBlock } from '../role-assignment.ts';
import { clusterAddress } from './cluster.ts';

type Team = Platform['teams'][number];
type Role = Team['roles'][number];

/** Groups of the teams that were given this cluster; nothing where none was. */
export function teamGroupIds({ teams }: Platform, cluster: ClusterPlan): readonly Input[] {
  const own = teams.filter((team) => rolesOn(team, cluster).length > 0);
  if (own.length === 0) return [];
  return [
    {
      name: 'team_group_ids',
      type: raw('map(string)'),
      description: 'Entra groups of the teams on this cluster, by the name of the team.',
      value: Object.fromEntries(own.map(({ name, group }) => [name, group])),
      check: {
        condition: `alltrue([for id in values(var.team_group_ids) : ${isUuid('id')}])`,
        message: 'Write object ids of groups, like 00000000-0000-0000-0000-000000000000.',
      },
    },
  ];
}

/** What teams may do here: each in its own namespaces, and nothing beside them. */
export function teamBlocks({ teams }: Platform, cluster: ClusterPlan): readonly Block[] {
  return teams.flatMap((team) => {
    const roles = rolesOn(team, cluster);
    const isInside = ({ scope }: Role): boolean => scope.kind === 'namespace';
    return [
      ...roles.filter((role) => !isInside(role)).map((role) => clusterRole(team, cluster, role)),
      ...namespaceRoles(team, cluster, roles.filter(isInside)),
    ];
  });
}

function rolesOn({ roles }: Team, { name }: ClusterPlan): readonly Role[] {
  return roles.filter(({ scope }) => scope.cluster === name);
}

function clusterRole({ name }: Team, cluster: ClusterPlan, { role, why }: Role): Block {
  return roleAssignmentBlock(
    {
      label: label('team', name, 'on-cluster'),
      scope: ref(`${clusterAddress(cluster)}.id`),
      role,
      principal: ref(`var.team_group_ids["${name}"]`),
      principalType: 'Group',
    },
    `Team ${name}: ${why}.`,
  );
}

/** A role that a team has in several namespaces is written once. */
function namespaceRoles({ name }: Team, cluster: ClusterPlan, roles: readonly Role[]): readonly Block[] {
  const [first] = roles;
  if (first === undefined) return [];
  const namespaces = roles.flatMap(({ scope }) => (scope.kind === 'namespace' ? [scope.namespace] : []));
  if (roles.some(({ role }) => role !== first.role))
    throw new Error(`the team ${name} has several roles inside`);
  return [
    roleAssignmentBlock(
      {
        label: label('team', name, 'in-namespaces'),
        forEach: call('toset', namespaces),
        scope: template`${ref(`${clusterAddress(cluster)}.id`)}/namespaces/${ref('each.value')}`,
        role: first.role,
        principal: ref(`var.team_group_ids["${name}"]`),
        principalType: 'Group',
      },
      namespaces.length === 1
        ? `Team ${name}: ${first.why}.`
        : `Team ${name}: it works in these namespaces and in no other.`,
    ),
  ];
}
