import type { PodName } from '../../model/container-requests.ts';
import type { ClusterPlan, PlannedPods, Platform } from '../../model/platform.ts';
import { copiesOf, onUserNodes, podsOf, prefersOnDemand, resourcesOf, SPREAD } from '../placement.ts';
import { because, type YamlMap } from '../yaml.ts';

/** The two ServiceAccounts that sign in to app clusters, by the chart's name of the part that uses them. */
const SIGNS_IN = { controller: 'argocd-application-controller', server: 'argocd-server' } as const;

/**
 * Argo CD no longer judges an Application that another one holds (since 1.8), and whoever adds one here would wait for
 * nothing. Those that the sets make are held by none: they start at once, and what needs another one's work retries.
 */
const APPLICATION_HEALTH = `local health = (obj.status or {}).health or {}
return { status = health.status or "Progressing", message = health.message or "" }
`;

/** Both probes are in the chart, turned off. */
const PROBED = { livenessProbe: { enabled: true }, readinessProbe: { enabled: true } };

/** Values of the Argo CD chart on mgmt. */
export function argoCdValues({ fleet }: Platform, cluster: ClusterPlan): YamlMap {
  const pods = (name: string): PlannedPods => podsOf(cluster, 'argo-cd', name)!;
  const affinity = prefersOnDemand(cluster);
  const part = (name: PodName & `argocd-${string}`): YamlMap => ({
    replicas: copiesOf(pods(name)),
    // The chart calls the container as it calls the pod, but for the prefix.
    resources: resourcesOf(name, name.replace('argocd-', '')),
    metrics: { enabled: true },
    ...(affinity ? { affinity } : {}),
    ...(copiesOf(pods(name)) >= 2 ? { pdb: { enabled: true, maxUnavailable: '1' } } : {}),
  });
  const signsIn = (name: string): YamlMap => ({
    podLabels: because(
      'AKS puts a token for Entra into pods with this label; app clusters have no local accounts.',
      {
        'azure.workload.identity/use': 'true',
      },
    ),
    serviceAccount: because(
      'Federated credentials name it. Its client id is known after Terraform: see README.md.',
      {
        name,
      },
    ),
  });
  return {
    global: {
      ...onUserNodes(cluster),
      ...(copiesOf(pods('argocd-server')) >= 2 ? { topologySpreadConstraints: SPREAD } : {}),
      networkPolicy: because(
        "The chart's own policies let everybody reach the server; the tree brings narrower ones.",
        { create: false },
      ),
    },
    configs: {
      cm: {
        url: because('Reached through a port-forward, never published.', 'https://localhost:8080'),
        'resource.customizations.health.argoproj.io_Application': APPLICATION_HEALTH,
      },
      rbac: because(
        'By Entra group, once people sign in by Entra: see README.md. Teams have their rights in their projects, ' +
          'and nobody has any by default.',
        {
          'policy.default': '',
          'policy.csv': fleet.admins.map((group) => `g, ${group}, role:admin\n`).join(''),
          scopes: '[groups]',
        },
      ),
    },
    controller: { ...part('argocd-application-controller'), ...signsIn(SIGNS_IN.controller) },
    server: { ...part('argocd-server'), ...signsIn(SIGNS_IN.server) },
    repoServer: {
      ...part('argocd-repo-server'),
      copyutil: { resources: resourcesOf('argocd-repo-server', 'copyutil') },
      serviceAccount: { name: 'argocd-repo-server' },
    },
    applicationSet: {
      ...part('argocd-applicationset-controller'),
      ...PROBED,
      serviceAccount: { name: 'argocd-applicationset-controller' },
    },
    redis: {
      resources: resourcesOf('argocd-redis', 'redis'),
      ...PROBED,
      ...(affinity ? { affinity } : {}),
    },
    redisSecretInit: because(
      'A hook that Argo CD, adopting itself, would run again. The Secret argocd-redis is made once, at ' +
        'bootstrap.',
      { enabled: false },
    ),
    dex: { enabled: false },
    notifications: { enabled: false },
  };
}

/** The values that only Terraform's result can give: as whom the two ServiceAccounts sign in. */
export function argoCdIdentityValues(clientId: string): YamlMap {
  const account = { serviceAccount: { annotations: { 'azure.workload.identity/client-id': clientId } } };
  return Object.fromEntries(Object.keys(SIGNS_IN).map((part) => [part, account]));
}
