import type { Workload } from '../fleet/fleet.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import { applicationSet, CLUSTER } from './application-set.ts';
import { addFolder, addKustomization, type Files, folderSource, kustomized } from './folder.ts';
import { type Manifest, renderManifests } from './manifest.ts';
import { workloadProject } from './projects.ts';
import { externalSecret, secretProviderClasses } from './vault-access.ts';
import { clustersOf, workloadObjects, workloadSecret } from './workloads.ts';

/** Where in the folder of a cluster its workloads are, each in a folder of its name. */
const WORKLOADS_FOLDER = 'workloads';
const CLASSES_FOLDER = 'secret-classes';

/**
 * The workloads of each cluster, and what installs them (ADR-0019). When a workload leaves a cluster, no file speaks of
 * its Application any more. It stays in Argo CD as it was, and has to clear up by itself: so it reads the folder of the
 * cluster, in which there is always something, and takes of it what is called like the workload. With nothing left of
 * that, it deletes what it made.
 */
export function addWorkloads(files: Files, platform: Platform): void {
  for (const workload of platform.fleet.workloads) {
    const clusters = clustersOf(platform, workload);
    if (clusters.length > 0) addWorkload(files, platform, workload, clusters);
  }
  if (platform.fleet.secrets.sync === 'csi') addSecretClasses(files, platform);
}

function addWorkload(
  files: Files,
  platform: Platform,
  workload: Workload,
  clusters: readonly ClusterPlan[],
): void {
  const { name } = workload;
  const secret = workloadSecret(workload);
  const isCopied = platform.fleet.secrets.sync === 'external-secrets';
  const copies = secret && isCopied ? [externalSecret(secret)] : [];
  const objects = [...copies, ...workloadObjects(platform, workload)];
  const purpose = `The workload ${name}, the same on each of its clusters.`;
  for (const cluster of clusters) {
    const path = `clusters/${cluster.name}/${WORKLOADS_FOLDER}/${name}`;
    addFolder(files, path, purpose, { objects, patches: [] });
  }
  const own = { directory: { recurse: true, include: `${WORKLOADS_FOLDER}/${name}/*` } };
  const set = applicationSet(platform, {
    owner: 'workloads',
    name,
    wave: 10,
    clusters,
    namespace: name,
    sources: [folderSource(platform, `clusters/${CLUSTER}`, own)],
    prune: 'everything',
    syncOptions: [],
  });
  const projects = clusters.map((cluster) => workloadProject(platform, cluster, workload));
  files.set(
    `argocd/workloads/${name}.yaml`,
    renderManifests(`Deploys ${name}, and nothing to any other place.`, [...projects, set]),
  );
}

/**
 * With the CSI driver the facts of a cluster are patched in, and Kustomize takes a folder whole: these are in one of
 * their own on each cluster, also where there are none, and the platform's, as they name its identity.
 */
function addSecretClasses(files: Files, platform: Platform): void {
  const purpose = 'ADR-A03: what workloads mount from the vault.';
  const clusters: ClusterPlan[] = [];
  for (const cluster of platform.clusters) {
    const secrets = cluster.workloads.flatMap((workload) => workloadSecret(workload) ?? []);
    const { objects } = secretProviderClasses(secrets);
    const nameOf = ({ metadata }: Manifest): string => `${metadata.name}.yaml`;
    const path = `clusters/${cluster.name}/${CLASSES_FOLDER}`;
    for (const object of objects) files.set(`${path}/${nameOf(object)}`, renderManifests(purpose, [object]));
    addKustomization(files, path, purpose, objects.map(nameOf));
    if (secrets.length > 0) clusters.push(cluster);
  }
  if (clusters.length === 0) return;
  const set = applicationSet(platform, {
    owner: 'platform',
    name: CLASSES_FOLDER,
    wave: 5,
    clusters,
    namespace: 'kube-system',
    sources: [
      folderSource(platform, `clusters/${CLUSTER}/${CLASSES_FOLDER}`, kustomized(secretProviderClasses([]))),
    ],
    prune: 'everything',
    syncOptions: [],
  });
  files.set(`argocd/${CLASSES_FOLDER}.yaml`, renderManifests(purpose, [set]));
}
