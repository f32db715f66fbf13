import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'no-literal-secrets-in-git',
  alias: 'C4',
  title: 'No Secret stands in the GitOps tree with its content',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'The content of a Secret in Git is base64, which hides nothing, and stays in the history of every clone. ' +
    'The vault holds secrets, and External Secrets copies them into the clusters. Three stand outside of ' +
    'Git by name, each made at bootstrap and rotated by its owner: the CA of the mesh, the password of Argo ' +
    "CD's Redis, and the credential of the repository.",
  source: 'Source design, section 7, C4; kubernetes.io, concepts/configuration/secret, 2026-11.',
  kinds: ['gitops'],
  needs: ['storedSecrets'],
  *check({ storedSecrets }) {
    // A tree without any Secret is what is asked for.
    if (storedSecrets.length === 0) yield held([]);
    for (const secret of storedSecrets) {
      if (!hasAll(secret, 'name', 'keys')) yield unsaid(secret, 'name', 'keys');
      else if (secret.keys.length === 0) yield held(secret.path);
      else {
        yield broken(secret.path, `${secret.name} stands here with its content: ${listText(secret.keys)}`, {
          help:
            'put new values into the vault, write an ExternalSecret instead, and take these out of use: ' +
            'they stay in the history of the repository',
        });
      }
    }
  },
});
