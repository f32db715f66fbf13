import { listAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { SUBNET, delegationsOf } from './address-space.ts';
import { isSame, regionOf } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CODE_ASSUMED, STATUS_ASSUMED, learn, sources, troubleshoot } from './sources.ts';

const GATEWAY = 'microsoft.network/natgateways';
const PUBLIC_ADDRESS = 'microsoft.network/publicipaddresses';

const NAT_SKU = sources(learn('nat-gateway/nat-sku', '2026-07-27'), CODE_ASSUMED);
const CONTAINERS = ['microsoft.containerinstance/containergroups', 'microsoft.app/environments'];

const addressesAreOfTheSku: ArmRule = {
  id: 'gateway-addresses-are-of-its-sku',
  source: NAT_SKU,
  types: [GATEWAY],
  check: whenWritten((body, { id }, { store }) => {
    for (const { id: addressId } of listAt(body, 'properties', 'publicIpAddresses')) {
      const stored = typeof addressId === 'string' ? store.get(addressId) : undefined;
      if (stored === undefined || isSame(skuOf(stored.body), skuOf(body))) continue;
      const address = `the address ${stored.id.name} is ${skuOf(stored.body)}`;
      const message = `The NAT gateway ${id.name} is ${skuOf(body)} and ${address}.`;
      return { status: 400, code: 'NatGatewayPublicIpSkuMismatch', message };
    }
    return undefined;
  }),
};

const skuStays: ArmRule = {
  id: 'gateway-sku-stays',
  source: NAT_SKU,
  types: [GATEWAY],
  check: whenWritten((body, { id, current }) => {
    if (current === undefined || isSame(skuOf(current), skuOf(body))) return undefined;
    const message = `The NAT gateway ${id.name} is ${skuOf(current)} and cannot become ${skuOf(body)}.`;
    return { status: 400, code: 'NatGatewaySkuCannotBeChanged', message };
  }),
};

const zoneRedundantGatewayStaysOut: ArmRule = {
  id: 'standard-v2-gateway-stays-off-container-subnets',
  source: sources(
    learn('nat-gateway/nat-overview', '2026-04-14'),
    'nat-sku of 2026-07-27 no longer lists it',
    CODE_ASSUMED,
  ),
  types: [SUBNET],
  check: whenWritten((body, { id }, { store }) => {
    const gateway = textAt(body, 'properties', 'natGateway', 'id');
    const service = delegationsOf(body).find((each) => CONTAINERS.includes(each));
    const isV2 = gateway !== undefined && isSame(skuOf(store.get(gateway)?.body ?? {}), 'StandardV2');
    if (!isV2 || service === undefined) return undefined;
    const message = `The subnet ${id.name} is delegated to ${service} and takes no StandardV2 NAT gateway.`;
    return { status: 400, code: 'NatGatewayNotSupportedOnDelegatedSubnet', message };
  }),
};

const addressesAreCounted: ArmRule = {
  id: 'public-address-count',
  source: sources(troubleshoot('publicipcountlimitreached-error'), STATUS_ASSUMED),
  types: [PUBLIC_ADDRESS],
  check: whenWritten((body, { id, current }, { store, limits }) => {
    if (current !== undefined || limits.publicIps === undefined) return undefined;
    const region = regionOf(body);
    const isCounted = (other: ArmBody, subscription: string | undefined): boolean =>
      regionOf(other) === region && isSame(subscription, id.subscription);
    const others = store.ofType(PUBLIC_ADDRESS).filter((each) => isCounted(each.body, each.id.subscription));
    if (others.length < limits.publicIps) return undefined;
    const message = `The subscription has ${limits.publicIps} public addresses in ${region}, all it may.`;
    return { status: 400, code: 'PublicIPCountLimitReached', message };
  }),
};

export const natRules: readonly ArmRule[] = [
  addressesAreOfTheSku,
  skuStays,
  zoneRedundantGatewayStaysOut,
  addressesAreCounted,
];

/** Gateways and addresses are Standard where nothing is said. */
function skuOf(body: ArmBody): string {
  return textAt(body, 'sku', 'name') ?? 'Standard';
}
