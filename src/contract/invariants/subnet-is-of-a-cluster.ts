import { quote } from '../../base/quote.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameHelp } from '../wording.ts';

export default invariant({
  id: 'subnet-is-of-a-cluster',
  title: 'Every subnet that is named belongs to a cluster or to the services',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    "A subnet under a name that no cluster has is nobody's: it is not made, and the cluster that was meant " +
    "gets a range of Bulkhead's choosing. Node ranges cannot be changed on a running cluster.",
  source: 'Source design, section 3.1.',
  kinds: ['fleet'],
  needs: ['clusters', 'ranges'],
  *check({ clusters, ranges }) {
    const names = ['services', ...clusters.flatMap(({ name }) => (name === undefined ? [] : [name]))];
    for (const subnet of ranges) {
      if (subnet.use === undefined) yield unsaid(subnet, 'use');
      if (subnet.use !== 'nodes') continue;
      if (!hasAll(subnet, 'cluster', 'isUsed')) yield unsaid(subnet, 'cluster', 'isUsed');
      else if (subnet.isUsed) yield held(subnet.path);
      else {
        yield broken(subnet.path, `a subnet is given to ${quote(subnet.cluster)}, which is no cluster`, {
          at: 'key',
          help: nameHelp(subnet.cluster, names),
        });
      }
    }
  },
});
