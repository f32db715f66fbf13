import type { AccessGrantEvidence } from '../access-evidence.ts';
import { nameText } from '../wording.ts';
import { factAt, isOf, namePath } from './object.ts';
import type { PlacedObject } from './placed-object.ts';
import { listOf, textOf, textsOf, valueAt } from './value-at.ts';

const RBAC = 'rbac.authorization.k8s.io';
/** Roles of Kubernetes that count for everything which stands in a namespace. */
const OF_NAMESPACES = new Set(['admin', 'edit', 'view']);
const ADMIN = 'cluster-admin';

/**
 * What bindings of Kubernetes and projects of Argo CD let people do. Groups and users of Kubernetes itself begin with
 * `system:`; ServiceAccounts are programs.
 */
export function accessGrantsOf(objects: readonly PlacedObject[]): readonly AccessGrantEvidence[] {
  const admins = new Set(
    objects
      .filter((object) => isOf(object, RBAC, 'ClusterRoleBinding') && roleNameOf(object) === ADMIN)
      .flatMap(peopleOf),
  );
  return objects.flatMap((object) => [...bindingGrants(object, admins), ...projectGrants(object, admins)]);
}

function bindingGrants(object: PlacedObject, admins: ReadonlySet<string>): readonly AccessGrantEvidence[] {
  const isClusterWide = isOf(object, RBAC, 'ClusterRoleBinding');
  if (!isClusterWide && !isOf(object, RBAC, 'RoleBinding')) return [];
  const role = roleNameOf(object);
  const isWhole = !isClusterWide ? false : role !== undefined && OF_NAMESPACES.has(role) ? true : undefined;
  return peopleOf(object).flatMap((principal) =>
    inClusters(object, {
      path: namePath(object),
      principal,
      isTeam: !admins.has(principal),
      ...(role === undefined ? {} : { right: `the role ${nameText(role)}`, isReading: role === 'view' }),
      // What a role of the fleet's own allows, its rules say, which may be next to nothing.
      ...(isWhole === undefined ? {} : { isWhole }),
      ...(isClusterWide || object.namespace === undefined ? {} : { namespace: object.namespace }),
    }),
  );
}

/** Whoever a project of Argo CD gives a role deploys what the project may hold, where it may be put. */
function projectGrants(object: PlacedObject, admins: ReadonlySet<string>): readonly AccessGrantEvidence[] {
  if (!isOf(object, 'argoproj.io', 'AppProject')) return [];
  const groups = (listOf(valueAt(object.value, 'spec', 'roles')) ?? []).flatMap(
    (role) => textsOf(valueAt(role, 'groups')) ?? [],
  );
  const destinations = factAt(object, ['spec', 'destinations'], listOf, []);
  const right = `a role in the project ${nameText(object.name)}`;
  return [...new Set(groups)].flatMap((principal): AccessGrantEvidence[] => {
    const grant = {
      path: namePath(object),
      principal,
      isTeam: !admins.has(principal),
      right,
      isReading: false,
    };
    if (destinations === undefined) return [grant];
    return destinations.map((destination, index) => ({
      ...grant,
      path: [...object.path, 'spec', 'destinations', index],
      ...destinationOf(destination),
    }));
  });
}

function destinationOf(destination: unknown): Pick<AccessGrantEvidence, 'cluster' | 'isWhole' | 'namespace'> {
  const namespace = textOf(valueAt(destination, 'namespace'));
  const name = textOf(valueAt(destination, 'name'));
  const cluster = name === undefined || name.includes('*') ? {} : { cluster: name };
  if (namespace === undefined) return cluster;
  if (namespace === '*') return { ...cluster, isWhole: true };
  // What a pattern holds cannot be told from the tree, nor what an exception leaves of another row.
  if (/[*?![{]/.test(namespace)) return { ...cluster, isWhole: false };
  return { ...cluster, isWhole: false, namespace };
}

function roleNameOf(object: PlacedObject): string | undefined {
  return factAt(object, ['roleRef', 'name'], textOf);
}

function peopleOf(object: PlacedObject): readonly string[] {
  const subjects = listOf(valueAt(object.value, 'subjects')) ?? [];
  const names = subjects.flatMap((subject) => {
    const kind = textOf(valueAt(subject, 'kind'));
    const name = textOf(valueAt(subject, 'name'));
    return (kind === 'Group' || kind === 'User') && name !== undefined && !name.startsWith('system:')
      ? [name.toLowerCase()]
      : [];
  });
  return [...new Set(names)];
}

function inClusters(object: PlacedObject, grant: AccessGrantEvidence): readonly AccessGrantEvidence[] {
  return object.clusters === undefined ? [grant] : object.clusters.map((cluster) => ({ ...grant, cluster }));
}
