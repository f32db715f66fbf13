import type { FileTree } from '../base/file-tree.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import { GRAFANA_SECRETS } from '../model/vault-secrets.ts';
import { applicationSet, CLUSTER, syncPolicy } from './application-set.ts';
import { clusterBase } from './cluster-base.ts';
import { componentPurpose, componentSets } from './component-sets.ts';
import { GRAFANA_ADMIN, MONITORING_NAMESPACE } from './components/kube-prometheus-stack.ts';
import { addFolder, type Files, folderSource, kustomized } from './folder.ts';
import { renderManifests } from './manifest.ts';
import { hasObservability, observabilityFiles } from './observability/index.ts';
import { projects, rootApplication } from './projects.ts';
import { treeReadme } from './tree-readme.ts';
import { secretStore, STORE_NAMESPACE, vaultAccess } from './vault-access.ts';
import { addWorkloads } from './workload-applications.ts';

/** The folder `gitops/` of an environment: what Argo CD on mgmt keeps in all clusters. Pure. */
export function synthesizeGitops(platform: Platform): FileTree {
  const files: Files = new Map([['README.md', treeReadme(platform)]]);
  const root = rootApplication(platform, syncPolicy('nothing', []));
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
  addWorkloads(files, platform);
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
    owner: 'platform',
    wave: -35,
    clusters,
    namespace: 'kube-system',
    sources: [folderSource(platform, `clusters/${CLUSTER}`)],
    prune: 'all-but-the-last',
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
    owner: 'platform',
    wave: -5,
    clusters,
    namespace: STORE_NAMESPACE,
    sources: [folderSource(platform, 'secret-store', kustomized(store))],
    prune: 'nothing',
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
    keys: Object.values(GRAFANA_SECRETS).map((vaultSecret) => ({
      key: vaultSecret.replace('grafana-', ''),
      vaultSecret,
    })),
  });
  const purpose = "C4: Grafana's account, from the vault.";
  addFolder(files, GRAFANA_ADMIN, purpose, access);
  const set = applicationSet(platform, {
    name: GRAFANA_ADMIN,
    owner: 'platform',
    wave: 0,
    clusters: mgmt,
    namespace: MONITORING_NAMESPACE,
    sources: [folderSource(platform, GRAFANA_ADMIN, kustomized(access))],
    prune: 'nothing',
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
    owner: 'platform',
    wave: -15,
    clusters: platform.clusters.filter(({ role }) => role === 'mgmt'),
    namespace: MONITORING_NAMESPACE,
    sources: [folderSource(platform, 'observability')],
    prune: 'all-but-the-last',
    syncOptions: ['SkipDryRunOnMissingResource=true'],
  });
  files.set('argocd/observability.yaml', renderManifests(purpose, [set]));
}
