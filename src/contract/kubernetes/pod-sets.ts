import { type Path, pathText } from '../../base/finding.ts';
import { parseCpuMillis, parseMemoryMiB } from '../../base/quantity.ts';
import { hasAll, type Resources, type WorkloadEvidence } from '../evidence.ts';
import type { NodeChoiceEvidence, PodSetEvidence } from '../kubernetes-evidence.ts';
import { nameText } from '../wording.ts';
import { budgetsOf, type BudgetFinder } from './disruption-budgets.ts';
import {
  annotationOf,
  factAt,
  isOf,
  type KubernetesObject,
  labelOf,
  namePath,
  objectText,
} from './object.ts';
import { nodeChoicesIn, spotChoiceOf, spreadOver, toleratesSpot } from './pod-spec.ts';
import type { PlacedObject } from './placed-object.ts';
import { listOf, mapOf, numberOf, textOf, valueAt } from './value-at.ts';

/** What Kubernetes takes where a pod does not say how long it needs to end. */
const GRACE_SECONDS = 30;
/** On a workload of which no eviction is to be suffered, as `critical: true` is in the fleet file. */
const CRITICAL_LABEL = 'bulkhead.dev/critical';

/** What the pods of one template are: the object that makes them, their labels and where the spec stands. */
type PodTemplate = { readonly spec: unknown; readonly labels: unknown; readonly at: readonly string[] };

/**
 * The Deployments, StatefulSets and Rollouts among the objects. `isWhole` says whether an object that is not
 * among them does not exist.
 */
export function podSetsOf(objects: readonly PlacedObject[], isWhole: boolean): readonly PodSetEvidence[] {
  const budgets = budgetsOf(objects, isWhole);
  const scalers = scalersOf(objects);
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (template === undefined || !isScaled(object)) return [];
    return [podSet(object, template, budgets, scalers)];
  });
}

/** Every key by which a pod of any object chooses its node. */
export function nodeChoicesOf(objects: readonly PlacedObject[]): readonly NodeChoiceEvidence[] {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (template === undefined) return [];
    return nodeChoicesIn(objectText(object), template.spec, [...object.path, ...template.at]);
  });
}

/** The pods that are a team's, as workloads of the fleet. */
export function workloadsOf(
  objects: readonly PlacedObject[],
  podSets: readonly PodSetEvidence[],
): readonly WorkloadEvidence[] {
  // Not by name: each cluster may have an object of its own.
  const byPath = new Map(objects.map((object) => [pathText(namePath(object)), object]));
  return podSets.flatMap((set): WorkloadEvidence[] => {
    if (set.isPlatform !== false || !hasAll(set, 'name')) return [];
    const object = byPath.get(pathText(set.path));
    const clusters = object?.clusters;
    const isSaid = set.containersWithoutRequests !== undefined;
    const requests = object && isSaid ? podRequests(templateOf(object)?.spec) : undefined;
    const { replicas, containersWithoutRequests } = set.places ?? {};
    return [
      {
        path: set.path,
        places: {
          ...(replicas ? { replicas } : {}),
          ...(containersWithoutRequests ? { podRequests: containersWithoutRequests } : {}),
        },
        name: set.name,
        ...(clusters === undefined ? {} : { clusters }),
        ...(set.replicas === undefined ? {} : { replicas: set.replicas }),
        ...(set.isCritical === undefined ? {} : { isCritical: set.isCritical }),
        ...(requests === undefined ? {} : { podRequests: requests }),
      },
    ];
  });
}

/**
 * The sum of what the containers ask for; a limit counts as a request of as much, and one that asks for nothing as
 * nothing. Undefined where a quantity cannot be read.
 */
function podRequests(spec: unknown): Resources | undefined {
  const containers = listOf(valueAt(spec, 'containers'));
  const sum = (resource: string, parse: (text: string) => number | undefined): number | undefined =>
    containers?.reduce<number | undefined>((total, container) => {
      const written =
        valueAt(container, 'resources', 'requests', resource) ??
        valueAt(container, 'resources', 'limits', resource);
      const amount = written === undefined ? 0 : parse(textOf(written) ?? '');
      return total === undefined || amount === undefined ? undefined : total + amount;
    }, 0);
  const [cpuMillis, memoryMiB] = [sum('cpu', parseCpuMillis), sum('memory', parseMemoryMiB)];
  return cpuMillis === undefined || memoryMiB === undefined ? undefined : { cpuMillis, memoryMiB };
}

