import { chart } from '../catalog/charts.ts';
import { compareText } from '../base/order.ts';
import type { Workload } from '../fleet/fleet.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import type { TeamPlan } from '../model/teams.ts';
import { applicationName, ARGO_CD_NAMESPACE, PLATFORM_PROJECT } from './application-set.ts';
import { checkoutOf, pathInCheckout } from './checkout.ts';
import { LABELS } from './cluster-facts.ts';
import { inWave, KEPT, type Manifest } from './manifest.ts';
import { teamProject, teamRole, teamsOf } from './teams.ts';
import type { YamlMap } from './yaml.ts';

/** The cluster that Argo CD itself runs on. */
const OWN_API_SERVER = 'https://kubernetes.default.svc';

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
 * quota; no SecretProviderClass, which names the identity of the cluster.
 */
const WORKLOAD_KINDS = [
  ['', 'ConfigMap'],
  ['', 'Service'],
  ['', 'ServiceAccount'],
  ['apps', 'Deployment'],
  ['autoscaling', 'HorizontalPodAutoscaler'],
  ['external-secrets.io', 'ExternalSecret'],
  ['policy', 'PodDisruptionBudget'],
] as const;

/** Who may deploy what from where to where: the platform, and what is a team's own. Workloads bring theirs. */
export function projects(platform: Platform): readonly Manifest[] {
  return [platformProject(platform), ...platform.teams.map((team) => projectOfTeam(platform, team))];
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
  return project(PLATFORM_PROJECT, 'What Bulkhead installs. For the platform team.', {
    sourceRepos: [checkoutOf(platform.fleet).repo, ...charts.toSorted(compareText)],
    // Every cluster that Argo CD knows is one of the fleet. Every namespace: what stands in one of which the fleet file
    // no longer speaks would else be out of sight, and stay (Argo CD 3.4, controller/state.go, CompareAppState).
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: kinds(PLATFORM_CLUSTER_KINDS),
  });
}

/**
 * The project of one Application: a workload on a cluster. When the workload leaves the cluster, nothing is to change
 * here, as Argo CD deletes nothing of what the project no longer allows (Argo CD 3.4, controller/state.go,
 * CompareAppState). A project that holds more would shrink with the workload; this one leaves the tree as a whole,
 * and stays in Argo CD as it was.
 */
export function workloadProject(platform: Platform, cluster: ClusterPlan, { name }: Workload): Manifest {
  const own = applicationName('workloads', cluster.name, name);
  const owners = teamsOf(platform, cluster, name);
  const limits = {
    ...deploys(platform, [{ name: cluster.name, namespace: name }]),
    ...(owners.length > 0 ? { roles: owners.map((team) => teamRole(team, own)) } : {}),
  };
  return project(own, `The workload ${name} on ${cluster.name}.`, limits, { [LABELS.cluster]: cluster.name });
}

/** For what the platform team installs for a team by hand. */
function projectOfTeam(platform: Platform, team: TeamPlan): Manifest {
  const own = teamProject(team);
  const destinations = team.clusters.flatMap(({ cluster, namespaces }) =>
    namespaces.map((namespace) => ({ name: cluster, namespace })),
  );
  return project(own, `The namespaces of ${team.name}.`, {
    ...deploys(platform, destinations),
    roles: [teamRole(team, own)],
  });
}

/** What workloads are made of, for teams as well: no policy, role, quota or namespace, so nothing that widens a right. */
function deploys(platform: Platform, destinations: readonly YamlMap[]): YamlMap {
  return {
    sourceRepos: [checkoutOf(platform.fleet).repo],
    destinations,
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: kinds(WORKLOAD_KINDS),
  };
}

function project(name: string, description: string, limits: YamlMap, labels?: YamlMap): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: ARGO_CD_NAMESPACE, labels, annotations: { ...inWave(-40), ...KEPT } },
    spec: { description, ...limits },
  };
}

function kinds(list: readonly (readonly [group: string, kind: string])[]): readonly YamlMap[] {
  return list.map(([group, kind]) => ({ group, kind }));
}
