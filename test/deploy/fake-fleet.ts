import { StepError } from '../../src/base/step-error.ts';
import {
  type ApplicationSet,
  applicationSets,
  expectedApplications,
} from '../../src/deploy/argo-cd/expected-applications.ts';
import { argoCdSteps } from '../../src/deploy/argo-cd/steps.ts';
import { refOf } from '../../src/deploy/bootstrap/objects.ts';
import { bootstrapSteps } from '../../src/deploy/bootstrap/steps.ts';
import { managedClusterPath } from '../../src/deploy/managed-cluster.ts';
import { meshCaStep, vaultStep } from '../../src/deploy/mesh-ca.ts';
import type { Deployment, FoundationFacts, Run } from '../../src/deploy/run.ts';
import { runSteps } from '../../src/deploy/run-steps.ts';
import type { Step, StepEnd, StepEvent } from '../../src/deploy/step.ts';
import type { KubeObject, KubeRef, Vault, World } from '../../src/deploy/world.ts';
import type { FileTree } from '../../src/base/file-tree.ts';
import type { ClusterPlan, Platform } from '../../src/model/platform.ts';
import { treeOf } from '../gitops/any-platform.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { type FakeKube, fakeKube } from './fake-kube.ts';
import { fakeClock, fakeWorld } from './fake-world.ts';

export const VAULT_URI = 'https://kv-atlas.vault.azure.net/';
export const TOKEN = 'ghp_0123456789secret';
export const COMMIT = '89abcdef0123456789abcdef0123456789abcdef';

/** A fleet whose Azure, vault, clusters and controllers are in memory. Time passes when something sleeps. */
export type FakeFleet = {
  readonly deployment: Deployment;
  readonly world: World;
  /** Clusters that are in Azure, by name. */
  readonly clusters: Map<string, FakeKube>;
  readonly stopped: Set<string>;
  readonly vault: Map<string, string>;
  /** Every write to the vault, as `<name>=<value>`. */
  readonly vaultWrites: string[];
  /** Charts rendered, by name and cluster. */
  readonly rendered: string[];
  /** Off, nothing in the clusters happens by itself. */
  controllers: boolean;
  /** Makes a cluster as Terraform would, unless it is there. */
  readonly create: (name: string) => FakeKube;
};

export function fakeFleet(
  data: FleetData = {},
  { deployment: more = {} }: { readonly deployment?: Partial<Deployment> } = {},
): FakeFleet {
  const { platform, tree } = planOf(data);
  const deployment: Deployment = {
    platform,
    subscription: '00000000-0000-4000-8000-000000000002',
    tenant: '00000000-0000-4000-8000-000000000001',
    tree,
    folder: '/fleet/demo',
    stateStore: { kind: 'local' },
    operator: 'test',
    gitToken: TOKEN,
    ...more,
  };
  const clusters = new Map<string, FakeKube>();
  const [vault, vaultWrites, stopped, rendered] = [
    new Map<string, string>(),
    [] as string[],
    new Set<string>(),
    [] as string[],
  ];
  const create = (name: string): FakeKube => {
    const there = clusters.get(name);
    if (there) return there;
    const made = freshCluster(name);
    clusters.set(name, made);
    return made;
  };
  const clock = fakeClock();
  let bytes = 0;
  const fleet: FakeFleet = {
    deployment,
    clusters,
    vault,
    vaultWrites,
    stopped,
    rendered,
    controllers: true,
    create,
    world: fakeWorld({
      clock: {
        now: clock.now,
        sleep: async (ms, signal) => {
          if (fleet.controllers) for (const cluster of platform.clusters) act(fleet, cluster);
          await clock.sleep(ms, signal);
        },
      },
      random: (count) => Uint8Array.from({ length: count }, () => (bytes += 1) % 251),
      vault: fakeVault(vault, vaultWrites),
      azure: { ...fakeWorld().azure, get: async (path) => inAzure(fleet, path) },
      kube: async (name) => {
        const found = clusters.get(name);
        if (!found || stopped.has(name)) throw new StepError(`${name} has no API server`);
        return found.kube;
      },
      helm: {
        version: async () => '4.3.0',
        template: async (chart) => {
          rendered.push(chart.name);
          return chart.name === 'cilium' ? ciliumObjects() : argoCdObjects(chart.values);
        },
      },
      git: { remoteRevision: async () => COMMIT, treeAt: async () => undefined } as World['git'],
    }),
  };
  return fleet;
}

