import type { FileTree } from '../base/file-tree.ts';
import type { Workload } from '../fleet/fleet.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import { applicationSet, CLUSTER, PLATFORM_PROJECT, syncPolicy } from './application-set.ts';
import { checkoutOf, pathInCheckout } from './checkout.ts';
import { clusterBase } from './cluster-base.ts';
import { componentPurpose, componentSets } from './component-sets.ts';
import {
  GRAFANA_ADMIN,
  GRAFANA_VAULT_SECRETS,
  MONITORING_NAMESPACE,
} from './components/kube-prometheus-stack.ts';
import { renderManifests, renderMap } from './manifest.ts';
import { hasObservability, observabilityFiles } from './observability/index.ts';
import { projects, rootApplication } from './projects.ts';
import { projectOf } from './teams.ts';
import { type PatchedObjects, secretStore, STORE_NAMESPACE, vaultAccess } from './vault-access.ts';
import { clustersOf, workloadObjects, workloadSecret } from './workloads.ts';
import type { YamlMap } from './yaml.ts';

type Files = Map<string, string>;

/** The folder `gitops/` of an environment: what Argo CD on mgmt keeps in all clusters. Pure. */
export function synthesizeGitops(platform: Platform): FileTree {
  const files: Files = new Map();
  const root = rootApplication(platform, syncPolicy(false, []));
  files.set(
    'argocd/root.yaml',
    renderManifests('The root of the tree: it keeps every file of this folder.', [root]),
  );
  files.set(
    'argocd/projects.yaml',
    renderManifests('Who may deploy what, from where to where.', projects(platform)),
  );
  for (const { id, set } of componentSets(platform)) {
    files.set(`argocd/${id}.yaml`, renderManifests(componentPurpose(id), [set]));
  }
  addClusterBases(files, platform);
  addSecretStore(files, platform);
  addGrafanaAdmin(files, platform);
  addObservability(files, platform);
  for (const workload of platform.fleet.workloads) addWorkload(files, platform, workload);
  return files;
}

function addClusterBases(files: Files, platform: Platform): void {
  const clusters: ClusterPlan[] = [];
  for (const cluster of platform.clusters) {
    const base = clusterBase(platform, cluster);
    if (base.length > 0) clusters.push(cluster);
    for (const [name, objects] of base) {
      const purpose = `What ${cluster.name} has beside charts and workloads (ADR-A01, ADR-A03).`;
      files.set(`clusters/${cluster.name}/${name}`, renderManifests(purpose, objects));
    }
  }
  if (clusters.length === 0) return;
  const set = applicationSet(platform, {
    name: 'base',
    project: PLATFORM_PROJECT,
    wave: -35,
    clusters,
    namespace: 'kube-system',
    sources: [folder(platform, `clusters/${CLUSTER}`, [])],
    prune: true,
    syncOptions: [],
  });
  files.set(
    'argocd/base.yaml',
    renderManifests('Namespaces, autoscaler and global Services of each cluster.', [set]),
  );
}

function addSecretStore(files: Files, platform: Platform): void {
  const clusters = platform.clusters.filter(({ components }) =>
    components.some(({ id }) => id === 'external-secrets'),
  );
  if (clusters.length === 0) return;
  const store = secretStore();
  const purpose =
    'ADR-A03: how External Secrets signs in to the vault, and which namespaces may use it (C4).';
  addFolder(files, 'secret-store', purpose, store);
  const set = applicationSet(platform, {
    name: 'secret-store',
    project: PLATFORM_PROJECT,
    wave: -5,
    clusters,
    namespace: STORE_NAMESPACE,
    sources: [folder(platform, 'secret-store', store.patches)],
    prune: false,
    // The CRD comes with another Application: the store is not to fail a sync that could still make the
    // account.
    syncOptions: ['CreateNamespace=true', 'SkipDryRunOnMissingResource=true'],
  });
  files.set('argocd/secret-store.yaml', renderManifests(purpose, [set]));
}

