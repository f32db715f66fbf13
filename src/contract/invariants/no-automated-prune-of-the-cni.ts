import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'no-automated-prune-of-the-cni',
  title: 'Nothing of the network is pruned by itself',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A value that is misspelt can drop the agent or its CRDs from what the chart renders. Pruned, they take ' +
    'every pod of the cluster off the network, Argo CD among them, which then cannot put them back.',
  source: 'Argo CD 3.5, auto_sync and sync-options; docs.cilium.io, 1.20.',
  kinds: ['gitops', 'live'],
  needs: ['applications'],
  *check({ applications }) {
    for (const application of applications) {
      if (application.isNetwork === false) continue;
      if (!hasAll(application, 'name', 'isNetwork', 'prunes')) {
        yield unsaid(application, 'name', 'isNetwork', 'prunes');
      } else if (!application.prunes) yield held(placeOf(application, 'prunes'));
      else {
        yield broken(placeOf(application, 'prunes'), `${application.name} prunes the network by itself`, {
          help: 'write `prune: false`, and prune by hand after a look at what goes',
        });
      }
    }
  },
});