function inAzure({ deployment, clusters, stopped }: FakeFleet, path: string): unknown {
  const found = deployment.platform.clusters.find((each) => managedClusterPath(deployment, each) === path);
  if (!found || !clusters.has(found.name)) return undefined;
  const code = stopped.has(found.name) ? 'Stopped' : 'Running';
  return { properties: { fqdn: `${found.name}.hcp.example.org`, powerState: { code } } };
}

const plans = new Map<string, { readonly platform: Platform; readonly tree: FileTree }>();

/** Nothing changes a plan: one serves all. */
function planOf(data: FleetData): { readonly platform: Platform; readonly tree: FileTree } {
  // What is left out counts too.
  const key = JSON.stringify(Object.entries(data));
  const platform = plans.get(key)?.platform ?? platformOf(atlas(data));
  const plan = plans.get(key) ?? { platform, tree: treeOf(platform) };
  plans.set(key, plan);
  return plan;
}

export function foundationOf({ deployment }: FakeFleet): FoundationFacts {
  const identities = deployment.platform.identities.map(({ name }) => [name, `client-of-${name}`]);
  return { clusterInputs: {}, clientIds: Object.fromEntries(identities), vaultUri: VAULT_URI };
}

export function runOf(fleet: FakeFleet, world: World = fleet.world): Run {
  const ask = { begin: async () => undefined, lose: async () => undefined, end: async () => undefined };
  return {
    deployment: fleet.deployment,
    world,
    ask,
    found: { plans: new Map(), foundation: foundationOf(fleet) },
  };
}

/** All of `up` but Terraform, in whose place clusters appear. */
export function upSteps(fleet: FakeFleet, run: Run): readonly Step[] {
  const { clusters } = run.deployment.platform;
  const meshCa = meshCaStep(run);
  const still = (id: string, after: readonly string[], act: () => void): Step => ({
    id,
    phase: 'clusters',
    title: id,
    after,
    run: async () => {
      act();
      return { isChanged: false };
    },
  });
  return [
    still('foundation', [], () => undefined),
    vaultStep(run),
    ...(meshCa ? [meshCa] : []),
    ...clusters.map(({ name }) =>
      still(`clusters/${name}`, [meshCa ? 'mesh-ca' : 'vault'], () => void fleet.create(name)),
    ),
    ...clusters.flatMap((cluster) => bootstrapSteps(run, cluster)),
    ...argoCdSteps(run),
  ];
}

export type Ended = {
  readonly kinds: Readonly<Record<string, StepEnd['kind']>>;
  readonly ends: ReadonlyMap<string, StepEnd>;
  /** Every word that a person or a log gets. */
  readonly said: string;
};

export async function bring(
  steps: readonly Step[],
  options: { readonly parallel?: number; readonly signal?: AbortSignal } = {},
): Promise<Ended> {
  const events: StepEvent[] = [];
  const ends = await runSteps(steps, {
    signal: options.signal ?? new AbortController().signal,
    parallel: options.parallel ?? 4,
    onEvent: (event) => void events.push(event),
    now: () => 0,
  });
  const said = events.flatMap((event) =>
    event.kind === 'detail' ? [event.text] : event.kind === 'ended' ? wordsOf(event.end) : [],
  );
  return {
    ends,
    kinds: Object.fromEntries([...ends].map(([id, end]) => [id, end.kind])),
    said: said.join('\n'),
  };
}

function wordsOf(end: StepEnd): readonly string[] {
  if (end.kind === 'changed' || end.kind === 'unchanged') return [end.note ?? ''];
  if (end.kind !== 'failed') return [];
  const { error } = end;
  return [error.message, String(error.stack), error instanceof StepError ? (error.advice ?? '') : ''];
}

function fakeVault(secrets: Map<string, string>, writes: string[]): Vault {
  return {
    get: async (_, name) => secrets.get(name),
    set: async (_, name, value) => {
      writes.push(`${name}=${value}`);
      secrets.set(name, value);
    },
    list: async () => [...secrets.keys()].map((name) => ({ name, isEnabled: true })),
  };
}

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;
const SYSTEM = 'kube-system';
const CILIUM: KubeRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'cilium', namespace: SYSTEM };
const MESH: KubeRef = { apiVersion: 'v1', kind: 'Service', name: 'clustermesh-apiserver', namespace: SYSTEM };
const CA: KubeRef = { apiVersion: 'v1', kind: 'Secret', name: 'cilium-ca', namespace: SYSTEM };
const CONTROLLER: KubeRef = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'argocd-application-controller',
  namespace: 'argocd',
};
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd' } as const;
const OF_AKS = ['coredns', 'konnectivity-agent', 'azure-wi-webhook-controller-manager'];

