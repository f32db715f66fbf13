import { compareText } from '../../base/order.ts';
import { StepError } from '../../base/step-error.ts';
import type { openKube } from './kube.ts';

/** A port of a Service, as its clients name it. */
export type ServicePort = { readonly namespace: string; readonly service: string; readonly port: number };

/** A port of one pod. Another pod of the same name has another uid. */
export type PodPort = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly port: number;
};

/** Of an API server what a look at its pods takes. */
export type KubeReader = Pick<ReturnType<typeof openKube>, 'get' | 'list'>;

type Service = {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
  };
};

type Container = {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
};

type Pod = {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

/**
 * The pods that a Service leads to now, by name: those of its selector that are Ready and are not on their way out.
 * Rejects with a StepError where there is no such Service or port.
 */
export async function readyPods(
  kube: KubeReader,
  { namespace, service, port }: ServicePort,
  signal: AbortSignal,
): Promise<readonly PodPort[]> {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace, name: service };
  const { spec } = ((await kube.get(ref, signal)) ?? {}) as Service;
  const target = spec?.ports?.find((each) => each.port === port);
  const labels = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  if (target === undefined || labels.length === 0) {
    const lack =
      spec === undefined
        ? 'is not there'
        : target === undefined
          ? `has no port ${port}`
          : 'selects no pods by labels';
    throw new StepError(`the Service ${namespace}/${service} ${lack}`, {
      advice: 'Argo CD brings it: look whether its Application is synced, or run `bulkhead up`',
    });
  }
  const kind = { apiVersion: 'v1', kind: 'Pod', namespace, labels: labels.join(',') };
  const pods = (await kube.list(kind, signal)) as readonly unknown[] as readonly Pod[];
  return pods
    .filter(isReady)
    .flatMap((pod) => {
      const number = portOf(pod, target.targetPort ?? port);
      const { name, uid } = pod.metadata;
      return number === undefined ? [] : [{ namespace, name, uid, port: number }];
    })
    .toSorted((a, b) => compareText(a.name, b.name));
}

function isReady({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return metadata.deletionTimestamp === undefined && ready?.status === 'True';
}

/** A port that a Service calls by name is another number in each pod that says so. */
function portOf({ spec }: Pod, target: number | string): number | undefined {
  if (typeof target === 'number') return target;
  // A side-car may be an init container that goes on.
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const ports = containers.flatMap(({ ports = [] }) => ports);
  return ports.find(({ name }) => name === target)?.containerPort;
}
