import type { Path } from '../../base/finding.ts';
import type { TeamEvidence } from '../access-evidence.ts';
import { groupBy, hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

type Team = With<TeamEvidence, 'name' | 'group' | 'clusters' | 'namespaces'>;

export default invariant({
  id: 'teams-are-apart',
  title: 'Each team has a group and namespaces of its own',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Azure knows the group, not the team: two teams with one group have the rights of both, a team whose group ' +
    'administers the clusters has all rights, and Azure refuses to give one role twice (RoleAssignmentExists). In a ' +
    'namespace of two teams, each reads the Secrets of the other.',
  source:
    'learn.microsoft.com, aks/manage-azure-rbac, 2026-08; API error RoleAssignmentExists, public reports.',
  kinds: ['fleet'],
  needs: ['teams', 'administrators'],
  *check({ teams, administrators }) {
    const known: Team[] = [];
    for (const team of teams) {
      if (hasAll(team, 'name', 'group', 'clusters', 'namespaces')) known.push(team);
      else yield unsaid(team, 'name', 'group', 'clusters', 'namespaces');
    }
    const byGroup = groupBy(known, ({ group }) => group);
    const admins = new Map(
      administrators.flatMap(({ group, path }) => (group ? [[group, path] as const] : [])),
    );
    for (const [group, [first, ...others]] of byGroup) yield* judgeGroup(first!, others, admins.get(group));
    yield* judgeNamespaces(known);
  },
});

function* judgeGroup(first: Team, others: readonly Team[], admins: Path | undefined): Iterable<Observation> {
  const place = placeOf(first, 'group');
  if (admins) {
    yield broken(
      place,
      `the group of ${listText([first, ...others].map(({ name }) => name))} administers the clusters`,
      {
        help: 'give the team a group of its own: an administrator reaches every namespace',
        related: [{ message: 'it is an administrator here', path: admins }],
      },
    );
  }
  for (const other of others) {
    yield broken(placeOf(other, 'group'), `${other.name} and ${first.name} have one group`, {
      help: 'give each team a group of its own, or make one team of them',
      related: [{ message: `${first.name} has it, too`, path: place }],
    });
  }
  if (!admins && others.length === 0) yield held(place);
}

/** A namespace of two teams counts where both reach it: on a cluster that both have. */
function* judgeNamespaces(teams: readonly Team[]): Iterable<Observation> {
  const owners = new Map<string, Team[]>();
  for (const team of teams) {
    for (const namespace of team.namespaces) {
      const others = owners.get(namespace) ?? [];
      owners.set(namespace, others);
      const other = others.find(({ clusters }) =>
        clusters.some((cluster) => team.clusters.includes(cluster)),
      );
      others.push(team);
      if (other === undefined) continue;
      const message = `${other.name} and ${team.name} both have the namespace ${nameText(namespace)}`;
      yield broken(placeOf(team, 'namespaces'), message, {
        severity: 'warning',
        help: 'leave it to one of them: each reads what the other keeps there',
        related: [{ message: `${other.name} has it here`, path: placeOf(other, 'namespaces') }],
      });
    }
  }
}
