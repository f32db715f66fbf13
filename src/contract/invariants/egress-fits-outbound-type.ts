import type { SubnetEvidence } from '../azure-evidence.ts';
import type { ClusterEvidence, NodePoolEvidence, With } from '../evidence.ts';
import { groupBy, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';

const NAT = 'userAssignedNATGateway';
/** A gateway that Azure makes itself, in a network that it makes itself. */
const MANAGED_NAT = 'managedNATGateway';

export default invariant({
  id: 'egress-fits-outbound-type',
  title: 'Nodes that leave by a NAT gateway stand in subnets that have one',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Azure refuses a cluster whose outbound type is a NAT gateway while its subnet has none, one that brings ' +
    'settings for the load balancer along with it, and a gateway that Azure makes in a network that it did not. ' +
    'Terraform knows of none of it before the apply.',
  source: 'learn.microsoft.com, aks/egress-outboundtype, 2026-08; azurerm 5.2.0, four gates, 2026-11-22.',
  kinds: ['terraform', 'live'],
  needs: ['clusters', 'nodePools'],
  *check({ clusters, nodePools, subnets = [] }) {
    const poolsOf = poolsOfCluster(nodePools, 'subnet');
    const byName = groupBy(subnets, ({ name }) => name);
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'outboundType')) yield unsaid(cluster, 'name', 'outboundType');
      else if (cluster.outboundType === NAT) {
        yield* judge(cluster, poolsOf(cluster.name), (name) => byName.get(name)?.[0]);
      } else if (cluster.outboundType === MANAGED_NAT) {
        yield judgeManaged(cluster, nodePools);
      }
    }
  },
});

function judgeManaged(
  cluster: With<ClusterEvidence, 'name'>,
  nodePools: readonly NodePoolEvidence[],
): Observation {
  const place = placeOf(cluster, 'outboundType');
  const own = nodePools.find((pool) => pool.cluster === cluster.name && pool.subnet !== undefined);
  return own
    ? broken(place, `${cluster.name} is to leave by a gateway of Azure's own, and stands in ${own.subnet}`, {
        help: `write \`${NAT}\`: a managed gateway takes no network but its own`,
      })
    : undetermined(place, `whether ${cluster.name} has a network of its own`);
}

function* judge(
  cluster: With<ClusterEvidence, 'name'>,
  pools: readonly With<NodePoolEvidence, 'subnet'>[] | undefined,
  subnetOf: (name: string) => SubnetEvidence | undefined,
): Iterable<Observation> {
  const { name } = cluster;
  const place = placeOf(cluster, 'outboundType');
  if (cluster.hasLoadBalancerEgress === undefined) yield unsaid(cluster, 'hasLoadBalancerEgress');
  else if (cluster.hasLoadBalancerEgress) {
    yield broken(
      placeOf(cluster, 'hasLoadBalancerEgress'),
      `${name} leaves by a NAT gateway and has settings for leaving by a load balancer`,
      { help: 'remove `load_balancer_profile`' },
    );
  }
  if (pools === undefined) {
    yield undetermined(place, `whether the subnets of ${name} have a NAT gateway`);
    return;
  }
  for (const subnet of new Set(pools.map((pool) => pool.subnet))) {
    const has = subnetOf(subnet)?.hasNatGateway;
    if (has === undefined) yield undetermined(place, `whether the subnet ${subnet} has a NAT gateway`);
    else if (has) yield held(place);
    else {
      yield broken(place, `${name} is to leave by a NAT gateway, and its subnet ${subnet} has none`, {
        help: 'join one to the subnet (azurerm_subnet_nat_gateway_association) before the cluster is made',
      });
    }
  }
}
