import { formatCidr } from '../../base/cidr.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Item, attr, block, group, ref } from '../block.ts';

/** The cluster's own network. Nearly all of it is fixed for life: a change replaces the cluster. */
export function networkProfile({ fleet, network }: Platform, cluster: ClusterPlan): Item {
  const outbound = network.loadBalancerIps.some((ip) => ip.cluster === cluster.name);
  return block(
    'network_profile',
    [],
    [
      ...plugin(fleet.network.cni),
      group(
        [
          attr('pod_cidr', formatCidr(cluster.podRange)),
          attr('service_cidr', formatCidr(cluster.serviceRange)),
          attr('dns_service_ip', cluster.dnsServiceIp),
        ],
        fleet.network.cni === 'cilium'
          ? "Equal to Cilium's own pool: the control plane finds the pods by it."
          : undefined,
      ),
      group([
        attr('load_balancer_sku', 'standard'),
        attr('outbound_type', outbound ? 'loadBalancer' : 'userAssignedNATGateway'),
      ]),
      outbound &&
        block('load_balancer_profile', [], [attr('outbound_ip_address_ids', [ref('local.outbound_ip_id')])]),
    ],
  );
}

function plugin(cni: Platform['fleet']['network']['cni']): readonly Item[] {
  if (cni === 'cilium') {
    return [
      attr(
        'network_plugin',
        'none',
        'Cilium is brought along for its Cluster Mesh (ADR-A02). Nodes are NotReady until it runs.',
      ),
    ];
  }
  return [
    group(
      [
        attr('network_plugin', 'azure'),
        attr('network_plugin_mode', 'overlay'),
        attr('network_data_plane', 'cilium'),
        attr('network_policy', 'cilium'),
      ],
      "Azure's own Cilium: eBPF and policies, no Cluster Mesh (ADR-A02).",
    ),
  ];
}
