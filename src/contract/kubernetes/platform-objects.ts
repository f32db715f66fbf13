import { readSyntax } from '../../fleet/yaml-syntax.ts';
import { sourceText } from '../../fleet/source-text.ts';
import { plant } from '../../fleet/yaml-tree.ts';
import type {
  ExpanderEvidence,
  ExpanderLevel,
  GlobalServiceEvidence,
  PodSetEvidence,
  WebhookEvidence,
} from '../kubernetes-evidence.ts';
import { annotationOf, factAt, isOf, type KubernetesObject, namePath, objectText } from './object.ts';
import type { PlacedObject } from './placed-object.ts';
import { nameText } from '../wording.ts';
import { listOf, mapOf, numberOf, textOf, textsOf, valueAt } from './value-at.ts';

const EXPANDER = 'cluster-autoscaler-priority-expander';
const GLOBAL = 'service.cilium.io/global';
const SHARED = 'service.cilium.io/shared';
/** Azure's own namespaces: what stands there is not the fleet's to mend. */
const AZURE_NAMESPACES = new Set(['kube-system', 'gatekeeper-system', 'calico-system', 'aks-command']);

/** The autoscaler's lists of priorities. */
export function expandersOf(objects: readonly PlacedObject[]): readonly ExpanderEvidence[] {
  return objects.flatMap((object): ExpanderEvidence[] => {
    if (!isOf(object, '', 'ConfigMap') || object.name !== EXPANDER) return [];
    const text = factAt(object, ['data', 'priorities'], textOf);
    const levels = text === undefined ? undefined : levelsOf(text);
    const item = {
      path: namePath(object),
      places: { levels: [...object.path, 'data', 'priorities'] },
      ...(levels === undefined ? {} : { levels }),
    };
    return object.clusters === undefined ? [item] : object.clusters.map((cluster) => ({ ...item, cluster }));
  });
}

/** A YAML map within a text: priorities to lists of patterns. */
function levelsOf(text: string): readonly ExpanderLevel[] | undefined {
  const value = yamlIn(text);
  const entries = Object.entries(mapOf(value) ?? {});
  const levels = entries.map(([key, patterns]) => ({ priority: numberOf(key), patterns: textsOf(patterns) }));
  return levels.every(
    (level): level is ExpanderLevel => level.priority !== undefined && level.patterns !== undefined,
  )
    ? levels
    : undefined;
}

/** The value of YAML that stands within a text; undefined where it cannot be read. */
export function yamlIn(text: string): unknown {
  const { root, problems } = readSyntax(text);
  if (root === null || problems.length > 0) return undefined;
  const { branch, drafts } = plant(root, sourceText('', text));
  return drafts.length > 0 ? undefined : branch?.tree.value;
}

/** Services that have an annotation of the mesh. */
export function globalServicesOf(objects: readonly PlacedObject[]): readonly GlobalServiceEvidence[] {
  return objects.flatMap((object): GlobalServiceEvidence[] => {
    const global = annotationOf(object, GLOBAL);
    if (!isOf(object, '', 'Service') || global === undefined) return [];
    const isText = typeof valueAt(object.value, 'metadata', 'annotations', GLOBAL) === 'string';
    const selector = factAt(object, ['spec', 'selector'], mapOf, {});
    const shares = selector && Object.keys(selector).length > 0 && annotationOf(object, SHARED) !== 'false';
    const item = {
      path: namePath(object),
      places: { global: [...object.path, 'metadata', 'annotations', GLOBAL] },
      name: `${nameText(object.namespace ?? 'default')}/${nameText(object.name)}`,
      global,
      isText,
      ...(shares === undefined ? {} : { shares }),
    };
    return object.clusters === undefined ? [item] : object.clusters.map((cluster) => ({ ...item, cluster }));
  });
}

/** Webhooks that the API server asks before it writes, with the number of pods that answer. */
export function webhooksOf(
  objects: readonly PlacedObject[],
  podSets: readonly PodSetEvidence[],
): readonly WebhookEvidence[] {
  return objects.flatMap((object): WebhookEvidence[] => {
    const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
    if (!isOf(object, 'admissionregistration.k8s.io', ...kinds)) return [];
    const hooks = listOf(valueAt(object.value, 'webhooks')) ?? [];
    const services = hooks.map((hook) => valueAt(hook, 'clientConfig', 'service'));
    const namespaces = services.map((service) => textOf(valueAt(service, 'namespace')));
    if (namespaces.every((namespace) => namespace !== undefined && AZURE_NAMESPACES.has(namespace)))
      return [];
    const fails = hooks.some((hook) => (textOf(valueAt(hook, 'failurePolicy')) ?? 'Fail') === 'Fail');
    const replicas = replicasBehind(objects, podSets, object, services[0]);
    return [
      {
        path: namePath(object),
        name: objectText(object),
        failurePolicy: fails ? 'Fail' : 'Ignore',
        ...(replicas === undefined ? {} : { replicas }),
      },
    ];
  });
}

/** The replicas of the pods that a Service selects; undefined where they are not among the objects. */
function replicasBehind(
  objects: readonly PlacedObject[],
  podSets: readonly PodSetEvidence[],
  hook: PlacedObject,
  service: unknown,
): number | undefined {
  const [name, namespace] = [textOf(valueAt(service, 'name')), textOf(valueAt(service, 'namespace'))];
  const isThere = (object: PlacedObject): boolean =>
    object.namespace === namespace &&
    (hook.clusters === undefined ||
      object.clusters === undefined ||
      hook.clusters.some((cluster) => object.clusters!.includes(cluster)));
  const target = objects.find(
    (object) => isOf(object, '', 'Service') && object.name === name && isThere(object),
  );
  const selector = Object.entries(mapOf(valueAt(target?.value, 'spec', 'selector')) ?? {});
  if (selector.length === 0) return undefined;
  const pods = objects.find((object: KubernetesObject & PlacedObject) => {
    const labels = valueAt(object.value, 'spec', 'template', 'metadata', 'labels');
    return (
      isThere(object) &&
      labels !== undefined &&
      selector.every(([key, value]) => valueAt(labels, key) === value)
    );
  });
  const set = pods && podSets.find(({ path }) => path.join('\0') === namePath(pods).join('\0'));
  return set?.replicas;
}
