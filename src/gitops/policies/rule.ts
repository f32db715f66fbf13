import type { Cidr } from '../../base/cidr.ts';

/** Pods with these labels in a namespace; all pods of it where none are named. */
export type Pods = {
  readonly kind: 'pods';
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Clusters of the mesh that they run on; their own where none are named. */
  readonly clusters?: readonly string[];
};

/** Who is at the other end of a rule. */
export type Peer =
  | Pods
  /** The node that the pod stands on, or every node. */
  | { readonly kind: 'own-node' | 'nodes' }
  | { readonly kind: 'api-server' }
  /** DNS names; a star stands for a part of one label. */
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  | { readonly kind: 'ranges'; readonly ranges: readonly Cidr[] }
  /** Whoever calls from outside of the cluster, as it arrives at a pod. */
  | { readonly kind: 'outside' };

export type Port = { readonly port: number; readonly protocol: 'TCP' | 'UDP' };

/** One thing that pods of a cluster may be asked, or may ask. */
export type Rule = {
  readonly direction: 'ingress' | 'egress';
  readonly subject: Pods;
  readonly peer: Peer;
  /** Of whoever is asked; every port where none are named. */
  readonly ports: readonly Port[];
  readonly why: string;
};

/** The label by which the charts and this tree tell their pods apart. */
const NAME_LABEL = 'app.kubernetes.io/name';

/** Pods by the name that the charts, and this tree, put on them. */
export function podsNamed(namespace: string, name: string, clusters?: readonly string[]): Pods {
  return { kind: 'pods', namespace, labels: { [NAME_LABEL]: name }, ...(clusters ? { clusters } : {}) };
}

/** All pods of a namespace. */
export function everyPod(namespace: string): Pods {
  return { kind: 'pods', namespace };
}

/** Cilium passes what both ends allow, so a flow between pods of one cluster is two rules. */
export function between(from: Pods, to: Pods, ports: readonly Port[], why: string): readonly Rule[] {
  return [asks(from, to, ports, why), answers(to, from, ports, why)];
}

export function asks(subject: Pods, peer: Peer, ports: readonly Port[], why: string): Rule {
  return { direction: 'egress', subject, peer, ports, why };
}

export function answers(subject: Pods, peer: Peer, ports: readonly Port[], why: string): Rule {
  return { direction: 'ingress', subject, peer, ports, why };
}

export function tcp(...ports: readonly number[]): readonly Port[] {
  return ports.map((port) => ({ port, protocol: 'TCP' }));
}

export function tcpAndUdp(port: number): readonly Port[] {
  return [
    { port, protocol: 'TCP' },
    { port, protocol: 'UDP' },
  ];
}
