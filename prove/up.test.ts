import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ArmRequest } from '../src/lab/arm/request-log.ts';
import type { FleetData } from '../test/support/fleets.ts';
import { exampleFleets } from './support/example-fleets.ts';
import { provenBy } from './support/tools.ts';
import { type Kill, startUpLab, type UpLab } from './support/up-lab.ts';

/** Said when a step is at work, or has just ended: there it is killed, each time by signal 9. */
const KILLS: readonly Kill[] = [
  { at: /Foundation: azurerm_/, isWhole: false },
  { at: /\+ Mesh CA {2}made/, isWhole: false },
  { at: /Cluster app1: azurerm_/, isWhole: true },
  { at: /\+ Cilium on app2/, isWhole: true },
  { at: /\+ Argo CD knows app1/, isWhole: false },
];

/** With room for a subnet to move to: Azure takes no address range away while a subnet is in it. */
const ATLAS = withNetwork(exampleFleets.get('atlas')!, { vnet: ['10.0.0.0/12'] });
const SECRETS = '/api/v1/namespaces/kube-system/secrets/cilium-ca';

/** One fleet's life, in this order: real Terraform, azurerm, Helm and API servers, and an Azure that stands in. */
describe(
  'a fleet from up to down',
  provenBy('azurerm', 'terraform', 'helm', 'kube-apiserver', 'etcd', 'crds'),
  () => {
    let lab: UpLab;
    let fleet: FleetData = ATLAS;
    before(async () => {
      lab = await startUpLab(['mgmt', 'app1', 'app2', 'app3']);
    });
    after(() => lab?.stop());

    const run = async (args: readonly string[], exitCode = 0): Promise<string> => {
      const ended = await lab.bulkhead(args);
      assert.equal(ended.exitCode, exitCode, `${args.join(' ')}:\n${ended.stdout}\n${ended.stderr}`);
      return ended.stdout;
    };
    const up = (...more: readonly string[]): Promise<string> => run(['up', '-e', 'demo', '--yes', ...more]);
    const down = (...more: readonly string[]): Promise<string> =>
      run(['down', '-e', 'demo', '--allow-destroy', ...more]);
    /** Runs something, and answers what it wrote to Azure beside leases and locks. */
    const writesOf = async (act: () => Promise<unknown>): Promise<readonly ArmRequest[]> => {
      const seen = lab.arm.requests().length;
      await act();
      return lab.arm.requests().slice(seen).filter(isChange);
    };
    const settled = async (): Promise<void> => {
      const writes = await writesOf(async () => assert.match(await up(), /Nothing to do/));
      assert.deepEqual(writes.map(textOf), []);
    };

    it('comes up, though it is killed again and again, and makes nothing twice', async () => {
      await lab.commit(fleet);
      for (const kill of KILLS) {
        const { exitCode, stdout, stderr } = await lab.bulkhead(['up', '-e', 'demo', '--yes'], kill);
        assert.equal(exitCode, 137, `it never said ${kill.at}:\n${stdout}\n${stderr}`);
      }
      await up();
      const changes = lab.arm.requests().filter(isChange);
      assert.deepEqual(changes.filter(({ method }) => method === 'DELETE').map(textOf), []);
      const made = changes
        .filter(({ method, status }) => method === 'PUT' && status === 201)
        .map(({ path }) => path);
      assert.deepEqual(
        made.filter((path, index) => made.indexOf(path) !== index),
        [],
      );
    });

    it('has one mesh CA in every cluster and in the vault', async () => {
      const authorities = await Promise.all(
        ['mgmt', 'app1', 'app2'].map(async (name) => {
          const { body } = await lab.server(name).request('GET', SECRETS);
          return (body as { readonly data: Readonly<Record<string, string>> }).data['ca.crt'];
        }),
      );
      assert.equal(new Set(authorities).size, 1);
      const writes = lab.arm
        .requests()
        .filter(({ method, path }) => method === 'PUT' && /\/secrets\/mesh-ca-key/.test(path));
      assert.equal(writes.filter(({ status }) => status === 200).length, 1);
    });

    it('finds nothing to do the second time', settled);

    it('leaves the other clusters done when one fails, and goes on', async () => {
      fleet = withPool(fleet, 'app1', '2..6');
      await lab.commit(fleet);
      lab.arm.setFaults([
        {
          methods: ['PUT'],
          path: '*/aks-atlas-demo-app1/agentPools/*',
          times: 'always',
          effect: { kind: 'refuse', status: 409, code: 'OperationNotAllowed' },
        },
        {
          methods: ['GET'],
          path: '/subscriptions/*/locations/*',
          effect: { kind: 'refuse', status: 429, retryAfterSeconds: 1 },
        },
        { methods: ['POST'], path: '*/listClusterUserCredential', effect: { kind: 'refuse', status: 503 } },
      ]);
      const said = await run(['up', '-e', 'demo', '--yes'], 1);
      assert.match(said, /Cluster app1 failed[\s\S]*OperationNotAllowed/);
      assert.match(said, /Applications of app2 {2}\d+ Applications Synced and Healthy/);
      assert.match(said, /To go on: bulkhead up -e demo fleet\.yaml/);
      lab.arm.setFaults([]);
      const writes = await writesOf(() => up());
      assert.ok(writes.length > 0);
      assert.deepEqual(writes.filter(({ path }) => !/-app1\b/.test(path)).map(textOf), []);
      await settled();
    });

    it('takes a cluster in', async () => {
      fleet = withCluster(fleet, 'app3');
      await lab.commit(fleet);
      // The keeper is told of it by its environment, which a container gets when it is made.
      const writes = await writesOf(() => up('--allow-destroy'));
      assert.deepEqual(
        writes.filter(({ path }) => /aks-atlas-demo-(?:app1|app2)\b/.test(path)).map(textOf),
        [],
      );
      assert.ok(writes.some(({ path }) => path.endsWith('/managedClusters/aks-atlas-demo-app3')));
      await settled();
    });

    it('moves the subnet of a cluster that is down', async () => {
      await down('--clusters', 'app2');
      fleet = withSubnet(fleet, 'app2', '10.9.0.0/16');
      await lab.commit(fleet);
      const writes = await writesOf(() => up('--allow-destroy'));
      assert.deepEqual(
        writes.filter(({ path }) => /aks-atlas-demo-(?:mgmt|app1|app3)\b/.test(path)).map(textOf),
        [],
      );
      await settled();
    });

    it('lets a cluster go, and leaves the others', async () => {
      const writes = await writesOf(() => down('--clusters', 'app2'));
      assert.deepEqual(
        writes.filter(({ path }) => /aks-atlas-demo-(?:mgmt|app1|app3)\b/.test(path)).map(textOf),
        [],
      );
      const clusters = lab.arm.store.ofType('microsoft.containerservice/managedclusters');
      assert.deepEqual(clusters.map(({ id }) => id.name).toSorted(), [
        'aks-atlas-demo-app1',
        'aks-atlas-demo-app3',
        'aks-atlas-demo-mgmt',
      ]);
      fleet = withoutCluster(fleet, 'app2');
      await lab.commit(fleet);
      await up('--allow-destroy');
      await settled();
    });

    it('goes, and a second time finds nothing', async () => {
      await down();
      const left = lab.arm.store
        .all()
        .map(({ id }) => id.text)
        .filter((id) => !/\/resourceGroups\/rg-atlas-demo-state\b/.test(id));
      assert.deepEqual(left, []);
      assert.match(await down(), /nothing is there/);
      assert.deepEqual(lab.arm.unanswered(), []);
    });
  },
);

