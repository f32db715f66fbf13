import { hasAll, type PoolNameEvidence, type With } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'pool-names-are-unique',
  title: 'No two pools of a cluster have one name',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Each size of a cluster becomes an Azure pool that is named after it. A size that is listed twice, or ' +
    'in two spellings, asks for two pools of one name: Azure keeps one, and the fleet has half the ' +
    'capacity that it seems to have.',
  source: 'learn.microsoft.com, aks/use-system-pools, 2026-04-30: names have twelve characters.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['poolNames'],
  *check({ poolNames }) {
    const owners = new Map<string, With<PoolNameEvidence, 'vmSize'>>();
    for (const pool of poolNames) {
      if (!hasAll(pool, 'cluster', 'name', 'vmSize')) {
        yield unsaid(pool, 'cluster', 'name', 'vmSize');
        continue;
      }
      const key = `${pool.cluster} ${pool.name}`;
      const owner = owners.get(key);
      if (owner === undefined) {
        owners.set(key, pool);
        yield held(pool.path);
        continue;
      }
      const size = nameText(pool.vmSize);
      const isSame = owner.vmSize === pool.vmSize;
      const message = isSame
        ? `${pool.cluster} lists ${size} twice`
        : `${size} and ${nameText(owner.vmSize)} would both be the pool ${pool.name} of ${pool.cluster}`;
      yield broken(pool.path, message, {
        help: 'list each size once, in the spelling of Azure',
        related: [{ message: `the pool ${pool.name}`, path: owner.path }],
      });
    }
  },
});
