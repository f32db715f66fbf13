import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ClusterPlan, Platform } from '../src/model/platform.ts';
import type { Loose } from '../test/gitops/any-platform.ts';
import { chartPods, examplePlatforms } from '../test/gitops/chart-pods.ts';
import { atlas, platformOf } from '../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { type ClusterObject, nodesOf, podsOf, podsOfChart } from './support/cluster-pods.ts';
import { waitFor } from './support/processes.ts';
import { startScheduler } from './support/scheduler.ts';
import { provenBy } from './support/tools.ts';

/** The scheduler binds a hundred pods in a second or two; one that is still Pending then stays so. */
const PATIENCE_SECONDS = 30;

describe(
  'a real scheduler finds a node for every pod',
  provenBy('kube-apiserver', 'etcd', 'kube-scheduler'),
  () => {
    let server: ApiServer;
    let scheduler: ReturnType<typeof startScheduler>;
    before(async () => {
      server = await startApiServer();
      scheduler = startScheduler(server);
    });
    after(async () => {
      await scheduler?.stop();
      await server?.stop();
    });

    const variants = (['demo', 'production'] as const).flatMap((environment) => [
      { name: `csi/${environment}`, platform: platformOf(atlas({ secrets: { sync: 'csi' } }), environment) },
      {
        name: `no mesh/${environment}`,
        platform: platformOf(atlas({ network: { clusterMesh: false } }), environment),
      },
    ]);
    for (const { name, platform } of [...examplePlatforms(), ...variants]) {
      for (const cluster of platform.clusters) {
        test(`${name} ${cluster.name}`, async () => {
          const nodes = await makeNodes(platform, cluster);
          const wanted = podsOf(platform, cluster, nodes);
          for (const { pod } of wanted) await make(pod);
          const pending = await pendingPods(wanted.length);
          const owners = new Map(wanted.map(({ pod, owner }) => [pod.metadata.name, owner]));
          assert.deepEqual(
            pending.map(({ name: pod, why }) => `${owners.get(pod)} ${pod}: ${why}`),
            [],
          );
          console.log(`${name} ${cluster.name}: ${wanted.length} pods on ${nodes.length} nodes`);
          await clear();
        });
      }
    }

    test('the proof can fail: an operator without our toleration stays Pending, and so does a second one', async () => {
      const platform = platformOf(atlas());
      const [mgmt] = platform.clusters as [ClusterPlan];
      const nodes = await makeNodes(platform, mgmt);
      const operator = chartPods(platform).find(({ planned }) => planned.name === 'cilium-operator')!;
      const [pod] = podsOfChart(operator, nodes);
      await make(pod);
      await make(renamed(pod, 'second-operator', {}));
      await make(renamed(pod, 'bare-operator', { tolerations: [] }));
      const pending = await pendingPods(3, 5);
      assert.deepEqual(pending.map(({ name }) => name).toSorted(), ['bare-operator', 'second-operator']);
      const bare = pending.find(({ name }) => name === 'bare-operator');
      assert.match(bare!.why, /untolerated taint/);
      await clear();
    });

    async function makeNodes(platform: Platform, cluster: ClusterPlan): Promise<ClusterObject[]> {
      const nodes = nodesOf(platform, cluster);
      for (const node of nodes) {
        await ask('POST', '/api/v1/nodes', node);
        // Admission taints a new node as not ready, and no controller runs here that would take that away.
        await ask('PATCH', `/api/v1/nodes/${node.metadata.name}`, { spec: { taints: node.spec.taints } });
      }
      return nodes;
    }

    async function make(pod: ClusterObject): Promise<void> {
      const { namespace } = pod.metadata;
      const found = await server.request('GET', `/api/v1/namespaces/${namespace}`);
      if (found.status === 404) await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
      await ask('POST', `/api/v1/namespaces/${namespace}/pods`, pod);
    }

    /** Pods without a node once all others have one; a pod that another one drove out counts as well. */
    async function pendingPods(
      count: number,
      seconds = PATIENCE_SECONDS,
    ): Promise<{ name: string; why: string }[]> {
      let pods: Loose[] = [];
      const isDone = async (): Promise<true | undefined> => {
        pods = (await ask('GET', '/api/v1/pods')).items;
        assert.equal(pods.length, count, 'a pod was driven out by one of a higher priority');
        return pods.every(({ spec }) => spec.nodeName) ? true : undefined;
      };
      await waitFor('every pod to have a node', isDone, { timeoutSeconds: seconds, intervalMs: 200 }).catch(
        (error: Error) => {
          if (!error.message.startsWith('waited')) throw error;
        },
      );
      assert.equal(scheduler.process.ending(), undefined, scheduler.process.lastLines());
      return pods
        .filter(({ spec }) => !spec.nodeName)
        .map(({ metadata, status }) => ({ name: metadata.name, why: status.conditions?.[0]?.message ?? '' }));
    }

    async function clear(): Promise<void> {
      const pods: Loose[] = (await ask('GET', '/api/v1/pods')).items;
      for (const { metadata } of pods) {
        const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
        await ask('DELETE', path, { gracePeriodSeconds: 0 });
      }
      await ask('DELETE', '/api/v1/nodes');
    }

    async function ask(method: string, path: string, body?: object): Promise<Loose> {
      const answer = await server.request(method, path, {
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(method === 'PATCH' ? { contentType: 'application/merge-patch+json' } : {}),
      });
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    }
  },
);

function renamed(pod: ClusterObject, name: string, spec: object): ClusterObject {
  return { ...pod, metadata: { ...pod.metadata, name }, spec: { ...pod.spec, ...spec } };
}
