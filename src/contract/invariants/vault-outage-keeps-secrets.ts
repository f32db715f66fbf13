import { groupByPlace, hasAll, placeOf, type SecretSyncEvidence } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'vault-outage-keeps-secrets',
  alias: 'C5',
  title: 'A Key Vault outage keeps the secrets that are there',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'External Secrets with Retain leaves the Kubernetes Secret alone when the vault does not answer, so ' +
    'running and new pods read what they read before. The CSI driver keeps a synced Secret only while a ' +
    'pod mounts it, and no new pod starts during an outage: on Spot nodes, where pods move all day, an ' +
    'hour without the vault empties the fleet.',
  source:
    'Source design, section 7, C5; external-secrets.io, ownership-deletion-policy, 2.9.0; ' +
    'learn.microsoft.com, aks/csi-secrets-store-driver, 2026-08.',
  needs: ['secretSyncs'],
  *check({ secretSyncs }) {
    const parts = ['method', 'deletionPolicy'] as const;
    for (const { place, items } of groupByPlace(secretSyncs, (sync) => placeOf(sync, 'method'))) {
      const csi = items.filter(({ method }) => method === 'csi').map(whoseOf);
      if (csi.length > 0) {
        yield broken(
          place,
          `a vault outage takes the secrets of ${listText(csi)} away: the CSI driver keeps no copy`,
          {
            help: 'write external-secrets: it keeps what it has read',
          },
        );
      }
    }
    for (const sync of secretSyncs) {
      if (sync.method === 'csi') continue;
      const place = placeOf(sync, 'deletionPolicy');
      if (!hasAll(sync, ...parts)) yield unsaid(sync, ...parts);
      else if (sync.deletionPolicy === 'Retain') yield held(place);
      else {
        yield broken(
          place,
          `${whoseOf(sync)} loses what the vault does not show: deletionPolicy is ${sync.deletionPolicy}`,
          { help: 'write Retain' },
        );
      }
    }
  },
});

/** The object that syncs, where there is one; else the cluster in which all of them do. */
function whoseOf({ name, cluster }: SecretSyncEvidence): string {
  return name ?? cluster ?? 'a cluster';
}
