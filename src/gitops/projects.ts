import { chart } from '../catalog/charts.ts';
import { compareText } from '../base/order.ts';
import type { Platform } from '../model/platform.ts';
import type { TeamPlan } from '../model/teams.ts';
import { ARGO_CD_NAMESPACE, PLATFORM_PROJECT, WORKLOADS_PROJECT } from './application-set.ts';
import { checkoutOf, pathInCheckout } from './checkout.ts';
import { inWave, KEPT, type Manifest } from './manifest.ts';
import { closedNamespaces } from './policies/namespaces.ts';
import { projectOf, teamProject, teamRole } from './teams.ts';
import type { YamlMap } from './yaml.ts';

/** The cluster that Argo CD itself runs on. */
const OWN_API_SERVER = 'https://kubernetes.default.svc';
/** Cilium keeps the TLS secrets of its policies in a namespace of its own. */
const CILIUM_SECRETS_NAMESPACE = 'cilium-secrets';

/** Kinds without a namespace that the platform's charts and this tree hold. */
const PLATFORM_CLUSTER_KINDS = [
  ['', 'Namespace'],
  ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'],
  ['apiextensions.k8s.io', 'CustomResourceDefinition'],
  ['external-secrets.io', 'ClusterSecretStore'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
] as const;

/**
 * What a workload may be made of. No Secret: secrets come from the vault (C4). No RBAC, no namespace, no
 * quota.
 */
const WORKLOAD_KINDS = [
  ['', 'ConfigMap'],
  ['', 'Service'],
  ['', 'ServiceAccount'],
  ['apps', 'Deployment'],
  ['autoscaling', 'HorizontalPodAutoscaler'],
  ['external-secrets.io', 'ExternalSecret'],
  ['policy', 'PodDisruptionBudget'],
  ['secrets-store.csi.x-k8s.io', 'SecretProviderClass'],
] as const;

/** Who may deploy what from where to where: the platform its charts, workloads their own namespaces. */
export function projects(platform: Platform): readonly Manifest[] {
  return [
    platformProject(platform),
    workloadsProject(platform),
    ...platform.teams.map((team) => projectOfTeam(platform, team)),
  ];
}

/** The one Application that bootstrap applies: it keeps the projects, the sets and itself. */
export function rootApplication(platform: Platform, syncPolicy: YamlMap): Manifest {
  const { repo, revision } = checkoutOf(platform.fleet);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'root', namespace: ARGO_CD_NAMESPACE, annotations: KEPT },
    spec: {
      project: PLATFORM_PROJECT,
      source: {
        repoURL: repo,
        targetRevision: revision,
        path: pathInCheckout(platform.fleet, 'gitops/argocd'),
        directory: { recurse: true },
      },
      destination: { server: OWN_API_SERVER, namespace: ARGO_CD_NAMESPACE },
      syncPolicy,
    },
  };
}

function platformProject(platform: Platform): Manifest {
  const components = platform.clusters.flatMap((cluster) => cluster.components);
  const charts = [...new Set(components.map(({ id }) => id))].map((name) => chart(name).repo);
  const namespaces = new Set([...components.map(({ namespace }) => namespace), 'kube-system']);
  namespaces.delete(ARGO_CD_NAMESPACE);
  if (components.some(({ id }) => id === 'cilium')) namespaces.add(CILIUM_SECRETS_NAMESPACE);
  return project(PLATFORM_PROJECT, 'What Bulkhead installs. For the platform team.', {
    sourceRepos: [checkoutOf(platform.fleet).repo, ...charts.toSorted(compareText)],
    destinations: [
      { server: OWN_API_SERVER, namespace: ARGO_CD_NAMESPACE },
      // Every cluster that Argo CD knows is one of the fleet.
      ...[...namespaces].toSorted(compareText).map((namespace) => ({ name: '*', namespace })),
      ...closedByUs(platform),
    ],
    clusterResourceWhitelist: kinds(PLATFORM_CLUSTER_KINDS),
  });
}

/** Namespaces of workloads and teams: what runs there is theirs, the policies that close them are the platform's. */
function closedByUs(platform: Platform): readonly YamlMap[] {
  return platform.clusters.flatMap((cluster) =>
    closedNamespaces(platform, cluster)
      .filter(({ use }) => use !== 'platform')
      .map(({ name }) => ({ name: cluster.name, namespace: name })),
  );
}

function workloadsProject(platform: Platform): Manifest {
  return project(
    WORKLOADS_PROJECT,
    'Workloads of no one team, each in its own namespace of its own clusters.',
    {
      sourceRepos: [checkoutOf(platform.fleet).repo],
      destinations: platform.clusters.flatMap((cluster) =>
        cluster.workloads
          .filter((workload) => projectOf(platform, workload) === WORKLOADS_PROJECT)
          .map(({ name }) => ({ name: cluster.name, namespace: name })),
      ),
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: kinds(WORKLOAD_KINDS),
    },
  );
}

/** The same kinds as any workload's: no policy, role, quota or namespace, so nothing here widens what a team may do. */
function projectOfTeam(platform: Platform, team: TeamPlan): Manifest {
  return project(teamProject(team), `The workloads and namespaces of ${team.name}.`, {
    sourceRepos: [checkoutOf(platform.fleet).repo],
    destinations: team.clusters.flatMap(({ cluster, namespaces }) =>
      namespaces.map((namespace) => ({ name: cluster, namespace })),
    ),
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: kinds(WORKLOAD_KINDS),
    roles: [teamRole(team)],
  });
}

function project(name: string, description: string, limits: YamlMap): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: ARGO_CD_NAMESPACE, annotations: { ...inWave(-40), ...KEPT } },
    spec: { description, ...limits },
  };
}

function kinds(list: readonly (readonly [group: string, kind: string])[]): readonly YamlMap[] {
  return list.map(([group, kind]) => ({ group, kind }));
}
