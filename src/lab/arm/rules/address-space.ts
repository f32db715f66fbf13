import { type Cidr, parseCidr } from '../../../base/cidr.ts';
import { listAt, textAt } from '../body.ts';
import type { ArmBody, ArmStore } from '../resource.ts';
import { textsAt } from './body-values.ts';

export const NETWORK = 'microsoft.network/virtualnetworks';
export const SUBNET = `${NETWORK}/subnets`;

/** A subnet of a virtual network, stored alone or in its network's body. */
export type KnownSubnet = { readonly key: string; readonly name: string; readonly body: ArmBody };

/** The ranges of a subnet as they are written, in the singular or the plural. */
export function subnetPrefixes(body: ArmBody | undefined): readonly string[] {
  const single = textAt(body, 'properties', 'addressPrefix');
  const many = textsAt(body, 'properties', 'addressPrefixes');
  return single === undefined || many.includes(single) ? many : [single, ...many];
}

/** The ranges of a network as they are written. */
export function networkPrefixes(body: ArmBody | undefined): readonly string[] {
  return textsAt(body, 'properties', 'addressSpace', 'addressPrefixes');
}

/** The ranges among these texts. IPv6 and what is malformed are left out: other rules speak of the latter. */
export function rangesIn(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => {
    const parsed = parseCidr(text);
    return parsed.ok ? [parsed.value] : [];
  });
}

/** All subnets of a network. */
export function subnetsOf(networkKey: string, store: ArmStore): readonly KnownSubnet[] {
  const alone = store
    .below(networkKey)
    .filter(({ id }) => id.type === SUBNET)
    .map(({ id, body }) => ({ key: id.key, name: id.name.toLowerCase(), body }));
  const names = new Set(alone.map(({ name }) => name));
  const inline = inlineSubnets(networkKey, store.get(networkKey)?.body);
  return [...alone, ...inline.filter(({ name }) => !names.has(name))];
}

/** The subnets that a network's body lists. */
export function inlineSubnets(networkKey: string, body: ArmBody | undefined): readonly KnownSubnet[] {
  return listAt(body, 'properties', 'subnets').map((subnet) => {
    const name = (textAt(subnet, 'name') ?? '').toLowerCase();
    return { key: `${networkKey.toLowerCase()}/subnets/${name}`, name, body: subnet };
  });
}

/** The subnet of this id; undefined when there is none. */
export function subnetAt(id: string | undefined, store: ArmStore): KnownSubnet | undefined {
  const key = id?.toLowerCase();
  return key === undefined
    ? undefined
    : subnetsOf(networkKeyOf(key), store).find((subnet) => subnet.key === key);
}

/** The key of the network that a subnet lies in. */
export function networkKeyOf(subnetId: string): string {
  return subnetId.toLowerCase().replace(/\/subnets\/[^/]+$/, '');
}

/** The services that a subnet is delegated to, in lower case. */
export function delegationsOf(body: ArmBody | undefined): readonly string[] {
  return listAt(body, 'properties', 'delegations').flatMap(
    (delegation) => textAt(delegation, 'properties', 'serviceName')?.toLowerCase() ?? [],
  );
}
