import { groupBy, hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'credentials-of-an-identity-in-one-root',
  title: 'All federated credentials of one identity stand in one Terraform root',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Azure refuses two writes at once on one identity (ConcurrentFederatedIdentityCredentialsWrites...). ' +
    'Terraform waits its turn within one run only: two roots that are applied side by side, as clusters are, ' +
    'make one of them fail.',
  source: 'learn.microsoft.com, workload-identity-federation-considerations, 2026-08.',
  kinds: ['terraform'],
  needs: ['federations'],
  *check({ federations }) {
    const known = federations.filter((federation) => hasAll(federation, 'identity', 'root'));
    for (const federation of federations) {
      if (!hasAll(federation, 'identity', 'root')) yield unsaid(federation, 'identity', 'root');
    }
    for (const [identity, credentials] of groupBy(known, (credential) => credential.identity)) {
      const [first, ...others] = [...groupBy(credentials, ({ root }) => root).values()].map((own) => own[0]!);
      if (others.length === 0) yield held(first!.path);
      for (const { path, root } of others) {
        yield broken(path, `${identity} has credentials in ${listText([first!.root!, root!])}`, {
          help: 'move them into one root, or give each root an identity of its own',
          related: [{ message: 'the other root writes here', path: first!.path }],
        });
      }
    }
  },
});
