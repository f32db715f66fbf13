import type { Path } from '../../base/finding.ts';
import type { NodeChoiceEvidence, SpotChoice } from '../kubernetes-evidence.ts';
import { listOf, mapOf, textOf, textsOf, valueAt } from './value-at.ts';

/** AKS puts this label and this taint on Spot nodes (learn.microsoft.com, aks/spot-node-pool, 2026-08). */
export const SPOT_KEY = 'kubernetes.azure.com/scalesetpriority';
/** AKS labels nodes with the mode of their pool; a system pool is never Spot. */
const MODE_KEY = 'kubernetes.azure.com/mode';
/** Keys that choose no capacity type: every pool has nodes of each. */
const NEUTRAL_KEYS = new Set([
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'kubernetes.azure.com/scalesetpriority',
]);

type Expression = { readonly key: string; readonly operator: string; readonly values: readonly string[] };

/** Whether pods with these tolerations may stand on Spot nodes of AKS. */
export function toleratesSpot(tolerations: unknown): boolean {
  return tolerates(tolerations, SPOT_KEY, 'spot', 'NoSchedule');
}

/** Whether one of the tolerations takes the taint away, as the scheduler matches them. */
export function tolerates(tolerations: unknown, key: string, value: string, effect: string): boolean {
  return (listOf(tolerations) ?? []).some((toleration) => {
    const own = textOf(valueAt(toleration, 'key'));
    const operator = textOf(valueAt(toleration, 'operator')) ?? 'Equal';
    const ownEffect = textOf(valueAt(toleration, 'effect')) ?? '';
    if (ownEffect !== '' && ownEffect !== effect) return false;
    if (operator === 'Exists') return own === undefined || own === '' || own === key;
    return own === key && (textOf(valueAt(toleration, 'value')) ?? '') === value;
  });
}

/**
 * How pods with this selector and affinity choose between Spot and other nodes; undefined where they choose
 * by something that does not tell, such as the name of a pool.
 */
export function spotChoiceOf(nodeSelector: unknown, affinity: unknown): SpotChoice | undefined {
  const selected = mapOf(nodeSelector) ?? {};
  if (textOf(selected[SPOT_KEY]) !== undefined) return selected[SPOT_KEY] === 'spot' ? 'only' : 'never';
  const required = requiredTerms(affinity);
  const perTerm = required.map((term) => choiceOf(term.flatMap(expressionOf)));
  if (textOf(selected[MODE_KEY]) === 'system') return 'never';
  const [first] = perTerm;
  // Terms are alternatives: they tell something only where they agree.
  if (first !== undefined && perTerm.every((choice) => choice === first)) return first;
  const preferred = preferredTerms(affinity).map((term) => choiceOf(term.flatMap(expressionOf)));
  if (preferred.includes('only')) return 'preferred';
  if (preferred.includes('never')) return 'avoided';
  const keys = [
    ...Object.keys(selected),
    ...required
      .flat()
      .flatMap(expressionOf)
      .map(({ key }) => key),
  ];
  return keys.every((key) => NEUTRAL_KEYS.has(key)) ? 'none' : undefined;
}

/** Every key by which the pods of a template choose nodes, where it stands. */
export function nodeChoicesIn(pods: string, spec: unknown, path: Path): readonly NodeChoiceEvidence[] {
  const choice = (
    by: NonNullable<NodeChoiceEvidence['by']>,
    key: string,
    values: readonly string[],
    at: Path,
  ) => ({
    path: [...path, ...at],
    pods,
    by,
    key,
    values,
  });
  const tolerations = (listOf(valueAt(spec, 'tolerations')) ?? []).flatMap((toleration, index) => {
    const key = textOf(valueAt(toleration, 'key'));
    const value = textOf(valueAt(toleration, 'value'));
    const values = value === undefined ? [] : [value];
    return key === undefined ? [] : [choice('toleration', key, values, ['tolerations', index, 'key'])];
  });
  const selectors = Object.entries(mapOf(valueAt(spec, 'nodeSelector')) ?? {}).map(([key, value]) =>
    choice('node selector', key, [textOf(value) ?? ''], ['nodeSelector', key]),
  );
  return [...tolerations, ...selectors, ...affinityChoices(spec, choice)];
}

