import { contains, overlaps, parseCidr } from '../../../base/cidr.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, ArmWorld, ArmWrite, Refusal } from '../rule.ts';
import {
  type KnownSubnet,
  NETWORK,
  SUBNET,
  inlineSubnets,
  networkKeyOf,
  networkPrefixes,
  rangesIn,
  subnetPrefixes,
  subnetsOf,
} from './address-space.ts';
import { isNetworkOperation } from './cluster-operations.ts';
import { whenWritten } from './judgement.ts';
import { tenantsOf } from './subnet-tenants.ts';
import { REPORTS, github, sources } from './sources.ts';

/** How long AnotherOperationInProgress asks to wait; Azure states none, so this is ours. */
const RETRY_SECONDS = 10;

const prefixesAreWellFormed: ArmRule = {
  id: 'address-prefixes-are-well-formed',
  source: REPORTS,
  types: [NETWORK, SUBNET],
  check: whenWritten((body, { id }) => {
    // Azure takes IPv6 ranges as well, which the lab does not read.
    const texts = prefixesAsked(body, id.type).filter((text) => !text.includes(':'));
    for (const text of texts) {
      const parsed = parseCidr(text);
      if (parsed.ok) continue;
      const code = isRangeWithHostBits(text) ? 'InvalidCIDRNotation' : 'InvalidAddressPrefixFormat';
      return { status: 400, code, message: `The address prefix ${text} of ${id.name} ${parsed.problem}.` };
    }
    return undefined;
  }),
};

const subnetsDoNotOverlap: ArmRule = {
  id: 'subnets-do-not-overlap',
  source: REPORTS,
  types: [NETWORK, SUBNET],
  check: whenWritten((body, write, world) => {
    const subnets = subnetsAfter(body, write, world);
    for (const [index, subnet] of subnets.entries()) {
      const other = subnets.slice(0, index).find((before) => isOverlap(before, subnet));
      if (!other) continue;
      const message = `The subnet ${textOf(subnet)} overlaps ${textOf(other)}.`;
      return { status: 400, code: 'NetcfgSubnetRangesOverlap', message };
    }
    return undefined;
  }),
};

const subnetsLieInTheNetwork: ArmRule = {
  id: 'subnets-lie-in-their-network',
  source: REPORTS,
  types: [NETWORK, SUBNET],
  check: whenWritten((body, write, world) => {
    const network = write.id.type === NETWORK ? body : world.store.get(write.id.parent ?? '')?.body;
    const space = rangesIn(networkPrefixes(network));
    if (space.length === 0) return undefined;
    const outside = subnetsAfter(body, write, world).find((subnet) =>
      rangesIn(subnetPrefixes(subnet.body)).some((range) => !space.some((part) => contains(part, range))),
    );
    if (outside === undefined) return undefined;
    const addresses = networkPrefixes(network).join(', ');
    const message = `The subnet ${textOf(outside)} is not in its network's ${addresses}.`;
    return { status: 400, code: 'NetcfgInvalidSubnet', message };
  }),
};

const usedSubnetsStay: ArmRule = {
  id: 'used-subnets-stay',
  source: REPORTS,
  types: [NETWORK, SUBNET],
  check: (write, world) => {
    for (const key of subnetsThatGo(write, world)) {
      const [tenant] = tenantsOf(key, world.store);
      if (tenant === undefined) continue;
      const message = `The subnet ${key} is in use by ${tenant.id.text} and cannot be deleted.`;
      return { status: 400, code: 'InUseSubnetCannotBeDeleted', message };
    }
    return undefined;
  },
};

const networkWritesAreOneAtATime: ArmRule = {
  id: 'network-writes-are-one-at-a-time',
  source: sources(REPORTS, github('hashicorp/terraform/issues/7153', '2016-06-13')),
  types: [
    NETWORK,
    SUBNET,
    'microsoft.network/networkinterfaces',
    'microsoft.network/privatednszones',
    'microsoft.network/privatednszones/virtualnetworklinks',
  ],
  check: (write, { running }): Refusal | undefined => {
    const { id, method } = write;
    if (method === 'POST') return undefined;
    const isChild = id.type.split('/').length > 2;
    const root = isChild ? (id.parent ?? '').toLowerCase() : id.key;
    const other = [...running].find(([key]) => isNetworkOperation(key, root));
    if (other === undefined) return undefined;
    const progress = `${other[1].what} of ${other[0]}`;
    const message = `Another operation on this or a dependent resource is in progress: ${progress}.`;
    const headers = { 'retry-after': String(RETRY_SECONDS) };
    return { status: 429, code: 'AnotherOperationInProgress', message, headers };
  },
};

export const networkRules: readonly ArmRule[] = [
  prefixesAreWellFormed,
  subnetsDoNotOverlap,
  subnetsLieInTheNetwork,
  usedSubnetsStay,
  networkWritesAreOneAtATime,
];

/** The subnets that a network will have after a write to it or to one of them. */
function subnetsAfter(body: ArmBody, { id }: ArmWrite, { store }: ArmWorld): readonly KnownSubnet[] {
  if (id.type === NETWORK) {
    const asked = inlineSubnets(id.key, body);
    const names = new Set(asked.map(({ name }) => name));
    return [...subnetsOf(id.key, store).filter(({ name }) => !names.has(name)), ...asked];
  }
  const others = subnetsOf(networkKeyOf(id.key), store).filter(({ key }) => key !== id.key);
  return [...others, { key: id.key, name: id.name.toLowerCase(), body }];
}

/** The keys of the subnets that a write deletes, or leaves out of the list that replaces what is there. */
function subnetsThatGo({ method, id, body }: ArmWrite, { store }: ArmWorld): readonly string[] {
  if (method === 'DELETE') {
    return id.type === SUBNET ? [id.key] : subnetsOf(id.key, store).map(({ key }) => key);
  }
  const properties = body?.['properties'] as ArmBody | undefined;
  if (method !== 'PUT' || id.type !== NETWORK || !Array.isArray(properties?.['subnets'])) return [];
  const kept = new Set(inlineSubnets(id.key, body).map(({ name }) => name));
  return subnetsOf(id.key, store).flatMap(({ key, name }) => (kept.has(name) ? [] : [key]));
}

/** `nodes (10.1.0.0/16)` */
function textOf({ name, body }: KnownSubnet): string {
  return `${name} (${subnetPrefixes(body).join(', ')})`;
}

function isOverlap(a: KnownSubnet, b: KnownSubnet): boolean {
  const others = rangesIn(subnetPrefixes(b.body));
  return rangesIn(subnetPrefixes(a.body)).some((range) => others.some((other) => overlaps(range, other)));
}

function prefixesAsked(body: ArmBody, type: string): readonly string[] {
  if (type === SUBNET) return subnetPrefixes(body);
  return [
    ...networkPrefixes(body),
    ...inlineSubnets('', body).flatMap((subnet) => subnetPrefixes(subnet.body)),
  ];
}

/** Of a text that is no range: true when its two parts are sound alone. */
function isRangeWithHostBits(text: string): boolean {
  const [address, prefix] = text.split('/');
  return parseCidr(`${address}/32`).ok && parseCidr(`0.0.0.0/${prefix}`).ok;
}
