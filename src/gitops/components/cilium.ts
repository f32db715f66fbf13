import { formatCidr } from '../../base/cidr.ts';
import type { ClusterPlan, MeshPlan, PlannedPods } from '../../model/platform.ts';
import { copiesOf, podsOf, resourcesOf, SPREAD, SYSTEM_NODES, TOLERATES_SYSTEM } from '../placement.ts';
import { because, type YamlMap } from '../yaml.ts';

/**
 * The chart's own tolerations of the operator. A list replaces the chart's list, so they are repeated;
 * without the one for uninitialized nodes a new cluster never comes up (Cilium chart 1.18.2 added it).
 */
const OPERATOR_TOLERATES = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node.kubernetes.io/not-ready',
  'node.cloudprovider.kubernetes.io/uninitialized',
].map((key) => ({ key, operator: 'Exists' }));

const SYSTEM_PLACE = { nodeSelector: SYSTEM_NODES, tolerations: [TOLERATES_SYSTEM] };

/** Values of the Cilium chart on AKS without a CNI (ADR-A02). */
export function ciliumValues(cluster: ClusterPlan): YamlMap {
  const pods = (name: string): PlannedPods => podsOf(cluster, 'cilium', name)!;
  return {
    cluster: because('Name and id are fixed at install: changing either restarts every workload.', {
      name: cluster.name,
      id: cluster.id,
    }),
    aksbyocni: { enabled: true },
    routingMode: 'tunnel',
    tunnelProtocol: 'vxlan',
    ipam: {
      mode: 'cluster-pool',
      operator: {
        clusterPoolIPv4PodCIDRList: because(
          'The pod_cidr of the AKS cluster. The default, 10.0.0.0/8, would swallow the VNet.',
          [formatCidr(cluster.podRange)],
        ),
        clusterPoolIPv4MaskSize: cluster.podMaskPerNode,
      },
    },
    kubeProxyReplacement: because('AKS runs kube-proxy; turning it off is a preview there.', 'false'),
    agentNotReadyTaintKey: because(
      'The operator sets and removes this taint. With this prefix the AKS autoscaler knows that it goes ' +
        'away, and still adds nodes.',
      'startup-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready',
    ),
    resources: resourcesOf('cilium-agent', 'cilium-agent'),
    initResources: resourcesOf('cilium-agent', 'config'),
    cni: { resources: resourcesOf('cilium-agent', 'install-cni-binaries') },
    envoy: because('The agent runs Envoy itself: one pod less on every node.', { enabled: false }),
    prometheus: because(
      'Metrics without monitors: their CRDs do not exist when Cilium is installed. The monitoring stack ' +
        'brings its own.',
      { enabled: true },
    ),
    operator: operator(pods('cilium-operator')),
    certgen: {
      generateCA: cluster.mesh
        ? because(
            'The Jobs must fail without the shared CA: one of their own would split the mesh in silence.',
            false,
          )
        : because('There is no mesh to share a CA with.', true),
      resources: resourcesOf('hubble-generate-certs', 'certgen'),
      ...SYSTEM_PLACE,
    },
    hubble: hubble(pods('hubble-relay')),
    ...(cluster.mesh && cluster.mesh.peers.length > 0
      ? { clustermesh: clustermesh(cluster.mesh, pods('clustermesh-apiserver')) }
      : {}),
  };
}

function operator(pods: PlannedPods): YamlMap {
  return {
    replicas: because('Two never share a host: a second one needs a second system node.', copiesOf(pods)),
    resources: resourcesOf('cilium-operator', 'cilium-operator'),
    nodeSelector: SYSTEM_NODES,
    tolerations: because('Without the last one it stays Pending, and the cluster without a network.', [
      ...OPERATOR_TOLERATES,
      TOLERATES_SYSTEM,
    ]),
    ...whenTwo(pods),
  };
}

function hubble(relay: PlannedPods): YamlMap {
  return {
    tls: { auto: { enabled: true, method: 'cronJob' } },
    metrics: { enabled: ['dns', 'drop', 'tcp', 'flow', 'icmp', 'port-distribution'] },
    relay: {
      enabled: true,
      replicas: copiesOf(relay),
      resources: resourcesOf('hubble-relay', 'hubble-relay'),
      ...SYSTEM_PLACE,
      ...whenTwo(relay),
      prometheus: { enabled: true },
    },
  };
}

function clustermesh(mesh: MeshPlan, pods: PlannedPods): YamlMap {
  const ofContainer = (name: string): YamlMap => resourcesOf('clustermesh-apiserver', name);
  return {
    useAPIServer: true,
    maxConnectedClusters: because('Equal in all clusters, and fixed at install.', 255),
    cacheTTL: because(
      'How long the backends of a peer that is gone or asleep are kept; the default is for ever.',
      '15m',
    ),
    apiserver: {
      replicas: copiesOf(pods),
      resources: ofContainer('apiserver'),
      etcd: { resources: ofContainer('etcd'), init: { resources: ofContainer('etcd-init') } },
      kvstoremesh: { resources: ofContainer('kvstoremesh') },
      podSecurityContext: because('The one line that the chart leaves out of it.', {
        seccompProfile: { type: 'RuntimeDefault' },
      }),
      ...SYSTEM_PLACE,
      ...whenTwo(pods),
      service: {
        type: 'LoadBalancer',
        annotations: because('A fixed address, so that the peers could be rendered with it.', {
          'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
          'service.beta.kubernetes.io/azure-load-balancer-ipv4': mesh.address,
        }),
      },
      tls: {
        authMode: because('Each peer signs in under its own name, from the shared CA.', 'cluster'),
        auto: because('By a Job in the cluster: by Helm, every render would make new certificates.', {
          enabled: true,
          method: 'cronJob',
        }),
      },
    },
    config: {
      enabled: true,
      clusters: because(
        'network.peers of the fleet file, which also made the other side of each pair and the NSG rows.',
        Object.fromEntries(
          mesh.peers.map(({ cluster, address, port }) => [cluster, { ips: [address], port }]),
        ),
      ),
    },
  };
}

function whenTwo(pods: PlannedPods): YamlMap {
  if (copiesOf(pods) < 2) return {};
  return { podDisruptionBudget: { enabled: true, maxUnavailable: 1 }, topologySpreadConstraints: SPREAD };
}
