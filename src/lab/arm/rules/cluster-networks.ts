import { containsAddress, overlaps, parseCidr, parseIpv4 } from '../../../base/cidr.ts';
import { clusterLimits } from '../../../catalog/limits.ts';
import { listAt, objectAt, textAt, valueAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, ArmWorld } from '../rule.ts';
import { networkKeyOf, rangesIn, subnetAt, subnetPrefixes, subnetsOf } from './address-space.ts';
import { isSame, textsAt } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CLUSTER } from './pool-profiles.ts';
import { INVALID_PARAMETER } from './pools.ts';
import {
  CODE_ASSUMED,
  LET_THROUGH,
  STATUS_ASSUMED,
  github,
  learn,
  sources,
  troubleshoot,
} from './sources.ts';

const EGRESS = sources(learn('aks/egress-outboundtype', '2026-08'), CODE_ASSUMED);
const AUTHORIZED = sources(clusterLimits.authorizedIpRanges.source, CODE_ASSUMED);

/** With API server VNet integration (learn.microsoft.com, aks/api-server-vnet-integration, 2026-08). */
const INTEGRATED_RANGES_MAX = 2000;

const servicesStayOutOfSubnets: ArmRule = {
  id: 'service-range-stays-out-of-subnets',
  source: sources(troubleshoot('servicecidroverlapexistingsubnetscidr-error'), STATUS_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body, _write, world) => {
    const text = textAt(body, 'properties', 'networkProfile', 'serviceCidr');
    const [services] = rangesIn(text === undefined ? [] : [text]);
    if (services === undefined) return undefined;
    const hit = neighbours(body, world).find(({ body: subnet }) =>
      rangesIn(subnetPrefixes(subnet)).some((range) => overlaps(range, services)),
    );
    if (hit === undefined) return undefined;
    const ranges = subnetPrefixes(hit.body).join(', ');
    const message = `The service CIDR ${text} overlaps the subnet ${hit.name} (${ranges}).`;
    const code = 'ServiceCidrOverlapExistingSubnetsCidr';
    return { status: 400, code, message, target: 'networkProfile.serviceCIDR' };
  }),
};

const dnsIsAService: ArmRule = {
  id: 'dns-address-is-in-the-service-range',
  source: sources(troubleshoot('dnsserviceipoutofservicecidr-error'), STATUS_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body) => {
    const profile = objectAt(body, 'properties', 'networkProfile');
    const [services] = rangesIn(textsOf(textAt(profile, 'serviceCidr')));
    const text = textAt(profile, 'dnsServiceIP');
    const address = text === undefined ? undefined : parseIpv4(text);
    if (services === undefined || address === undefined || containsAddress(services, address))
      return undefined;
    const message = `The DNS address ${text} is outside the service CIDR ${textAt(profile, 'serviceCidr')}.`;
    return {
      status: 400,
      code: 'DnsServiceIpOutOfServiceCidr',
      message,
      target: 'networkProfile.dnsServiceIP',
    };
  }),
};

const authorizedRangesAreRanges: ArmRule = {
  id: 'authorized-ranges-are-ranges',
  source: AUTHORIZED,
  types: [CLUSTER],
  check: whenWritten((body) => {
    const malformed = authorizedRanges(body).find((text) => !isRangeOrAddress(text));
    if (malformed === undefined) return undefined;
    const message = `The authorized range ${malformed} is no IPv4 address or range.`;
    return {
      status: 400,
      code: INVALID_PARAMETER,
      message,
      target: 'apiServerAccessProfile.authorizedIPRanges',
    };
  }),
};

const authorizedRangesAreFew: ArmRule = {
  id: 'authorized-ranges-are-at-most-200',
  source: AUTHORIZED,
  types: [CLUSTER],
  check: whenWritten((body) => {
    const isIntegrated =
      valueAt(body, 'properties', 'apiServerAccessProfile', 'enableVnetIntegration') === true;
    const max = isIntegrated ? INTEGRATED_RANGES_MAX : clusterLimits.authorizedIpRanges.max;
    const count = authorizedRanges(body).length;
    if (count <= max) return undefined;
    const message = `${count} authorized ranges are given; ${max} are possible.`;
    return {
      status: 400,
      code: INVALID_PARAMETER,
      message,
      target: 'apiServerAccessProfile.authorizedIPRanges',
    };
  }),
};

const privateClustersAuthorizeNothing: ArmRule = {
  id: 'private-cluster-has-no-authorized-ranges',
  source: AUTHORIZED,
  types: [CLUSTER],
  check: whenWritten((body) => {
    const isPrivate = valueAt(body, 'properties', 'apiServerAccessProfile', 'enablePrivateCluster') === true;
    if (!isPrivate || authorizedRanges(body).length === 0) return undefined;
    const message = 'A private cluster takes no authorized ranges: its API server has no public address.';
    return {
      status: 400,
      code: INVALID_PARAMETER,
      message,
      target: 'apiServerAccessProfile.authorizedIPRanges',
    };
  }),
};

