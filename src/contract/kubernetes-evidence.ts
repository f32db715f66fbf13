import type { Cidr } from '../base/cidr.ts';
import type { Path } from '../base/finding.ts';
import type { Item } from './item.ts';

/** What Kubernetes objects and the values of charts say: of a GitOps tree or of a running cluster. */
export type KubernetesEvidence = {
  readonly podSets?: readonly PodSetEvidence[];
  readonly nodeChoices?: readonly NodeChoiceEvidence[];
  readonly storedSecrets?: readonly StoredSecretEvidence[];
  readonly externalSecretObjects?: readonly ExternalSecretObjectEvidence[];
  readonly webhooks?: readonly WebhookEvidence[];
  readonly applicationSets?: readonly ApplicationSetEvidence[];
  readonly applications?: readonly ApplicationEvidence[];
  readonly ciliums?: readonly CiliumEvidence[];
  readonly expanders?: readonly ExpanderEvidence[];
  readonly globalServices?: readonly GlobalServiceEvidence[];
};

/** How pods choose between Spot nodes and others: by node selector or node affinity. */
export type SpotChoice = 'only' | 'preferred' | 'none' | 'avoided' | 'never';

/** Pods of one kind that something keeps at a number: a Deployment, a StatefulSet, a part of a chart. */
export type PodSetEvidence = Item<{
  /** `Deployment shop/cart`, or `the operator of cilium on app1`. */
  readonly name: string;
  /** Part of the platform, not of a team's workload. */
  readonly isPlatform: boolean;
  readonly isCritical: boolean;
  /** Volumes of its own that outlive the pods. */
  readonly hasState: boolean;
  readonly replicas: number;
  readonly toleratesSpot: boolean;
  readonly spotChoice: SpotChoice;
  readonly graceSeconds: number;
  /** Topology keys over which the pods are kept apart. */
  readonly spreadOver: readonly string[];
  readonly containersWithoutRequests: readonly string[];
  readonly budgets: readonly DisruptionBudget[];
}>;

/** A PodDisruptionBudget that selects the pods. */
export type DisruptionBudget = {
  readonly name: string;
  readonly path: Path;
  /** Evictions that it allows while all replicas are healthy; undefined when that is not known. */
  readonly allowed: number | undefined;
};

/** One key by which pods choose nodes. */
export type NodeChoiceEvidence = Item<{
  readonly pods: string;
  readonly by: 'toleration' | 'node selector' | 'node affinity' | 'topology spread';
  readonly key: string;
  readonly values: readonly string[];
}>;

/** A Secret whose content is written down. */
export type StoredSecretEvidence = Item<{
  readonly name: string;
  /** Entries that are no reference to a value elsewhere. */
  readonly keys: readonly string[];
}>;

/** An object of External Secrets, with the API that it is written for. */
export type ExternalSecretObjectEvidence = Item<{
  readonly name: string;
  readonly apiVersion: string;
  /** Whether it is a store that reads an Azure Key Vault. */
  readonly isAzureStore: boolean;
  /** How such a store signs in. */
  readonly authType: string;
}>;

export type WebhookEvidence = Item<{
  readonly name: string;
  readonly failurePolicy: string;
  readonly replicas: number;
}>;

export type ApplicationSetEvidence = Item<{
  readonly name: string;
  readonly applicationsSync: string;
  readonly preservesResources: boolean;
  readonly isGoTemplate: boolean;
  readonly stopsOnMissingKey: boolean;
}>;

export type ApplicationEvidence = Item<{
  readonly name: string;
  /** Whether it installs what the cluster's network stands on. */
  readonly isNetwork: boolean;
  /** Whether it deletes by itself what leaves its source. */
  readonly prunes: boolean;
}>;

/** One installation of Cilium. */
export type CiliumEvidence = Item<{
  readonly cluster: string;
  readonly isMeshed: boolean;
  readonly peers: readonly MeshPeer[];
  /** Where the peers reach its mesh API; known where a load balancer gets a fixed address. */
  readonly meshAddress: string;
  readonly maxConnectedClusters: number;
  /** Whether the certificate Jobs make a CA of their own where the shared one is missing. */
  readonly generatesCa: boolean;
  readonly meshCertificates: string;
  readonly hubbleCertificates: string;
  readonly replacesKubeProxy: boolean;
  readonly operatorToleratesSystem: boolean;
  /** An empty list says that the chart's default stands. */
  readonly podRanges: readonly Cidr[];
}>;

export type MeshPeer = {
  readonly cluster: string;
  readonly path: Path;
  /** Undefined when they are not known. */
  readonly addresses: readonly string[] | undefined;
  /** Where one is written. */
  readonly port?: number;
};

/** The list by which the autoscaler chooses between pools. */
export type ExpanderEvidence = Item<{
  readonly cluster: string;
  readonly levels: readonly ExpanderLevel[];
}>;

export type ExpanderLevel = {
  readonly priority: number;
  readonly patterns: readonly string[];
};

/** A Service that has an annotation of the mesh. */
export type GlobalServiceEvidence = Item<{
  readonly name: string;
  readonly cluster: string;
  /** The value of `service.cilium.io/global`, as written. */
  readonly global: string;
  /** Whether that is a text: of annotations, an API server takes nothing else. */
  readonly isText: boolean;
  /** Whether it shows its own pods to the peers: it has a selector and does not say that it keeps them. */
  readonly shares: boolean;
}>;
