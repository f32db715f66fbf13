import type { Path } from '../../base/finding.ts';
import type { PodSetEvidence, WebhookEvidence } from '../kubernetes-evidence.ts';
import { type DisruptionBound, evictionsAllowed } from '../kubernetes/disruption-budgets.ts';
import { spotChoiceOf, toleratesSpot } from '../kubernetes/pod-spec.ts';
import { booleanOf, listOf, mapOf, numberOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import type { Release } from './deployments.ts';
import { type LayeredValues, valuesFact, valuesKeys } from './layered-values.ts';

/** Where a chart takes what its pods are from. */
type ChartPart = {
  readonly name: string;
  readonly at: readonly string[];
  readonly replicas: string;
  /** The chart's own number. */
  readonly replicasDefault: number;
  readonly budget: readonly string[];
  /** Whether a budget has a switch; else it is there as soon as anything is written into it. */
  readonly hasBudgetSwitch: boolean;
  /** The bound that the chart sets where the values switch a budget on and name none. */
  readonly bound: DisruptionBound;
  /** The switch without which there are no such pods, and what the chart has it at. */
  readonly isOn?: { readonly at: readonly string[]; readonly byDefault: boolean };
  /** Where volumes that outlive the pods are asked for. */
  readonly volumes?: readonly string[];
};

const cilium = (name: string, at: readonly string[], more: Partial<ChartPart> = {}): ChartPart => ({
  name,
  at,
  replicas: 'replicas',
  replicasDefault: 1,
  budget: [...at, 'podDisruptionBudget'],
  hasBudgetSwitch: true,
  bound: { maxUnavailable: 1 },
  ...more,
});
const externalSecrets = (name: string, at: readonly string[], more: Partial<ChartPart> = {}): ChartPart => ({
  ...cilium(name, at),
  replicas: 'replicaCount',
  bound: { minAvailable: 1 },
  ...more,
});
const argoCd = (name: string, at: string): ChartPart => ({
  ...cilium(name, [at]),
  budget: [at, 'pdb'],
  // What a budget without a bound of its own comes to is the template's affair.
  bound: {},
});
/** Parts that the operator makes have their pods below `spec`, and their budget beside it. */
const prometheus = (name: string, at: string, spec?: string): ChartPart => ({
  ...cilium(name, spec === undefined ? [at] : [at, spec]),
  budget: [at, 'podDisruptionBudget'],
  bound: { minAvailable: 1 },
  isOn: { at: [at, 'enabled'], byDefault: true },
});

/**
 * Switches and defaults of the charts Cilium 1.20.0, External Secrets 2.9.0, Argo CD 10.1.1 and
 * kube-prometheus-stack 88.5.3, with kube-state-metrics 8.4.0 and Grafana 12.11.1 inside.
 */
const PARTS = new Map<string, readonly ChartPart[]>(
  Object.entries({
    cilium: [
      cilium('the operator', ['operator'], { replicasDefault: 2 }),
      cilium('the relay', ['hubble', 'relay'], {
        isOn: { at: ['hubble', 'relay', 'enabled'], byDefault: false },
      }),
      cilium('the mesh API', ['clustermesh', 'apiserver'], {
        isOn: { at: ['clustermesh', 'useAPIServer'], byDefault: false },
      }),
    ],
    'external-secrets': [
      externalSecrets('the controller', []),
      externalSecrets('the webhook', ['webhook'], { isOn: { at: ['webhook', 'create'], byDefault: true } }),
    ],
    'argo-cd': [
      argoCd('the controller', 'controller'),
      argoCd('the server', 'server'),
      argoCd('the repository server', 'repoServer'),
      argoCd('the ApplicationSet controller', 'applicationSet'),
    ],
    'kube-prometheus-stack': [
      prometheus('the operator', 'prometheusOperator'),
      {
        ...prometheus('Prometheus', 'prometheus', 'prometheusSpec'),
        volumes: ['prometheus', 'prometheusSpec', 'storageSpec', 'volumeClaimTemplate'],
      },
      {
        ...prometheus('Alertmanager', 'alertmanager', 'alertmanagerSpec'),
        volumes: ['alertmanager', 'alertmanagerSpec', 'storage', 'volumeClaimTemplate'],
      },
      { ...prometheus('Grafana', 'grafana'), hasBudgetSwitch: false },
      {
        ...prometheus('kube-state-metrics', 'kube-state-metrics'),
        hasBudgetSwitch: false,
        isOn: { at: ['kubeStateMetrics', 'enabled'], byDefault: true },
      },
    ],
  }),
);

/** The pods of a release, where the chart is one whose values are known here. */
export function chartPods({ chart, cluster, values }: Release): readonly PodSetEvidence[] {
  return (PARTS.get(chart) ?? []).flatMap((part): PodSetEvidence[] => {
    const isOn = part.isOn && valuesFact(values, part.isOn.at, booleanOf, part.isOn.byDefault).value;
    if (part.isOn && isOn !== true) return [];
    const where = cluster === undefined ? '' : ` on ${cluster}`;
    return [podSetOf(part, values, `${part.name} of ${chart}${where}`)];
  });
}

/** The webhook of External Secrets: without an answer of it, nothing of its kind is written or deleted. */
export function chartWebhooks({ chart, cluster, values }: Release): readonly WebhookEvidence[] {
  if (chart !== 'external-secrets') return [];
  if (valuesFact(values, ['webhook', 'create'], booleanOf, true).value === false) return [];
  const policy = valuesFact(values, ['webhook', 'failurePolicy'], textOf, 'Fail');
  const replicas = valuesFact(values, ['webhook', 'replicaCount'], numberOf, 1);
  return [
    {
      path: policy.path,
      places: { replicas: replicas.path },
      name: `the webhook of external-secrets${cluster === undefined ? '' : ` on ${cluster}`}`,
      ...(policy.value === undefined ? {} : { failurePolicy: policy.value }),
      ...(replicas.value === undefined ? {} : { replicas: replicas.value }),
    },
  ];
}

function podSetOf(part: ChartPart, values: LayeredValues, name: string): PodSetEvidence {
  // A list of a part replaces the one for the whole chart.
  const own = (key: string): { readonly value: unknown; readonly path: Path } => {
    const fact = valuesFact(values, [...part.at, key], (value) => value);
    const isSet = fact.value !== undefined && listOf(fact.value)?.length !== 0;
    return isSet ? fact : valuesFact(values, ['global', key], (value) => value);
  };
  const replicas = valuesFact(values, [...part.at, part.replicas], numberOf, part.replicasDefault);
  const [tolerations, selector, affinity] = [own('tolerations'), own('nodeSelector'), own('affinity')];
  const isSaid = values.isWhole || tolerations.value !== undefined;
  const choice = values.isWhole ? spotChoiceOf(selector.value, affinity.value) : undefined;
  const budget = budgetOf(part, values, replicas.value, name);
  const hasState = part.volumes === undefined ? false : hasKeysAt(values, part.volumes);
  return {
    path: replicas.path,
    places: { toleratesSpot: tolerations.path },
    name,
    isPlatform: true,
    isCritical: false,
    ...(hasState === undefined ? {} : { hasState }),
    ...(replicas.value === undefined ? {} : { replicas: replicas.value }),
    ...(isSaid ? { toleratesSpot: toleratesSpot(tolerations.value) } : {}),
    ...(choice === undefined ? {} : { spotChoice: choice }),
    ...(budget === undefined ? {} : { budgets: budget }),
  };
}

function budgetOf(
  part: ChartPart,
  values: LayeredValues,
  replicas: number | undefined,
  name: string,
): PodSetEvidence['budgets'] {
  const at = part.budget;
  const isOn = part.hasBudgetSwitch
    ? valuesFact(values, [...at, 'enabled'], booleanOf, false)
    : { value: hasKeysAt(values, at), path: valuesFact(values, at, mapOf).path };
  if (isOn.value === undefined) return undefined;
  if (!isOn.value) return [];
  const bound = (key: string): unknown => {
    const text = valuesFact(values, [...at, key], textOf).value;
    return text === '' ? undefined : text;
  };
  const written = { minAvailable: bound('minAvailable'), maxUnavailable: bound('maxUnavailable') };
  const isWritten = written.minAvailable !== undefined || written.maxUnavailable !== undefined;
  const allowed = evictionsAllowed(isWritten ? written : part.bound, replicas);
  return [{ name: `the budget of ${name}`, path: isOn.path, allowed }];
}

/** Whether anything is written into a map of the values. */
function hasKeysAt(values: LayeredValues, keys: readonly string[]): boolean | undefined {
  return valuesKeys(values, keys).size > 0 || (values.isWhole ? false : undefined);
}

/** ServiceAccounts among the values of a chart that ask Entra for tokens, with the place of each. */
export function chartTokenUsers(
  release: Release,
): readonly { readonly path: Path; readonly name: string | undefined }[] {
  const { values } = release;
  const parts = new Map<string, readonly string[]>();
  for (const { value } of values.layers) {
    for (const keys of accountsIn(value, [])) parts.set(keys.join('.'), keys);
  }
  return [...parts.values()].map((keys) => {
    const name = valuesFact(values, [...keys, 'name'], textOf);
    const clientId = valuesFact(values, [...keys, 'annotations', CLIENT_ID], (value) => value);
    return { path: name.value === undefined ? clientId.path : name.path, name: name.value };
  });
}

const CLIENT_ID = 'azure.workload.identity/client-id';

function accountsIn(value: unknown, keys: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const own = valueAt(value, 'annotations', CLIENT_ID) === undefined ? [] : [keys];
  return [
    ...(keys.at(-1)?.toLowerCase().endsWith('serviceaccount') ? own : []),
    ...Object.entries(value).flatMap(([key, inner]) => accountsIn(inner, [...keys, key])),
  ];
}
