import { hasAll, placeOf, type SecretSyncEvidence } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';

export default invariant({
  id: 'secrets-outlive-the-tree',
  alias: 'C5',
  title: 'A Secret stays when its ExternalSecret leaves the tree',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A Secret that External Secrets owns is collected with its ExternalSecret. One careless commit, or a ' +
    'tree that is rendered empty, then lets Argo CD prune the ExternalSecret, and pods that start after it ' +
    'find no Secret: an outage that deletionPolicy Retain does not stop.',
  source: 'external-secrets.io, ownership-deletion-policy, 2.9.0; Argo CD 3.5, sync-options, Prune=false.',
  kinds: ['gitops', 'live'],
  needs: ['secretSyncs'],
  *check({ secretSyncs }) {
    for (const sync of secretSyncs) {
      if (sync.method === 'external-secrets') yield judge(sync);
      else if (sync.method === undefined) yield unsaid(sync, 'method');
    }
  },
});

function judge(sync: SecretSyncEvidence): Observation {
  const place = placeOf(sync, 'creationPolicy');
  // Either of the two is enough.
  if (sync.creationPolicy !== undefined && sync.creationPolicy !== 'Owner') return held(place);
  if (sync.isPruned === false) return held(place);
  if (!hasAll(sync, 'name', 'creationPolicy', 'isPruned')) {
    return unsaid(sync, 'name', 'creationPolicy', 'isPruned');
  }
  return broken(place, `${sync.name} owns its Secret, and Argo CD prunes it: both go in one sync`, {
    help:
      'write `creationPolicy: Orphan`, or the annotation ' +
      '`argocd.argoproj.io/sync-options: Prune=false,Delete=false`',
  });
}
