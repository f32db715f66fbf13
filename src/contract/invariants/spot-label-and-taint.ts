import type { NodePoolEvidence } from '../evidence.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';

const KEY = 'kubernetes.azure.com/scalesetpriority';
const TAINT = `${KEY}=spot:NoSchedule`;
/** What the key becomes when its prefix is forgotten. */
const BARE_KEY = 'scalesetpriority';

export default invariant({
  id: 'spot-label-and-taint',
  title: 'Spot pools declare the label and the taint of AKS, with their prefix',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'AKS puts both on every Spot node itself. Terraform that does not declare them takes them for drift in ' +
    'every plan. A label or taint without the prefix is another one: workloads that tolerate the real one ' +
    'stay off the nodes, and those that choose by the real one find none.',
  source: 'learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (pool.capacityType === undefined) yield unsaid(pool, 'capacityType');
      if (pool.capacityType === 'Spot') yield* judge(pool);
    }
  },
});

function* judge(pool: NodePoolEvidence): Iterable<Observation> {
  if (!hasAll(pool, 'name', 'labels', 'taints')) {
    yield unsaid(pool, 'name', 'labels', 'taints');
    return;
  }
  const { name, labels, taints } = pool;
  if (labels[KEY] === 'spot') yield held(placeOf(pool, 'labels'));
  else {
    const isBare = Object.hasOwn(labels, BARE_KEY);
    yield broken(
      placeOf(pool, 'labels'),
      isBare
        ? `Spot pool ${name} has the label ${BARE_KEY} without its prefix`
        : `Spot pool ${name} lacks its label`,
      { help: `write \`node_labels = { "${KEY}" = "spot" }\`` },
    );
  }
  if (taints.includes(TAINT)) yield held(placeOf(pool, 'taints'));
  else {
    const isBare = taints.some((taint) => taint.startsWith(`${BARE_KEY}=`));
    yield broken(
      placeOf(pool, 'taints'),
      isBare
        ? `Spot pool ${name} has the taint ${BARE_KEY} without its prefix`
        : `Spot pool ${name} lacks its taint`,
      { help: `write \`node_taints = ["${TAINT}"]\`` },
    );
  }
}
