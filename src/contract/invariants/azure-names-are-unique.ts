import { type AzureNameEvidence, hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'azure-names-are-unique',
  title: 'No two Azure resources of one kind share a name',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Names are made of the fleet, the environment and the cluster, so that a cluster called app-nodes can ' +
    "meet the machines' group of a cluster called app. Azure then gives both one resource, and deleting " +
    'one cluster deletes what the other stands on.',
  source: 'learn.microsoft.com, resource-name-rules, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['azureNames'],
  *check({ azureNames }) {
    const owners = new Map<string, AzureNameEvidence>();
    for (const entry of azureNames) {
      if (!hasAll(entry, 'type', 'name', 'use')) {
        yield unsaid(entry, 'type', 'name', 'use');
        continue;
      }
      // Azure compares names without regard to case.
      const key = `${entry.type} ${entry.name.toLowerCase()}`;
      const owner = owners.get(key);
      if (owner === undefined) {
        owners.set(key, entry);
        yield held(entry.path);
        continue;
      }
      yield broken(entry.path, `${entry.use} and ${owner.use} would share the ${entry.type} ${entry.name}`, {
        at: 'key',
        help: 'give one of the two clusters another name',
        related: [{ message: `${owner.use} has the name, too`, path: owner.path }],
      });
    }
  },
});
