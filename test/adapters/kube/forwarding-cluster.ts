import type { KubeConnection } from '../../../src/adapters/kube/request.ts';
import { type Answered, type PortForwardEnd, startPortForwardEnd } from '../../support/port-forward-end.ts';

export type FakePod = {
  readonly name: string;
  readonly uid: string;
  readonly isReady?: boolean;
  readonly isEnding?: boolean;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
};

/** An API server with one Service, whose pods the test changes, and with the node behind them. */
export type ForwardingCluster = PortForwardEnd & {
  readonly connection: KubeConnection;
  service: { readonly namespace: string; readonly name: string; readonly port: number };
  pods: readonly FakePod[];
  answer: (pod: string, port: number) => Answered;
  /** Every request for a port, as `pod:port`. */
  readonly dialled: string[];
  /** How often the pods were listed. */
  looks: number;
};

export const SERVICE = { namespace: 'monitoring', service: 'grafana', port: 80 };
export const TOKEN = 'a-token-of-entra';

export async function startForwardingCluster(): Promise<ForwardingCluster> {
  const dialled: string[] = [];
  const state: Pick<ForwardingCluster, 'service' | 'pods' | 'answer' | 'looks'> = {
    service: { namespace: SERVICE.namespace, name: SERVICE.service, port: SERVICE.port },
    pods: [],
    answer: () => ({ status: 404, body: 'pods not found' }),
    looks: 0,
  };
  const end = await startPortForwardEnd(
    ({ pathname, searchParams }) => {
      const pod = /^\/api\/v1\/namespaces\/[^/]+\/pods\/([^/]+)\/portforward$/.exec(pathname)?.[1];
      return pod === undefined ? undefined : { pod, port: Number(searchParams.get('ports')) };
    },
    ({ pod, port, request }) => {
      dialled.push(`${pod}:${port}`);
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: 'Unauthorized' };
      return state.answer(pod, port);
    },
    ({ url = '' }) => {
      if (url === '/api') return discovery();
      if (url === '/apis') return { items: [] };
      const { namespace, name } = state.service;
      if (url === `/api/v1/namespaces/${namespace}/services/${name}`) return serviceObject(state.service);
      if (!url.startsWith(`/api/v1/namespaces/${namespace}/pods?`)) return undefined;
      state.looks += 1;
      const selector = new URL(url, 'https://localhost').searchParams.get('labelSelector');
      return { items: selector === `app=${name}` ? state.pods.map(podObject) : [] };
    },
  );
  const connection = { server: `https://localhost:${end.port}`, ca: end.ca, token: async () => TOKEN };
  return Object.assign(state, { ...end, connection, dialled });
}

function discovery(): object {
  const resources = (['Service', 'Pod'] as const).map((kind) => ({
    resource: `${kind.toLowerCase()}s`,
    responseKind: { kind },
    scope: 'Namespaced',
    verbs: ['get', 'list', 'patch'],
  }));
  return { items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] };
}

function serviceObject({ name, port }: ForwardingCluster['service']): object {
  const spec = { selector: { app: name }, ports: [{ port, targetPort: 'http' }] };
  return { metadata: { name }, spec };
}

/** As the API server lists it. */
export function podObject({ name, uid, isReady = true, isEnding = false, ports }: FakePod): object {
  const ended = isEnding ? { deletionTimestamp: '2026-11-22T00:00:00Z' } : {};
  return {
    metadata: { name, uid, ...ended },
    spec: { containers: [{ ports: ports ?? [{ name: 'http', containerPort: 3000 }] }] },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}
