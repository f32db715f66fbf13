import { setTimeout as wait } from 'node:timers/promises';
import type { KubeRequest } from '../../src/adapters/kube/request.ts';
import type { ApiServer } from './api-server.ts';

/**
 * Stands in for what runs in a cluster and an API server alone has not: nodes join, workloads come up, load balancers get
 * an address, CRDs aside, which the API server does itself, and Argo CD makes Applications and syncs them. It looks twice
 * a second; `stop` waits for its last look.
 */
export function runControllers(
  server: ApiServer,
  cluster: {
    /** Address that the mesh's load balancer gets. */
    readonly meshAddress: () => string | undefined;
    /** Names of Applications that Argo CD would make, once it has the root; none on app clusters. */
    readonly applications?: () => readonly string[];
  },
): { readonly stop: () => Promise<void> } {
  const { request } = server;
  const ending = new AbortController();
  const loop = async (): Promise<void> => {
    await joinCluster(request);
    while (!ending.signal.aborted) {
      await raiseWorkloads(request);
      await giveAddresses(request, cluster.meshAddress());
      if (cluster.applications) await syncApplications(request, cluster.applications());
      await wait(500, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const running = loop();
  // Told by `stop`; until then nobody listens.
  running.catch(() => undefined);
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

type Item = {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly generation?: number };
  readonly spec?: { readonly replicas?: number; readonly type?: string };
  readonly status?: Readonly<Record<string, unknown>>;
};

/** What AKS itself brings: a node of the system pool that has no network yet, and three Deployments. */
async function joinCluster(request: KubeRequest): Promise<void> {
  const labels = { 'kubernetes.azure.com/mode': 'system' };
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'aks-system-0', labels } };
  await apply(request, '/api/v1/nodes/aks-system-0', node);
  for (const name of ['coredns', 'konnectivity-agent', 'azure-wi-webhook-controller-manager']) {
    const template = {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'registry.example.org/aks:1' }] },
    };
    const spec = { replicas: 2, selector: { matchLabels: { app: name } }, template };
    const metadata = { name, namespace: 'kube-system' };
    const path = `/apis/apps/v1/namespaces/kube-system/deployments/${name}`;
    await apply(request, path, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
  }
}

async function raiseWorkloads(request: KubeRequest): Promise<void> {
  const hasNetwork = (await items(request, '/apis/apps/v1/namespaces/kube-system/daemonsets')).some(
    ({ metadata }) => metadata.name === 'cilium',
  );
  if (!hasNetwork) return;
  const ready = { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }] };
  await status(request, '/api/v1/nodes/aks-system-0', ready);
  for (const kind of ['deployments', 'statefulsets', 'daemonsets'] as const) {
    for (const { metadata, spec, status: known } of await items(request, `/apis/apps/v1/${kind}`)) {
      const { name, namespace, generation: observedGeneration } = metadata;
      if (known?.['observedGeneration'] === observedGeneration) continue;
      const replicas = spec?.replicas ?? 1;
      const raised =
        kind === 'daemonsets'
          ? {
              desiredNumberScheduled: 1,
              currentNumberScheduled: 1,
              numberMisscheduled: 0,
              numberReady: 1,
              numberAvailable: 1,
              updatedNumberScheduled: 1,
            }
          : { replicas, readyReplicas: replicas, availableReplicas: replicas, updatedReplicas: replicas };
      await status(request, `/apis/apps/v1/namespaces/${namespace}/${kind}/${name}`, {
        observedGeneration,
        ...raised,
      });
    }
  }
}

async function giveAddresses(request: KubeRequest, ip: string | undefined): Promise<void> {
  if (ip === undefined) return;
  for (const { metadata, spec, status: known } of await items(request, '/api/v1/services')) {
    if (spec?.type !== 'LoadBalancer' || known?.['loadBalancer'] === undefined) continue;
    if (Object.keys(known['loadBalancer'] as object).length > 0) continue;
    const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`;
    await status(request, path, { loadBalancer: { ingress: [{ ip }] } });
  }
}

const ARGO = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';

async function syncApplications(request: KubeRequest, names: readonly string[]): Promise<void> {
  const answer = await request('GET', ARGO);
  if (answer.status !== 200) return;
  const there = (answer.body as { readonly items: readonly Item[] }).items;
  if (!there.some(({ metadata }) => metadata.name === 'root')) return;
  const secrets = await items(
    request,
    '/api/v1/namespaces/argocd/secrets?labelSelector=bulkhead.dev/cluster',
  );
  const registered = secrets.map(({ metadata }) => metadata.name.replace(/^cluster-/, ''));
  for (const name of names) {
    const isKnown = name === 'root' || registered.some((cluster) => name.split('.').includes(cluster));
    if (!isKnown) continue;
    const old = there.find(({ metadata }) => metadata.name === name);
    if ((old as { readonly status?: { readonly sync?: object } } | undefined)?.status?.sync) continue;
    if (!old) {
      const cluster = registered.find((each) => name.split('.').includes(each))!;
      const metadata = { name, namespace: 'argocd', labels: { 'bulkhead.dev/cluster': cluster } };
      const spec = {
        project: 'platform',
        destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
        source: { repoURL: 'https://git.example.org/platform.git', path: '.' },
      };
      await apply(request, `${ARGO}/${name}`, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata,
        spec,
      });
    }
    // No status subresource: Argo CD writes it with the object.
    await request('PATCH', `${ARGO}/${name}`, {
      contentType: 'application/merge-patch+json',
      body: JSON.stringify({
        status: { sync: { status: 'Synced' }, health: { status: 'Healthy' }, operationState: undefined },
      }),
    });
  }
}

async function items(request: KubeRequest, path: string): Promise<readonly Item[]> {
  const answer = await request('GET', path);
  return answer.status === 200 ? (answer.body as { readonly items: readonly Item[] }).items : [];
}

async function apply(request: KubeRequest, path: string, object: object): Promise<void> {
  const answer = await request('PATCH', `${path}?fieldManager=controllers&force=true`, {
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify(object),
  });
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

async function status(request: KubeRequest, path: string, value: object): Promise<void> {
  const answer = await request('PATCH', `${path}/status`, {
    contentType: 'application/merge-patch+json',
    body: JSON.stringify({ status: value }),
  });
  // Gone meanwhile: the next look sees it.
  if (answer.status >= 300 && answer.status !== 404)
    throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}