/** Whether a request changes the fleet. The lock of a state and the lease are Terraform's and ours at every run. */
function isChange({ method, host, path, isWrite }: ArmRequest): boolean {
  if (!isWrite || host.endsWith('.blob.core.windows.net')) return false;
  return !(method === 'POST' && /\/(?:list[A-Za-z]*|token|checkNameAvailability|sharedKeys)$/.test(path));
}

function textOf({ method, path, status }: ArmRequest): string {
  return `${method} ${path} ${status}`;
}

type Clusters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function withNetwork(fleet: FleetData, more: object): FleetData {
  return { ...fleet, network: { ...(fleet['network'] as object), ...more } };
}

function withSubnet(fleet: FleetData, name: string, range: string): FleetData {
  const { subnets } = fleet['network'] as { readonly subnets: object };
  return withNetwork(fleet, { subnets: { ...subnets, [name]: range } });
}

function withPool(fleet: FleetData, name: string, nodes: string): FleetData {
  const clusters = fleet['clusters'] as Clusters;
  const user = { ...(clusters[name]!['user'] as object), nodes };
  return { ...fleet, clusters: { ...clusters, [name]: { ...clusters[name], user } } };
}

function withCluster(fleet: FleetData, name: string): FleetData {
  const clusters = fleet['clusters'] as Clusters;
  const network = fleet['network'] as { readonly subnets: object; readonly peers: readonly unknown[] };
  return {
    ...fleet,
    clusters: { ...clusters, [name]: clusters['app1']! },
    network: {
      ...network,
      subnets: { ...network.subnets, [name]: '10.5.0.0/16' },
      peers: [...network.peers, ['mgmt', name]],
    },
  };
}

function withoutCluster(fleet: FleetData, name: string): FleetData {
  const without = (record: object): object =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  const network = fleet['network'] as {
    readonly subnets: object;
    readonly peers: readonly (readonly string[])[];
  };
  const workloads = fleet['workloads'] as Readonly<Record<string, { readonly clusters: readonly string[] }>>;
  return {
    ...fleet,
    clusters: without(fleet['clusters'] as object),
    environments: { demo: (fleet['environments'] as { readonly demo: object }).demo },
    network: {
      ...network,
      subnets: without(network.subnets),
      peers: network.peers.filter((pair) => !pair.includes(name)),
    },
    workloads: Object.fromEntries(
      Object.entries(workloads).map(([key, workload]) => [
        key,
        { ...workload, clusters: workload.clusters.filter((cluster) => cluster !== name) },
      ]),
    ),
  };
}