function podSet(
  object: PlacedObject,
  { spec, labels, at }: PodTemplate,
  budgets: BudgetFinder,
  scalers: ScalerFinder,
): PodSetEvidence {
  const pod = (...path: readonly string[]): Path => [...object.path, ...at, ...path];
  const isSaid = (...path: readonly string[]): boolean =>
    factAt(object, [...at, ...path], () => true, true) !== undefined;
  const grace = factAt(object, [...at, 'terminationGracePeriodSeconds'], numberOf, GRACE_SECONDS);
  const isSpotSaid = ['tolerations', 'nodeSelector', 'affinity'].every((key) => isSaid(key));
  const choice = isSpotSaid
    ? spotChoiceOf(valueAt(spec, 'nodeSelector'), valueAt(spec, 'affinity'))
    : undefined;
  const scaled = scalers(object);
  const replicas = scaled ? scaled.replicas : factAt(object, ['spec', 'replicas'], numberOf, 1);
  const found = budgets(object, labels, replicas);
  return {
    path: namePath(object),
    places: {
      replicas: scaled?.path ?? [...object.path, 'spec', 'replicas'],
      toleratesSpot: pod('tolerations'),
      spotChoice: pod('affinity'),
      graceSeconds: pod('terminationGracePeriodSeconds'),
      spreadOver: pod('topologySpreadConstraints'),
      containersWithoutRequests: pod('containers'),
    },
    name: objectText(object),
    isPlatform: object.isPlatform,
    isCritical: isCritical(object, spec),
    hasState: hasState(object, spec),
    ...(replicas === undefined ? {} : { replicas }),
    ...(isSpotSaid ? { toleratesSpot: toleratesSpot(valueAt(spec, 'tolerations')) } : {}),
    ...(choice === undefined ? {} : { spotChoice: choice }),
    ...(grace === undefined ? {} : { graceSeconds: grace }),
    ...(isSaid('affinity') && isSaid('topologySpreadConstraints') ? { spreadOver: spreadOver(spec) } : {}),
    ...(isSaid('containers') ? { containersWithoutRequests: withoutRequests(spec) } : {}),
    ...(found === undefined ? {} : { budgets: found }),
  };
}

/** The template of an object's pods; undefined where it makes none. */
function templateOf(object: KubernetesObject): PodTemplate | undefined {
  const at = templatePath(object);
  if (at === undefined) return undefined;
  const template = valueAt(object.value, ...at);
  const spec = valueAt(template, 'spec');
  if (mapOf(spec) === undefined) return undefined;
  return { spec, labels: valueAt(template, 'metadata', 'labels'), at: [...at, 'spec'] };
}

function templatePath(object: KubernetesObject): readonly string[] | undefined {
  if (isOf(object, 'batch', 'CronJob')) return ['spec', 'jobTemplate', 'spec', 'template'];
  const makesPods =
    isScaled(object) || isOf(object, 'apps', 'DaemonSet', 'ReplicaSet') || isOf(object, 'batch', 'Job');
  return makesPods ? ['spec', 'template'] : undefined;
}

function isScaled(object: KubernetesObject): boolean {
  return isOf(object, 'apps', 'Deployment', 'StatefulSet') || isOf(object, 'argoproj.io', 'Rollout');
}

function isCritical(object: KubernetesObject, spec: unknown): boolean {
  const priority = textOf(valueAt(spec, 'priorityClassName')) ?? '';
  return (
    labelOf(object, CRITICAL_LABEL) === 'true' ||
    annotationOf(object, CRITICAL_LABEL) === 'true' ||
    /^system-.*-critical$/.test(priority)
  );
}

function hasState({ value }: KubernetesObject, spec: unknown): boolean {
  if ((listOf(valueAt(value, 'spec', 'volumeClaimTemplates')) ?? []).length > 0) return true;
  return (listOf(valueAt(spec, 'volumes')) ?? []).some(
    (volume) => valueAt(volume, 'persistentVolumeClaim') !== undefined,
  );
}

/** Containers that do not say how much CPU or memory they need; a limit counts as a request of as much. */
function withoutRequests(spec: unknown): readonly string[] {
  const isMissing = (container: unknown, resource: string): boolean =>
    valueAt(container, 'resources', 'requests', resource) === undefined &&
    valueAt(container, 'resources', 'limits', resource) === undefined;
  return (listOf(valueAt(spec, 'containers')) ?? []).flatMap((container) => {
    if (!isMissing(container, 'cpu') && !isMissing(container, 'memory')) return [];
    return [nameText(textOf(valueAt(container, 'name')) ?? 'a container')];
  });
}

/** What else decides how many replicas there are at least; undefined where nothing does. */
type ScalerFinder = (
  object: PlacedObject,
) => { readonly replicas: number | undefined; readonly path: Path } | undefined;

function scalersOf(objects: readonly PlacedObject[]): ScalerFinder {
  const scalers = objects.flatMap((object) => {
    const isKeda = isOf(object, 'keda.sh', 'ScaledObject');
    if (!isKeda && !isOf(object, 'autoscaling', 'HorizontalPodAutoscaler')) return [];
    // KEDA scales to nothing unless told otherwise; the autoscaler of Kubernetes to one.
    const [key, fallback] = isKeda ? ['minReplicaCount', 0] : ['minReplicas', 1];
    const target = valueAt(object.value, 'spec', 'scaleTargetRef');
    return [
      {
        namespace: object.namespace,
        name: textOf(valueAt(target, 'name')),
        kind: textOf(valueAt(target, 'kind')) ?? 'Deployment',
        replicas: factAt(object, ['spec', String(key)], numberOf, Number(fallback)),
        path: [...object.path, 'spec', String(key)],
      },
    ];
  });
  return (object) =>
    scalers.find(
      ({ namespace, name, kind }) =>
        namespace === object.namespace && name === object.name && kind === object.kind,
    );
}
