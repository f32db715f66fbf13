import { createHash } from 'node:crypto';
import { formatIpv4, parseCidr, parseIpv4, usableIn } from '../../../base/cidr.ts';
import { listAt, objectAt, textAt, withProperties } from '../body.ts';
import { armId, groupScope } from '../id.ts';
import type { ArmKind, InlineChildren } from '../kind.ts';
import type { ArmBody, ArmId, ArmResource, ArmStore } from '../resource.ts';
import { uuidOf } from '../uuid.ts';

const INTERFACE = 'microsoft.network/networkinterfaces';

/** Azure keeps the first four addresses of a subnet (learn.microsoft.com, virtual-networks-faq, 2026-05). */
const RESERVED_ADDRESSES = 4;

const networks: ArmKind = {
  type: 'microsoft.network/virtualnetworks',
  isLongRunning: true,
  etag: 'etag',
  inlineChildren: [list('subnets')],
  complete: ({ id, body }) => withProperties(body, { resourceGuid: uuidOf(id.key) }),
};

const subnets: ArmKind = {
  type: 'microsoft.network/virtualnetworks/subnets',
  isLongRunning: true,
  etag: 'etag',
};

const securityGroups: ArmKind = {
  type: 'microsoft.network/networksecuritygroups',
  isLongRunning: true,
  etag: 'etag',
  inlineChildren: [list('securityRules')],
};

const securityRules: ArmKind = {
  type: 'microsoft.network/networksecuritygroups/securityrules',
  isLongRunning: true,
  etag: 'etag',
};

const natGateways: ArmKind = { type: 'microsoft.network/natgateways', isLongRunning: true, etag: 'etag' };

const publicAddresses: ArmKind = {
  type: 'microsoft.network/publicipaddresses',
  isLongRunning: true,
  etag: 'etag',
  complete: ({ id, body }) => {
    const isStatic = textAt(body, 'properties', 'publicIPAllocationMethod')?.toLowerCase() === 'static';
    return withProperties(body, isStatic ? { ipAddress: publicAddress(id) } : {});
  },
};

/** Azure makes a network interface along with an endpoint, with an address out of its subnet. */
const privateEndpoints: ArmKind = {
  type: 'microsoft.network/privateendpoints',
  isLongRunning: true,
  etag: 'etag',
  complete: ({ id, body }) => {
    const connections = listAt(body, 'properties', 'privateLinkServiceConnections').map((connection) =>
      withProperties(connection, {
        provisioningState: 'Succeeded',
        privateLinkServiceConnectionState: {
          status: 'Approved',
          description: 'Auto-Approved',
          actionsRequired: 'None',
        },
      }),
    );
    return withProperties(body, {
      networkInterfaces: [{ id: interfaceOf(id).text }],
      ...(connections.length === 0 ? {} : { privateLinkServiceConnections: connections }),
    });
  },
  written: ({ id, body }, lab) => {
    const nic = interfaceOf(id);
    const subnet = textAt(body, 'properties', 'subnet', 'id');
    if (lab.store.get(nic.text) || subnet === undefined) return;
    lab.store.put({ id: nic, body: networkInterface(nic, body, subnet, lab.store) });
  },
  removed: ({ id }, lab) => lab.store.remove(interfaceOf(id).text),
};

const zoneGroups: ArmKind = {
  type: 'microsoft.network/privateendpoints/privatednszonegroups',
  isLongRunning: true,
  etag: 'etag',
};

const privateZones: ArmKind = {
  type: 'microsoft.network/privatednszones',
  isLongRunning: true,
  etag: 'etag',
  complete: ({ body }) =>
    withProperties(body, {
      maxNumberOfRecordSets: 25_000,
      numberOfRecordSets: 1,
      numberOfVirtualNetworkLinks: 0,
    }),
};

const zoneLinks: ArmKind = {
  type: 'microsoft.network/privatednszones/virtualnetworklinks',
  isLongRunning: true,
  etag: 'etag',
  complete: ({ body }) => withProperties(body, { virtualNetworkLinkState: 'Completed' }),
};

