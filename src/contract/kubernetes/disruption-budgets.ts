import type { DisruptionBudget } from '../kubernetes-evidence.ts';
import { factAt, isOf, type KubernetesObject, namePath, objectText } from './object.ts';
import type { PlacedObject } from './placed-object.ts';
import { listOf, mapOf, textOf, textsOf, valueAt } from './value-at.ts';

/** Answers the budgets that select an object's pods; undefined when one that is not known could. */
export type BudgetFinder = (
  object: PlacedObject,
  podLabels: unknown,
  replicas: number | undefined,
) => readonly DisruptionBudget[] | undefined;

/** A bound of a budget as written: a number of pods, or a share of them. */
export type DisruptionBound = { readonly minAvailable?: unknown; readonly maxUnavailable?: unknown };

/**
 * The budgets among the objects, by the pods that they select. `isWhole` says whether a budget that is not
 * among the objects does not exist.
 */
export function budgetsOf(objects: readonly PlacedObject[], isWhole: boolean): BudgetFinder {
  const budgets = objects.filter((object) => isOf(object, 'policy', 'PodDisruptionBudget'));
  return (object, podLabels, replicas) => {
    const own = budgets.filter(
      (budget) =>
        budget.namespace === object.namespace &&
        mayMeet(budget.clusters, object.clusters) &&
        selects(valueAt(budget.value, 'spec', 'selector'), podLabels),
    );
    if (own.length === 0 && !isWhole) return undefined;
    return own.map((budget) => ({
      name: objectText(budget),
      path: namePath(budget),
      allowed: evictionsOf(budget, replicas),
    }));
  };
}

/**
 * Evictions at a time that a bound leaves while all replicas are healthy: shares are rounded up, as the
 * disruption controller does; undefined when that is not known.
 */
export function evictionsAllowed(
  { minAvailable, maxUnavailable }: DisruptionBound,
  replicas: number | undefined,
): number | undefined {
  if (maxUnavailable !== undefined) return podsOf(maxUnavailable, replicas);
  const kept = minAvailable === undefined ? undefined : podsOf(minAvailable, replicas);
  return kept === undefined || replicas === undefined ? undefined : Math.max(0, replicas - kept);
}

function evictionsOf(budget: KubernetesObject, replicas: number | undefined): number | undefined {
  const bound = factAt(budget, ['spec'], mapOf);
  return bound && evictionsAllowed(bound, replicas);
}

function podsOf(bound: unknown, replicas: number | undefined): number | undefined {
  const text = textOf(bound) ?? '';
  const percent = /^(\d{1,5})%$/.exec(text)?.[1];
  if (percent !== undefined) {
    if (Number(percent) === 0) return 0;
    return replicas === undefined ? undefined : Math.ceil((Number(percent) * replicas) / 100);
  }
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}

/** Whether both could be in one cluster, as far as is known. */
function mayMeet(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === undefined || b === undefined || a.some((cluster) => b.includes(cluster));
}

/** As Kubernetes matches labels; in `policy/v1`, an empty selector selects every pod of the namespace. */
function selects(selector: unknown, labels: unknown): boolean {
  if (selector === undefined) return false;
  const labelled = (key: string): string | undefined => textOf(valueAt(labels, key));
  const isEqual = Object.entries(mapOf(valueAt(selector, 'matchLabels')) ?? {}).every(
    ([key, value]) => labelled(key) === textOf(value),
  );
  return (
    isEqual &&
    (listOf(valueAt(selector, 'matchExpressions')) ?? []).every((expression) => {
      const value = labelled(textOf(valueAt(expression, 'key')) ?? '');
      const values = textsOf(valueAt(expression, 'values')) ?? [];
      switch (valueAt(expression, 'operator')) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
