import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'control-plane-is-managed',
  alias: 'C1',
  title: "The control plane is Azure's: nothing is put in tier 0",
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Tier 0 is the Kubernetes control plane. Azure runs it, so it has no nodes that a fleet could make ' +
    'Spot or On-Demand, and a tier 0 in the file promises a choice that nobody has. A cluster in tier 0 ' +
    'has no rule for its own pools.',
  source: 'Source design, section 7, C1, and section 2.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['tiers', 'clusters'],
  *check({ tiers, clusters }) {
    for (const tier of tiers) {
      if (!hasAll(tier, 'number')) yield unsaid(tier, 'number');
      else if (tier.number !== 0) yield held(tier.path);
      else {
        yield broken(tier.path, '`tiers` lists tier 0, the control plane of AKS', {
          at: 'key',
          help: 'remove it: Azure runs the control plane, and no tier decides what it stands on',
        });
      }
    }
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'tier');
      if (!hasAll(cluster, 'name', 'tier')) yield unsaid(cluster, 'name', 'tier');
      else if (cluster.tier !== 0) yield held(place);
      else {
        const right =
          cluster.role === 'mgmt' ? 'tier 1, as platform services are' : 'tier 2, as workloads are';
        yield broken(place, `${cluster.name} is put in tier 0, the control plane of AKS`, {
          help: `put it in ${right}, or leave the tier out`,
        });
      }
    }
  },
});
