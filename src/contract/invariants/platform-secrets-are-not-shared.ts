import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'platform-secrets-are-not-shared',
  title: 'No workload is given a secret of the platform',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Whoever has the key of the mesh CA can pass for any cluster of the mesh, and whoever has the password of Grafana reads ' +
    'what all clusters say. A workload that is broken into would open the others with them.',
  source:
    'docs.cilium.io, network/clustermesh, 1.20: the clusters of a mesh trust each other by their one CA; source design, ' +
    'section 7, C4.',
  kinds: ['fleet'],
  needs: ['workloadSecrets'],
  *check({ workloadSecrets }) {
    for (const secret of workloadSecrets) {
      if (!hasAll(secret, 'workload', 'name', 'platformReaders')) {
        yield unsaid(secret, 'workload', 'name', 'platformReaders');
      } else if (secret.platformReaders.length === 0) yield held(secret.path);
      else {
        const readers = secret.platformReaders.join(' and ');
        const message = `${secret.workload} is given ${nameText(secret.name)}, which is for ${readers} alone`;
        yield broken(secret.path, message, {
          help: 'take it off the list; what the workload needs itself has a name of its own in the vault',
        });
      }
    }
  },
});
