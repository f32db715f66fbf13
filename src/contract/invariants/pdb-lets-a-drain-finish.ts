import { hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import type { PodSetEvidence } from '../kubernetes-evidence.ts';
import { countText, listText } from '../wording.ts';

type KnownSet = With<PodSetEvidence, 'name' | 'replicas' | 'budgets'>;

export default invariant({
  id: 'pdb-lets-a-drain-finish',
  title: 'A disruption budget keeps one pod up, and lets every drain finish',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Without a budget, a drain may evict all replicas of a workload at once. With one that allows no ' +
    'eviction, no drain ends: AKS refuses the upgrade with UnsatisfiablePDB or waits until it times out, and ' +
    'the autoscaler never empties the node. Of two budgets over one pod, the API server refuses every ' +
    'eviction. None of them stops Azure from taking a Spot node.',
  source:
    'kubernetes.io, tasks/run-application/configure-pdb; API error UnsatisfiablePDB, learn.microsoft.com, ' +
    '2026.',
  kinds: ['gitops', 'live'],
  needs: ['podSets'],
  *check({ podSets }) {
    for (const set of podSets) {
      if (!hasAll(set, 'name', 'replicas', 'budgets')) yield unsaid(set, 'name', 'replicas', 'budgets');
      else if (set.replicas > 0) yield judge(set);
    }
  },
});

function judge(set: KnownSet): Observation {
  const { name, replicas, budgets } = set;
  const [first, ...others] = budgets;
  if (first === undefined) {
    // One replica is down in every drain, with a budget or without.
    if (replicas < 2) return held(set.path);
    return broken(set.path, `${name} has ${replicas} replicas and no disruption budget`, {
      severity: 'warning',
      help: 'write a PodDisruptionBudget with `maxUnavailable: 1`',
    });
  }
  if (others.length > 0) {
    const names = listText(budgets.map((budget) => budget.name));
    return broken(first.path, `${name} stands under ${countText(budgets.length, 'budget')}: ${names}`, {
      help: 'keep one: the API server evicts no pod that two budgets select',
      related: [{ message: `the pods of ${name}`, path: set.path }],
    });
  }
  if (first.allowed === undefined) {
    return undetermined(first.path, `how many pods of ${name} ${first.name} lets go`);
  }
  if (first.allowed > 0) return held(set.path);
  return broken(first.path, `${first.name} lets no pod of ${name} go, out of ${replicas}: no drain ends`, {
    help: replicas === 1 ? 'remove it, or run two replicas' : 'write `maxUnavailable: 1` alone',
    related: [{ message: 'the replicas', path: placeOf(set, 'replicas') }],
  });
}