/** What AKS makes: nodes that no network has reached, and pods that wait for them. */
function freshCluster(name: string): FakeKube {
  const made = fakeKube({ server: `https://${name}.hcp.example.org` });
  const labels = { 'kubernetes.azure.com/mode': 'system' };
  made.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: `${name}-system-0`, labels } }, 'kubelet');
  for (const deployment of OF_AKS) {
    const metadata = { name: deployment, namespace: SYSTEM, generation: 1 };
    made.put({ ...DEPLOYMENT, metadata, spec: { replicas: 2 } }, 'aks');
  }
  return made;
}

/** One turn of all controllers of a cluster. */
function act(fleet: FakeFleet, cluster: ClusterPlan): void {
  const made = fleet.clusters.get(cluster.name);
  if (!made) return;
  for (const { apiVersion, kind, metadata } of made.all('CustomResourceDefinition')) {
    const conditions = [{ type: 'Established', status: 'True' }];
    made.setStatus({ apiVersion, kind, name: metadata.name }, { conditions });
  }
  if (!made.at(CILIUM) || (cluster.mesh && !made.at(CA))) {
    if (cluster.components.some(({ id }) => id === 'cilium')) return;
  }
  for (const { apiVersion, kind, metadata } of made.all('Node')) {
    const conditions = [{ type: 'Ready', status: 'True' }];
    made.setStatus({ apiVersion, kind, name: metadata.name }, { conditions });
  }
  for (const kind of ['Deployment', 'StatefulSet']) {
    for (const workload of made.all(kind)) made.setStatus(refOf(workload), rolledOut(workload));
  }
  if (made.at(MESH)) made.setStatus(MESH, { loadBalancer: { ingress: [{ ip: cluster.mesh!.address }] } });
  if (cluster.role === 'mgmt') synchronize(fleet, made);
}

const setsByTree = new WeakMap<object, readonly ApplicationSet[]>();

/** Argo CD: from the root on, it makes the Applications of each cluster that it knows, and adopts what they hold. */
function synchronize(fleet: FakeFleet, mgmt: FakeKube): void {
  const root = { ...APPLICATION, name: 'root' };
  if (!mgmt.at(root) || !mgmt.at(CONTROLLER)?.['status']) return;
  mgmt.annotate(root, { 'argocd.argoproj.io/tracking-id': 'root:…' });
  const { platform, tree } = fleet.deployment;
  const sets = setsByTree.get(tree) ?? applicationSets(tree);
  setsByTree.set(tree, sets);
  for (const cluster of platform.clusters) {
    if (
      !mgmt.at({ apiVersion: 'v1', kind: 'Secret', name: `cluster-${cluster.name}`, namespace: 'argocd' })
    ) {
      continue;
    }
    for (const name of expectedApplications(sets, platform, cluster)) {
      const ref = { ...APPLICATION, name };
      if (!mgmt.at(ref)) {
        const { apiVersion, kind, namespace } = ref;
        mgmt.put({ apiVersion, kind, metadata: { name, namespace } }, 'argocd-applicationset-controller');
      }
      mgmt.setStatus(ref, inOrder(COMMIT));
    }
    const adopts: readonly KubeRef[] = cluster.role === 'mgmt' ? [CILIUM, CONTROLLER] : [CILIUM];
    for (const ref of adopts) {
      const kube = fleet.clusters.get(cluster.name)!;
      if (kube.at(ref)) kube.annotate(ref, { 'argocd.argoproj.io/tracking-id': 'platform…' });
    }
  }
}

export function inOrder(revision: string): object {
  return { sync: { status: 'Synced', revision }, health: { status: 'Healthy' } };
}

function rolledOut({ metadata, spec }: KubeObject): object {
  const { replicas = 1 } = (spec ?? {}) as { replicas?: number };
  return {
    observedGeneration: metadata['generation'],
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
}

function ciliumObjects(): readonly KubeObject[] {
  const namespace = SYSTEM;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cilium-secrets', namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cilium', namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cilium-operator', namespace } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace }, data: { a: 'b' } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: MESH.name, namespace }, spec: {} },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'cilium', namespace }, spec: {} },
    { ...DEPLOYMENT, metadata: { name: 'cilium-operator', namespace }, spec: { replicas: 1 } },
  ];
}

function argoCdObjects(values: Readonly<Record<string, unknown>>): readonly KubeObject[] {
  const namespace = 'argocd';
  const crd = (name: string): KubeObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${name}.argoproj.io`, namespace },
  });
  return [
    ...['applications', 'applicationsets', 'appprojects'].map(crd),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'values', namespace }, data: values },
    { ...DEPLOYMENT, metadata: { name: 'argocd-server', namespace }, spec: { replicas: 1 } },
    { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: CONTROLLER.name, namespace }, spec: {} },
  ];
}
