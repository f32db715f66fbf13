import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'one-mgmt-cluster',
  title: 'The fleet has exactly one mgmt cluster',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Argo CD, Prometheus and Grafana run on mgmt and nowhere else. Without one, nothing installs the ' +
    'platform; with two, both install it into the same app clusters and undo each other.',
  source: 'Source design, section 1.2.',
  needs: ['clusters'],
  *check({ kind, clusters }) {
    for (const cluster of clusters) if (!hasAll(cluster, 'role')) yield unsaid(cluster, 'role');
    const [first, ...others] = clusters.filter(({ role }) => role === 'mgmt');
    if (first === undefined) {
      // The mgmt cluster has a root of its own, which may be none of those that were given.
      if (kind === 'terraform') yield undetermined([], 'whether another Terraform root makes a mgmt cluster');
      else if (clusters.every((cluster) => hasAll(cluster, 'role'))) {
        yield broken(['clusters'], 'no cluster has the role mgmt', {
          at: 'key',
          help: 'call one cluster mgmt, or write `role: mgmt` for it',
        });
      }
      return;
    }
    yield held(placeOf(first, 'role'));
    for (const other of others) {
      yield broken(placeOf(other, 'role'), `${first.name} and ${other.name} both have the role mgmt`, {
        help: 'write `role: app` for one of the two',
        related: [{ message: `${first.name} has it, too`, path: placeOf(first, 'role') }],
      });
    }
  },
});