const ownGatewayIsThere: ArmRule = {
  id: 'user-assigned-gateway-is-on-the-subnet',
  source: EGRESS,
  types: [CLUSTER],
  check: whenWritten((body, _write, { store }) => {
    if (!isSame(outboundType(body), 'userAssignedNATGateway')) return undefined;
    for (const profile of listAt(body, 'properties', 'agentPoolProfiles')) {
      const id = textAt(profile, 'vnetSubnetID');
      const subnet = subnetAt(id, store);
      // A subnet that the lab does not hold may have a gateway or none.
      if (id !== undefined && subnet === undefined) continue;
      if (textAt(subnet?.body, 'properties', 'natGateway', 'id') !== undefined) continue;
      const what =
        id === undefined ? 'is in no subnet of yours' : `is in a subnet without a NAT gateway, ${id}`;
      const pool = textAt(profile, 'name');
      const message = `The outbound type is userAssignedNATGateway and the node pool ${pool} ${what}.`;
      return { status: 400, code: INVALID_PARAMETER, message, target: 'networkProfile.outboundType' };
    }
    return undefined;
  }),
};

const managedGatewayNeedsManagedNetwork: ArmRule = {
  id: 'managed-gateway-needs-a-managed-network',
  source: EGRESS,
  types: [CLUSTER],
  check: whenWritten((body) => {
    const own = listAt(body, 'properties', 'agentPoolProfiles').find(
      (profile) => textAt(profile, 'vnetSubnetID') !== undefined,
    );
    if (!isSame(outboundType(body), 'managedNATGateway') || own === undefined) return undefined;
    const pool = textAt(own, 'name');
    const message = `managedNATGateway is for networks that AKS makes; the node pool ${pool} is in yours.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'networkProfile.outboundType' };
  }),
};

const gatewayReplacesTheBalancer: ArmRule = {
  id: 'load-balancer-profile-needs-load-balancer-egress',
  source: sources(github('hashicorp/terraform-provider-azurerm/issues/16712', '2022-05-09'), CODE_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body) => {
    const profile = objectAt(body, 'properties', 'networkProfile', 'loadBalancerProfile');
    const asks = ['managedOutboundIPs', 'outboundIPs', 'outboundIPPrefixes'].some((key) => profile[key]);
    const isGateway = /NATGateway$/i.test(outboundType(body) ?? '');
    if (!asks || !isGateway) return undefined;
    const message = `The load balancer profile has addresses, the outbound type is ${outboundType(body)}.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'networkProfile.loadBalancerProfile' };
  }),
};

const policyNeedsAPlugin: ArmRule = {
  id: 'network-policy-needs-a-plugin',
  source: sources(learn('aks/use-byo-cni', '2026-04-16'), LET_THROUGH, CODE_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body) => {
    const profile = objectAt(body, 'properties', 'networkProfile');
    const policy = textAt(profile, 'networkPolicy');
    const hasPolicy = policy !== undefined && !isSame(policy, 'none');
    if (!hasPolicy || !isSame(textAt(profile, 'networkPlugin'), 'none')) return undefined;
    const message = `The network policy ${policy} needs a network plugin of AKS, and the plugin is none.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'networkProfile.networkPolicy' };
  }),
};

export const clusterNetworkRules: readonly ArmRule[] = [
  servicesStayOutOfSubnets,
  dnsIsAService,
  authorizedRangesAreRanges,
  authorizedRangesAreFew,
  privateClustersAuthorizeNothing,
  ownGatewayIsThere,
  managedGatewayNeedsManagedNetwork,
  gatewayReplacesTheBalancer,
  policyNeedsAPlugin,
];

/** All subnets of the networks that a cluster's nodes lie in. */
function neighbours(body: ArmBody, { store }: ArmWorld): ReturnType<typeof subnetsOf> {
  const subnets = listAt(body, 'properties', 'agentPoolProfiles').flatMap(
    (profile) => textAt(profile, 'vnetSubnetID') ?? [],
  );
  return [...new Set(subnets.map(networkKeyOf))].flatMap((key) => subnetsOf(key, store));
}

function outboundType(body: ArmBody): string | undefined {
  return textAt(body, 'properties', 'networkProfile', 'outboundType');
}

function authorizedRanges(body: ArmBody): readonly string[] {
  return textsAt(body, 'properties', 'apiServerAccessProfile', 'authorizedIPRanges');
}

/** An address alone is taken too. Whether host bits are is not documented, so they are let through. */
function isRangeOrAddress(text: string): boolean {
  const [address = '', prefix = '32', ...rest] = text.split('/');
  return parseIpv4(address) !== undefined && parseCidr(`0.0.0.0/${prefix}`).ok && rest.length === 0;
}

function textsOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