function affinityChoices(
  spec: unknown,
  choice: (by: 'node affinity', key: string, values: readonly string[], at: Path) => NodeChoiceEvidence,
): readonly NodeChoiceEvidence[] {
  const nodeAffinity = ['affinity', 'nodeAffinity'] as const;
  const required = [...nodeAffinity, REQUIRED, 'nodeSelectorTerms'];
  const preferred = [...nodeAffinity, PREFERRED];
  const places: readonly (readonly [Path, unknown])[] = [
    ...(listOf(valueAt(spec, ...required)) ?? []).map((term, index) => [[...required, index], term] as const),
    ...(listOf(valueAt(spec, ...preferred)) ?? []).map(
      (term, index) => [[...preferred, index, 'preference'], valueAt(term, 'preference')] as const,
    ),
  ];
  return places.flatMap(([at, term]) =>
    (listOf(valueAt(term, 'matchExpressions')) ?? []).flatMap((expression, index) => {
      const key = textOf(valueAt(expression, 'key'));
      if (key === undefined) return [];
      const values = textsOf(valueAt(expression, 'values')) ?? [];
      return [choice('node affinity', key, values, [...at, 'matchExpressions', index, 'key'])];
    }),
  );
}

/** Topology keys over which the pods are spread, or kept apart by anti-affinity. */
export function spreadOver(spec: unknown): readonly string[] {
  const keyOf = (item: unknown): readonly string[] => {
    const key = textOf(valueAt(item, 'topologyKey'));
    return key === undefined ? [] : [key];
  };
  const apart = ['affinity', 'podAntiAffinity'] as const;
  return [
    ...new Set([
      ...(listOf(valueAt(spec, 'topologySpreadConstraints')) ?? []).flatMap(keyOf),
      ...(listOf(valueAt(spec, ...apart, REQUIRED)) ?? []).flatMap(keyOf),
      ...(listOf(valueAt(spec, ...apart, PREFERRED)) ?? []).flatMap((item) =>
        keyOf(valueAt(item, 'podAffinityTerm')),
      ),
    ]),
  ];
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The expressions of each term that a node must match. */
function requiredTerms(affinity: unknown): readonly (readonly unknown[])[] {
  const terms = listOf(valueAt(affinity, 'nodeAffinity', REQUIRED, 'nodeSelectorTerms')) ?? [];
  return terms.map((term) => listOf(valueAt(term, 'matchExpressions')) ?? []);
}

function preferredTerms(affinity: unknown): readonly (readonly unknown[])[] {
  const terms = listOf(valueAt(affinity, 'nodeAffinity', PREFERRED)) ?? [];
  return terms.map((term) => listOf(valueAt(term, 'preference', 'matchExpressions')) ?? []);
}

function expressionOf(value: unknown): readonly Expression[] {
  const key = textOf(valueAt(value, 'key'));
  if (key === undefined) return [];
  const operator = textOf(valueAt(value, 'operator')) ?? 'In';
  return [{ key, operator, values: textsOf(valueAt(value, 'values')) ?? [] }];
}

/** What the expressions of one term, which all hold, say about Spot nodes. */
function choiceOf(expressions: readonly Expression[]): 'only' | 'never' | undefined {
  for (const { key, operator, values } of expressions) {
    if (key === MODE_KEY && operator === 'In' && values.every((value) => value === 'system')) return 'never';
    if (key !== SPOT_KEY) continue;
    const isSpotNamed = values.includes('spot');
    if (operator === 'DoesNotExist' || (operator === 'NotIn' && isSpotNamed)) return 'never';
    if (operator === 'Exists' || (operator === 'In' && isSpotNamed)) return 'only';
    if (operator === 'In') return 'never';
  }
  return undefined;
}
