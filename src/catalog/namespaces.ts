/**
 * Namespaces that are nobody's workload's, and what stands in each. Sources: kubernetes.io,
 * concepts/overview/working-with-objects/namespaces (names that begin with `kube-` are reserved);
 * learn.microsoft.com, aks: azure-policy, network-policies, command-invoke, app-routing, istio-about, dapr,
 * extensions; the charts' own defaults. Read 2026-11-22.
 */
const RESERVED = {
  default: 'Kubernetes',
  'gatekeeper-system': 'Azure Policy',
  'calico-system': 'the network policies of AKS',
  'tigera-operator': 'the network policies of AKS',
  'aks-command': 'az aks command invoke',
  'app-routing-system': 'the application routing add-on',
  'aks-istio-system': 'the Istio add-on',
  'aks-istio-ingress': 'the Istio add-on',
  'aks-istio-egress': 'the Istio add-on',
  'dapr-system': 'the Dapr extension',
  'flux-system': 'the Flux extension',
  'azure-arc': 'the extensions of AKS',
  argocd: 'Argo CD',
  'external-secrets': 'External Secrets',
  monitoring: 'Prometheus and Grafana',
  'cilium-secrets': 'Cilium',
  'argo-rollouts': 'Argo Rollouts',
  'crossplane-system': 'Crossplane',
  'cert-manager': 'cert-manager',
} as const satisfies Record<string, string>;

/** What a namespace belongs to, in words; undefined where it is a team's to have. */
export function namespaceOwner(namespace: string): string | undefined {
  if (namespace.startsWith('kube-')) return 'Kubernetes';
  return Object.hasOwn(RESERVED, namespace) ? RESERVED[namespace as keyof typeof RESERVED] : undefined;
}