function addGrafanaAdmin(files: Files, platform: Platform): void {
  const { fleet, clusters } = platform;
  const mgmt = clusters.filter(({ role }) => role === 'mgmt');
  if (fleet.observability.stack !== 'self' || mgmt.length === 0) return;
  const access = vaultAccess(fleet, {
    name: GRAFANA_ADMIN,
    namespace: MONITORING_NAMESPACE,
    keys: GRAFANA_VAULT_SECRETS.map((vaultSecret) => ({
      key: vaultSecret.replace('grafana-', ''),
      vaultSecret,
    })),
  });
  const purpose = "C4: Grafana's account, from the vault.";
  addFolder(files, GRAFANA_ADMIN, purpose, access);
  const set = applicationSet(platform, {
    name: GRAFANA_ADMIN,
    project: PLATFORM_PROJECT,
    wave: 0,
    clusters: mgmt,
    namespace: MONITORING_NAMESPACE,
    sources: [folder(platform, GRAFANA_ADMIN, access.patches)],
    prune: false,
    syncOptions: ['CreateNamespace=true'],
  });
  files.set(`argocd/${GRAFANA_ADMIN}.yaml`, renderManifests(purpose, [set]));
}

/** With a folder and a set of its own: its CRD comes with the monitoring stack, and what is beside it waits for nothing. */
function addObservability(files: Files, platform: Platform): void {
  if (!hasObservability(platform)) return;
  const purpose = 'What Prometheus and Grafana on mgmt watch: alert rules and dashboards.';
  for (const [name, object] of observabilityFiles(platform)) {
    files.set(`observability/${name}`, renderManifests(purpose, [object]));
  }
  const set = applicationSet(platform, {
    name: 'observability',
    project: PLATFORM_PROJECT,
    wave: -15,
    clusters: platform.clusters.filter(({ role }) => role === 'mgmt'),
    namespace: MONITORING_NAMESPACE,
    sources: [folder(platform, 'observability', [])],
    prune: true,
    syncOptions: ['SkipDryRunOnMissingResource=true'],
  });
  files.set('argocd/observability.yaml', renderManifests(purpose, [set]));
}

function addWorkload(files: Files, platform: Platform, workload: Workload): void {
  const clusters = clustersOf(platform, workload);
  if (clusters.length === 0) return;
  const secret = workloadSecret(workload);
  const access = secret && vaultAccess(platform.fleet, secret);
  const patches = access?.patches ?? [];
  const path = `workloads/${workload.name}`;
  const objects = [...(access?.objects ?? []), ...workloadObjects(platform, workload)];
  addFolder(files, path, `The workload ${workload.name}, the same on each of its clusters.`, {
    objects,
    patches,
  });
  const set = applicationSet(platform, {
    name: workload.name,
    project: projectOf(platform, workload),
    wave: 10,
    clusters,
    namespace: workload.name,
    sources: [folder(platform, path, patches)],
    prune: true,
    syncOptions: [],
  });
  files.set(`argocd/workloads/${workload.name}.yaml`, renderManifests(`Deploys ${workload.name}.`, [set]));
}

/** One file for each kind of object, and Kustomize's list of them where there is something to patch. */
function addFolder(files: Files, path: string, purpose: string, { objects, patches }: PatchedObjects): void {
  const names = objects.map(({ kind }) => `${kebab(kind)}.yaml`);
  objects.forEach((object, index) =>
    files.set(`${path}/${names[index]}`, renderManifests(purpose, [object])),
  );
  if (patches.length === 0) return;
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: names };
  files.set(
    `${path}/kustomization.yaml`,
    renderMap(`${purpose} The facts of a cluster are patched in.`, list),
  );
}

function kebab(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** A folder of this tree as the source of an Application. */
function folder(platform: Platform, path: string, patches: readonly YamlMap[]): YamlMap {
  const { repo, revision } = checkoutOf(platform.fleet);
  return {
    repoURL: repo,
    targetRevision: revision,
    path: pathInCheckout(platform.fleet, `gitops/${path}`),
    ...(patches.length > 0 ? { kustomize: { patches } } : {}),
  };
}
