import { CLUSTER_ADMIN_ROLE as ROLE } from '../../catalog/cluster-roles.ts';
import { type AdministrationEvidence, hasAll } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'somebody-administers-the-clusters',
  title: 'Somebody administers the clusters',
  adr: 'ADR-0005',
  // No error, in production either: an Owner can give the role within minutes, many give it on the subscription, where
  // no file of the fleet says so, and what is missing shows at the first command, long before an outage.
  severity: 'warning',
  why:
    'A cluster without local accounts lets people in by Entra alone. Where no group is named, nobody may do ' +
    'anything in it, the Owner of the subscription included, until an Owner gives somebody the role ' +
    `"${ROLE}": the first command by which a cluster gets its network and Argo CD is refused. Where the ` +
    "cluster takes no roles of Azure either, even that does not help, and the cluster's own settings must change.",
  source:
    'learn.microsoft.com, aks/entra-id-authorization and aks/manage-local-accounts-managed-azure-ad, 2026-08; ' +
    'role-based-access-control/built-in-roles.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['administration'],
  *check({ administration }) {
    for (const cluster of administration) yield judge(cluster);
  },
});

function judge(access: AdministrationEvidence): Observation {
  const { path, cluster, takesRoles, roleHolders } = access;
  const where = cluster ?? 'the clusters';
  if (!hasAll(access, 'groups')) return unsaid(access, 'groups');
  if (access.groups > 0) return held(path);
  if (takesRoles === undefined) return unsaid(access, 'takesRoles');
  if (!takesRoles) {
    return broken(
      path,
      `nobody can administer ${where}: no group is named, and roles of Azure do not count`,
      {
        severity: 'error',
        help: 'name the Entra group of the platform team, or let roles of Azure count',
      },
    );
  }
  if (roleHolders === undefined) {
    return undetermined(
      path,
      `no group administers ${where}, and whether somebody holds the role "${ROLE}" is not said`,
      'add what gives roles, or name the Entra group of the platform team',
    );
  }
  if (roleHolders > 0) return held(path);
  return broken(path, `nobody administers ${where} until an Owner gives somebody the role "${ROLE}"`, {
    help: 'name the Entra group of the platform team, e.g. `admins: [11111111-1111-1111-1111-111111111111]`',
  });
}
