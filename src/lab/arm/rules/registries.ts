import { listAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { isSame } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { PRIVATE_ENDPOINT } from './subnet-tenants.ts';
import { CODE_ASSUMED, STATUS_ASSUMED, github, sources, unread } from './sources.ts';

const REGISTRY = 'microsoft.containerregistry/registries';
const STORAGE = 'microsoft.storage/storageaccounts';

const SKUS = unread('container-registry/container-registry-skus');
const FIRST_AZURERM = 'azurerm 5.2.0 says it before it asks';

const registryNameIsFree: ArmRule = {
  id: 'registry-name-is-free',
  source: sources(unread('container-registry'), STATUS_ASSUMED),
  types: [REGISTRY],
  check: whenWritten((_body, { id }, { store }) => {
    const other = store
      .ofType(REGISTRY)
      .find((each) => isSame(each.id.name, id.name) && each.id.key !== id.key);
    if (other === undefined) return undefined;
    const message = `The registry name ${id.name} is taken; registry names are global.`;
    return { status: 409, code: 'AlreadyInUse', message };
  }),
};

const storageNameIsFree: ArmRule = {
  id: 'storage-account-name-is-free',
  source: sources(unread('storage'), STATUS_ASSUMED),
  types: [STORAGE],
  check: whenWritten((_body, { id }, { store }) => {
    const other = store
      .ofType(STORAGE)
      .find((each) => isSame(each.id.name, id.name) && each.id.key !== id.key);
    if (other === undefined) return undefined;
    const message = `The storage account name ${id.name} is taken; storage account names are global.`;
    return { status: 409, code: 'StorageAccountAlreadyTaken', message };
  }),
};

const closedRegistriesArePremium: ArmRule = {
  id: 'closed-registry-is-premium',
  source: sources(github('hashicorp/terraform-provider-azurerm/pull/26054', '2024-05-22'), FIRST_AZURERM),
  types: [REGISTRY],
  check: whenWritten((body) => {
    const isClosed = isSame(textAt(body, 'properties', 'publicNetworkAccess'), 'Disabled');
    if (!isClosed || isPremium(body)) return undefined;
    const sku = textAt(body, 'sku', 'name');
    const message = `Disabling public network access is not supported for the SKU ${sku}.`;
    return { status: 400, code: 'DisablingPublicNetworkAccessNotSupported', message };
  }),
};

const featuresArePremium: ArmRule = {
  id: 'retention-and-zones-are-premium',
  source: sources(SKUS, FIRST_AZURERM, CODE_ASSUMED),
  types: [REGISTRY],
  check: whenWritten((body) => {
    const hasRetention = isSame(
      textAt(body, 'properties', 'policies', 'retentionPolicy', 'status'),
      'enabled',
    );
    const hasZones = isSame(textAt(body, 'properties', 'zoneRedundancy'), 'Enabled');
    if (isPremium(body) || (!hasRetention && !hasZones)) return undefined;
    const what = hasRetention ? 'A retention policy' : 'Zone redundancy';
    return { status: 400, code: 'SkuNotSupported', message: `${what} needs a registry of the SKU Premium.` };
  }),
};

const endpointsNeedPremium: ArmRule = {
  id: 'registry-endpoint-needs-premium',
  source: sources(SKUS, CODE_ASSUMED),
  types: [PRIVATE_ENDPOINT],
  check: whenWritten((body, _write, { store }) => {
    const connections = ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'].flatMap(
      (key) => listAt(body, 'properties', key),
    );
    const targets = connections.flatMap((each) => textAt(each, 'properties', 'privateLinkServiceId') ?? []);
    const small = targets
      .map((id) => store.get(id))
      .find((target) => target?.id.type === REGISTRY && !isPremium(target.body));
    if (small === undefined) return undefined;
    const message = `The registry ${small.id.name} takes no private endpoint: that needs the SKU Premium.`;
    return { status: 400, code: 'SkuNotSupported', message };
  }),
};

export const registryRules: readonly ArmRule[] = [
  registryNameIsFree,
  storageNameIsFree,
  closedRegistriesArePremium,
  featuresArePremium,
  endpointsNeedPremium,
];

function isPremium(registry: ArmBody): boolean {
  return isSame(textAt(registry, 'sku', 'name'), 'Premium');
}
