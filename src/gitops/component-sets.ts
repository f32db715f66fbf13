import { chart } from '../catalog/charts.ts';
import type { ClusterPlan, ComponentId, Platform } from '../model/platform.ts';
import { applicationSet, CLUSTER } from './application-set.ts';
import { checkoutOf, pathInCheckout } from './checkout.ts';
import { annotationOf } from './cluster-facts.ts';
import { argoCdIdentityValues, argoCdValues } from './components/argo-cd.ts';
import { ciliumValues } from './components/cilium.ts';
import { externalSecretsValues } from './components/external-secrets.ts';
import { kubePrometheusStackValues } from './components/kube-prometheus-stack.ts';
import type { Manifest } from './manifest.ts';
import type { YamlMap } from './yaml.ts';

type Component = {
  readonly wave: number;
  /** The decision that it carries out, and what it is. */
  readonly purpose: string;
  readonly values: (platform: Platform, cluster: ClusterPlan) => YamlMap;
  /** Values that cluster facts give, over the file's. */
  readonly facts?: YamlMap;
};

/**
 * What is installed by a chart. The waves say in which order the sets are made; cilium is there before Argo
 * CD is.
 */
const COMPONENTS: Readonly<Record<ComponentId, Component>> = {
  cilium: {
    wave: -30,
    purpose: 'ADR-A02: Cilium, the network of the cluster and its end of the mesh, where there is one.',
    values: (_, cluster) => ciliumValues(cluster),
  },
  'argo-cd': {
    wave: -25,
    purpose: 'Argo CD, which keeps itself.',
    values: argoCdValues,
    facts: argoCdIdentityValues(annotationOf('argoCdClientId')),
  },
  'kube-prometheus-stack': {
    wave: -20,
    purpose: 'Prometheus and Grafana on mgmt; agents that forward on app clusters.',
    values: kubePrometheusStackValues,
  },
  'external-secrets': {
    wave: -10,
    purpose:
      'ADR-A03: External Secrets, which copies vault secrets and keeps them through an outage of the ' +
      'vault (C5).',
    values: (platform, cluster) => externalSecretsValues(platform.fleet.environment, cluster),
  },
};

export function componentPurpose(id: ComponentId): string {
  return COMPONENTS[id].purpose;
}

/** The values of a component on a cluster: what bootstrap renders with, and Argo CD after it. */
export function componentValues(platform: Platform, cluster: ClusterPlan, id: ComponentId): YamlMap {
  return COMPONENTS[id].values(platform, cluster);
}

/** Name of the values file in a cluster's bootstrap folder. */
export function valuesFile(id: ComponentId): string {
  return `${id}.values.yaml`;
}

/**
 * The components that at least one cluster runs, in the order of their waves, each with its ApplicationSet.
 */
export function componentSets(
  platform: Platform,
): readonly { readonly id: ComponentId; readonly set: Manifest }[] {
  const ids = Object.keys(COMPONENTS) as ComponentId[];
  return ids.flatMap((id) => {
    const clusters = platform.clusters.filter((cluster) => cluster.components.some((own) => own.id === id));
    return clusters.length === 0 ? [] : [{ id, set: componentSet(platform, id, clusters) }];
  });
}

function componentSet(platform: Platform, id: ComponentId, clusters: readonly ClusterPlan[]): Manifest {
  const { repo, version, release, namespace } = chart(id);
  const { wave, facts } = COMPONENTS[id];
  const checkout = checkoutOf(platform.fleet);
  return applicationSet(platform, {
    name: id,
    owner: 'platform',
    wave,
    clusters,
    namespace,
    sources: [
      {
        repoURL: repo,
        chart: id,
        targetRevision: version,
        helm: {
          releaseName: release,
          valueFiles: [`$values/${pathInCheckout(platform.fleet, `bootstrap/${CLUSTER}/${valuesFile(id)}`)}`],
          ...(facts ? { valuesObject: facts } : {}),
        },
      },
      { repoURL: checkout.repo, targetRevision: checkout.revision, ref: 'values' },
    ],
    // A CRD that a careless value drops from the render would take every object of its kind along.
    prune: 'nothing',
    syncOptions: namespace === 'kube-system' ? [] : ['CreateNamespace=true'],
  });
}