/** The record that every zone begins with, and azurerm reads with every zone. */
const startOfAuthority: ArmKind = {
  type: 'microsoft.network/privatednszones/soa',
  virtual: (id, { store }) => {
    if (id.parent === undefined || !store.get(id.parent)) return undefined;
    const soaRecord = {
      host: 'azureprivatedns.net',
      email: 'azureprivatedns-host.microsoft.com',
      serialNumber: 1,
      refreshTime: 3600,
      retryTime: 300,
      expireTime: 2_419_200,
      minimumTtl: 10,
    };
    const properties = { fqdn: `${armId(id.parent).name}.`, ttl: 3600, soaRecord };
    return { id: id.text, name: id.name, type: 'Microsoft.Network/privateDnsZones/SOA', properties };
  },
};

export const network: readonly ArmKind[] = [
  networks,
  subnets,
  securityGroups,
  securityRules,
  natGateways,
  publicAddresses,
  privateEndpoints,
  zoneGroups,
  privateZones,
  zoneLinks,
  startOfAuthority,
];

/** An address that nobody has, out of the range 20.0.0.0/8 that is Microsoft's; the same for the same resource. */
export function publicAddress({ key }: Pick<ArmId, 'key'>): string {
  const [a, b, c] = createHash('sha256').update(key).digest();
  return `20.${a}.${b}.${Math.max(1, c!)}`;
}

/** The first free address of a subnet; undefined when it has no range, or is full. */
export function freeAddress(store: ArmStore, subnet: string): string | undefined {
  const body = store.get(subnet)?.body;
  const prefixes = objectAt(body, 'properties')['addressPrefixes'];
  const text =
    textAt(body, 'properties', 'addressPrefix') ?? (Array.isArray(prefixes) ? prefixes[0] : undefined);
  const range = typeof text === 'string' ? parseCidr(text) : undefined;
  if (!range?.ok) return undefined;
  const taken = new Set(addressesIn(store, subnet.toLowerCase()));
  for (let index = 0; index < usableIn(range.value); index++) {
    const address = formatIpv4(range.value.address + RESERVED_ADDRESSES + index);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

function addressesIn(store: ArmStore, subnet: string): string[] {
  const interfaces = store
    .ofType(INTERFACE)
    .flatMap(({ body }) => listAt(body, 'properties', 'ipConfigurations'));
  const own = interfaces.filter(
    (each) => textAt(each, 'properties', 'subnet', 'id')?.toLowerCase() === subnet,
  );
  const groups = store
    .ofType('microsoft.containerinstance/containergroups')
    .filter(({ body }) =>
      listAt(body, 'properties', 'subnetIds').some((each) => textAt(each, 'id')?.toLowerCase() === subnet),
    );
  return [
    ...own.flatMap((each) => textAt(each, 'properties', 'privateIPAddress') ?? []),
    ...groups.flatMap(({ body }) => textAt(body, 'properties', 'ipAddress', 'ip') ?? []),
  ].filter((address) => parseIpv4(address) !== undefined);
}

function interfaceOf(endpoint: ArmId): ArmId {
  const name = `${endpoint.name}.nic.${uuidOf(endpoint.key)}`;
  return armId(`${groupScope(endpoint)}/providers/Microsoft.Network/networkInterfaces/${name}`);
}

function networkInterface(nic: ArmId, endpoint: ArmBody, subnet: string, store: ArmStore): ArmBody {
  const privateIPAddress = freeAddress(store, subnet);
  const configuration = {
    name: 'privateEndpointIpConfig',
    properties: {
      privateIPAddress,
      privateIPAllocationMethod: 'Dynamic',
      subnet: { id: subnet },
      primary: true,
    },
  };
  return {
    id: nic.text,
    name: nic.name,
    type: 'Microsoft.Network/networkInterfaces',
    location: endpoint['location'],
    properties: { provisioningState: 'Succeeded', ipConfigurations: [configuration] },
  };
}

function list(property: string): InlineChildren {
  return { property, type: property, isExhaustive: true, childOf: (item) => item, itemOf };
}

function itemOf({ body }: ArmResource): ArmBody {
  return body;
}
