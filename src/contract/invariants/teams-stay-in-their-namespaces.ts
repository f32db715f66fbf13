import { pathText } from '../../base/finding.ts';
import { namespaceOwner } from '../../catalog/namespaces.ts';
import type { AccessGrantEvidence, TeamEvidence } from '../access-evidence.ts';
import { groupBy, hasAll, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

type Grant = With<AccessGrantEvidence, 'principal' | 'right' | 'isWhole'>;

/** What one line gives alike in several clusters. */
type Grants = {
  readonly first: Grant;
  /** Those that are known. */
  readonly clusters: readonly string[];
  /** Teams whose group has the right. */
  readonly teams: readonly TeamEvidence[];
};

export default invariant({
  id: 'teams-stay-in-their-namespaces',
  title: 'A team reaches namespaces that it was given, and nothing of the platform',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Who may write in a namespace may run pods as any ServiceAccount in it and read its Secrets: in external-secrets ' +
    'that is the whole vault, in argocd every cluster. A role on all of a cluster is a role in these namespaces, too.',
  source: 'learn.microsoft.com, aks/manage-azure-rbac and concepts-identity, 2026-08.',
  needs: ['accessGrants'],
  *check({ accessGrants, teams = [], administrators = [] }) {
    const byGroup = groupBy(teams, ({ group }) => group?.toLowerCase());
    const admins = new Set(administrators.map(({ group }) => group?.toLowerCase()));
    const ofTeams: Grant[] = [];
    for (const grant of accessGrants) {
      const principal = grant.principal?.toLowerCase() ?? '';
      // A file that calls the group a team's, or the administrators', knows best.
      const isTeam = byGroup.has(principal) ? true : admins.has(principal) ? false : grant.isTeam;
      if (isTeam === false) continue;
      if (isTeam === undefined) yield unsaid(grant, 'isTeam');
      else if (hasAll(grant, 'principal', 'right', 'isWhole')) ofTeams.push(grant);
      else yield unsaid(grant, 'principal', 'right', 'isWhole');
    }
    const alike = groupBy(ofTeams, ({ path, principal, right, isWhole, namespace }) =>
      JSON.stringify([pathText(path), principal, right, isWhole, namespace]),
    );
    for (const all of alike.values()) {
      const own = byGroup.get(all[0]!.principal.toLowerCase()) ?? [];
      const clusters = all.flatMap(({ cluster }) => cluster ?? []);
      yield judge({ first: all[0]!, clusters, teams: own }, teams);
    }
  },
});

function judge(grants: Grants, all: readonly TeamEvidence[]): Observation {
  const { first, clusters, teams } = grants;
  const { path, right, isWhole, namespace } = first;
  const who = whoOf(grants);
  // Who reads there sees how the platform is made, and none of its Secrets.
  const mild = first.isReading === true ? { severity: 'warning' as const } : {};
  if (isWhole) {
    const where = clusters.length === 0 ? 'a cluster' : listText(clusters);
    return broken(path, `${who} has ${right} on all of ${where}, the platform's namespaces among it`, {
      ...mild,
      help: 'give the role on its namespaces alone: the id of the cluster, then /namespaces/ and the name',
    });
  }
  if (namespace === undefined) return unsaid(first, 'namespace');
  const owner = namespaceOwner(namespace);
  if (owner !== undefined) {
    const where = clusters.length === 0 ? namespace : `${namespace} of ${listText(clusters)}`;
    return broken(path, `${who} has ${right} in ${where}, the namespace of ${owner}`, {
      ...mild,
      help: 'give it a namespace of its own: who writes there acts as what runs there',
    });
  }
  if (teams.length > 0) return judgeGiven(grants, namespace);
  // A file that names no team leaves it to others to say who works in the clusters.
  if (all.length === 0) return held(path);
  if (!all.every((team) => hasAll(team, 'group'))) {
    return undetermined(path, `whether ${who} is the group of a team`);
  }
  return broken(path, `${who} has ${right} in ${nameText(namespace)}, and is the group of no team`, {
    severity: 'warning',
    help: 'remove the role, or name the group under `teams`',
  });
}

/** Whether the team was given the namespace and the clusters. */
function judgeGiven(grants: Grants, namespace: string): Observation {
  const { first, clusters, teams } = grants;
  const { path, right } = first;
  const who = whoOf(grants);
  const unknown = teams.find((team) => !hasAll(team, 'clusters', 'namespaces'));
  if (unknown) return unsaid(unknown, 'clusters', 'namespaces');
  if (!teams.some(({ namespaces }) => namespaces?.includes(namespace))) {
    return broken(path, `${who} has ${right} in ${nameText(namespace)}, a namespace that it was not given`, {
      help: 'remove the role, or list the namespace under the team',
    });
  }
  if (clusters.length === 0) return undetermined(path, `which cluster ${who} has ${right} in`);
  const given = new Set(teams.flatMap((team) => team.clusters ?? []));
  const others = clusters.filter((cluster) => !given.has(cluster));
  if (others.length === 0) return held(path);
  return broken(path, `${who} has ${right} in ${listText(others)}, which it was not given`, {
    help: 'remove the role, or list the cluster under the team',
  });
}

function whoOf({ first, teams }: Grants): string {
  const names = teams.flatMap(({ name }) => name ?? []);
  return names.length === 0 ? nameText(first.principal) : `the team ${listText(names)}`;
}
