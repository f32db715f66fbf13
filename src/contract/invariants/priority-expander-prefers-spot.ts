import { type Evidence, hasAll, type NodePoolEvidence, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import type { ExpanderEvidence, ExpanderLevel } from '../kubernetes-evidence.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';
import { nameText } from '../wording.ts';

type Pool = With<NodePoolEvidence, 'name' | 'mode' | 'capacityType'>;
type Priority = { readonly pool: string; readonly priority: number | undefined };

export default invariant({
  id: 'priority-expander-prefers-spot',
  title: 'The autoscaler takes Spot before On-Demand',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Of the priority expander the highest number wins, which reads backwards to many. A list with Spot at 10 ' +
    'and On-Demand at 50 buys On-Demand first, and the whole fleet is paid at the full price without a sign.',
  source: 'github.com/kubernetes/autoscaler, expander/priority/readme; learn.microsoft.com, 2026-08.',
  kinds: ['gitops', 'live'],
  needs: ['expanders'],
  *check(evidence) {
    const poolsOf = knownPools(evidence);
    for (const expander of evidence.expanders) {
      if (!hasAll(expander, 'levels')) {
        yield unsaid(expander, 'levels');
        continue;
      }
      const pools = expander.cluster === undefined ? undefined : poolsOf(expander.cluster);
      yield pools === undefined || pools.length === 0 ? judgeByName(expander) : judgeByPools(expander, pools);
    }
  },
});

function knownPools({ nodePools }: Evidence): (cluster: string) => readonly Pool[] | undefined {
  return nodePools === undefined
    ? () => undefined
    : poolsOfCluster(nodePools, 'name', 'mode', 'capacityType');
}

function judgeByPools(expander: With<ExpanderEvidence, 'levels'>, pools: readonly Pool[]): Observation {
  const users = pools.filter(({ mode }) => mode === 'User');
  const ofType = (type: Pool['capacityType']): readonly Priority[] =>
    users
      .filter(({ capacityType }) => capacityType === type)
      .map(({ name }) => ({
        pool: name,
        priority: priorityOf(expander.levels, `aks-${name}-00000000-vmss`),
      }));
  return compare(expander, ofType('Spot'), ofType('OnDemand'));
}

/** Without the pools, a pattern that says spot is taken for one of Spot pools. */
function judgeByName(expander: With<ExpanderEvidence, 'levels'>): Observation {
  const patterns = expander.levels.flatMap(({ priority, patterns }) =>
    patterns.map((pool) => ({ pool, priority })),
  );
  const spot = patterns.filter(({ pool }) => /spot/i.test(pool));
  const others = patterns.filter(({ pool }) => !/spot/i.test(pool));
  if (spot.length === 0) return undetermined(placeOf(expander, 'levels'), 'which patterns are of Spot pools');
  return compare(expander, spot, others);
}

function compare(
  expander: With<ExpanderEvidence, 'levels'>,
  spot: readonly Priority[],
  others: readonly Priority[],
): Observation {
  const place = placeOf(expander, 'levels');
  const [low] = spot.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const [high] = others.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  if (low === undefined || high === undefined) return held(place);
  const unread = [...spot, ...others].find(({ priority }) => priority === undefined);
  if (unread) return undetermined(place, `which priority ${nameText(unread.pool)} has`);
  if (low.priority! > high.priority!) return held(place);
  const message = `Spot (${nameText(low.pool)}) has ${textOf(low)}, On-Demand (${nameText(high.pool)}) ${textOf(high)}: the highest wins`;
  return broken(place, message, { help: 'give Spot the higher number, e.g. 50 to Spot and 10 to the rest' });
}

function textOf({ priority }: Priority): string {
  return priority === NO_PRIORITY ? 'no priority' : `priority ${priority}`;
}

/** A pool that no pattern matches comes after all others. */
const NO_PRIORITY = -1;

/** The highest priority whose patterns match; undefined where a pattern is more than text and `.*`. */
function priorityOf(levels: readonly ExpanderLevel[], name: string): number | undefined {
  let best = NO_PRIORITY;
  for (const { priority, patterns } of levels) {
    const answers = patterns.map((pattern) => isMatch(pattern, name));
    if (answers.includes(undefined)) return undefined;
    if (answers.includes(true)) best = Math.max(best, priority);
  }
  return best;
}

/**
 * Whether a pattern of plain text and `.*` matches somewhere in the name, as Go searches. Patterns are never
 * run as expressions: those of a stranger could take for ever.
 */
function isMatch(pattern: string, name: string): boolean | undefined {
  const body = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const parts = body.split('.*');
  if (parts.some((part) => !/^[\w-]*$/.test(part))) return undefined;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const isFixed = index === 0 && pattern.startsWith('^');
    const found = isFixed ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return !pattern.endsWith('$') || name.endsWith(parts.at(-1)!);
}
