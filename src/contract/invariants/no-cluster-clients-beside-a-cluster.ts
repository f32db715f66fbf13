import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

/** Providers that need a running API server, or that keep a private key in the state, by their last name. */
const CLIENTS = new Set(['helm', 'kubernetes', 'kubectl', 'kustomization', 'flux', 'argocd', 'tls']);

export default invariant({
  id: 'no-cluster-clients-beside-a-cluster',
  title: 'A root that makes a cluster uses no provider that talks to it',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'A provider that is configured from a cluster of the same root cannot plan before the cluster is there, ' +
    'nor when it is about to be replaced: it then asks localhost. What it installs has two owners for ever, ' +
    'Terraform and Argo CD. A key that Terraform makes stands in the state.',
  source: 'registry.terraform.io, hashicorp/kubernetes: stacking with managed cluster resources, 2026-08.',
  kinds: ['terraform'],
  needs: ['roots'],
  *check({ roots }) {
    for (const root of roots) {
      if (!hasAll(root, 'name', 'providers', 'clusters')) {
        yield unsaid(root, 'name', 'providers', 'clusters');
        continue;
      }
      if (root.clusters.length === 0) continue;
      const clients = root.providers.filter((name) => CLIENTS.has(name.slice(name.lastIndexOf('/') + 1)));
      if (clients.length === 0) yield held(root.path);
      else {
        yield broken(root.path, `the root that makes ${listText(root.clusters)} uses ${listText(clients)}`, {
          help: 'leave what runs in the cluster to Argo CD and the bootstrap, and keys to the vault',
        });
      }
    }
  },
});
