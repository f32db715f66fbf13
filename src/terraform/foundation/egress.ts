import { region } from '../../catalog/regions.ts';
import type { NatGateway, Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref } from '../block.ts';
import { clusterLabel, gatewayLabel, label, shortName, subnetLabel } from '../addresses.ts';
import { inFleetGroup } from './groups.ts';

/** How traffic leaves, by addresses that are known before any cluster is: every API server must allow them. */
export function egressBlocks(platform: Platform): readonly Block[] {
  const { network } = platform;
  return [
    ...network.natGateways.flatMap((gateway) => gatewayBlocks(platform, gateway)),
    ...network.loadBalancerIps.map((ip) => outboundIp(platform, ip)),
  ];
}

/** Label of a gateway's public address. */
export function natIpLabel({ names }: Platform, { publicIp }: NatGateway): string {
  return label(shortName(publicIp, names.stem));
}

function gatewayBlocks(platform: Platform, gateway: NatGateway): readonly Block[] {
  const { names, network } = platform;
  const own = gatewayLabel(gateway.name, names.stem);
  const ip = natIpLabel(platform, gateway);
  const served = network.subnets.filter(({ name }) => gateway.subnets.includes(name)).map(subnetLabel);
  return [
    block(
      'resource',
      ['azurerm_public_ip', ip],
      [
        ...inFleetGroup(gateway.publicIp),
        attr('allocation_method', 'Static'),
        attr('sku', gateway.sku, { beside: 'a gateway takes addresses of its own SKU only' }),
      ],
    ),
    block(
      'resource',
      ['azurerm_nat_gateway', own],
      [...inFleetGroup(gateway.name), attr('sku_name', gateway.sku, `${sentence(gateway.why)}.`)],
    ),
    block(
      'resource',
      ['azurerm_nat_gateway_public_ip_association', own],
      [
        attr('nat_gateway_id', ref(`azurerm_nat_gateway.${own}.id`)),
        attr('public_ip_address_id', ref(`azurerm_public_ip.${ip}.id`)),
      ],
    ),
    ...served.map((subnet) =>
      block(
        'resource',
        ['azurerm_subnet_nat_gateway_association', subnet],
        [
          attr('subnet_id', ref(`azurerm_subnet.${subnet}.id`)),
          attr('nat_gateway_id', ref(`azurerm_nat_gateway.${own}.id`)),
        ],
      ),
    ),
  ];
}

function outboundIp(
  { fleet, clusters }: Platform,
  { cluster, publicIp }: Platform['network']['loadBalancerIps'][number],
): Block {
  const isZonal = clusters.some(
    ({ name, pools }) => name === cluster && pools.some(({ zones }) => zones.length > 0),
  );
  const zones = isZonal ? (region(fleet.region)?.zones ?? []).map(String) : [];
  return block(
    'resource',
    ['azurerm_public_ip', clusterLabel(cluster)],
    [
      ...inFleetGroup(publicIp, cluster),
      attr('allocation_method', 'Static'),
      attr('sku', 'Standard'),
      zones.length > 0 &&
        attr('zones', zones, { beside: 'an address lies in one zone or in all: it must outlive any node' }),
    ],
    `Outbound address of ${cluster}. The one that AKS would make is known too late and lost with the cluster.`,
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
