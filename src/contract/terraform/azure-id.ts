import type { Instance } from './shown-file.ts';

/** An Azure resource id in the form in which ids compare: without regard to case, the subscription apart. */
export type AzureId = { readonly key: string; readonly subscription?: string };

/** Reads `/subscriptions/<id>/resourceGroups/…`; undefined for any other text. */
export function azureId(text: string): AzureId | undefined {
  const match = /^\/subscriptions\/([^/]+)(\/resourcegroups\/.+?)\/?$/.exec(text.toLowerCase());
  return match ? { subscription: match[1]!, key: match[2]! } : undefined;
}

/** Resources of a group, by what stands between `providers` and the name. */
const GROUP_TYPES: Readonly<Record<string, string>> = {
  azurerm_kubernetes_cluster: 'Microsoft.ContainerService/managedClusters',
  azurerm_virtual_network: 'Microsoft.Network/virtualNetworks',
  azurerm_network_security_group: 'Microsoft.Network/networkSecurityGroups',
  azurerm_nat_gateway: 'Microsoft.Network/natGateways',
  azurerm_public_ip: 'Microsoft.Network/publicIPAddresses',
  azurerm_user_assigned_identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  azurerm_key_vault: 'Microsoft.KeyVault/vaults',
  azurerm_container_registry: 'Microsoft.ContainerRegistry/registries',
  azurerm_storage_account: 'Microsoft.Storage/storageAccounts',
  azurerm_private_dns_zone: 'Microsoft.Network/privateDnsZones',
  azurerm_log_analytics_workspace: 'Microsoft.OperationalInsights/workspaces',
  azurerm_monitor_data_collection_rule: 'Microsoft.Insights/dataCollectionRules',
  azurerm_monitor_action_group: 'Microsoft.Insights/actionGroups',
};

/**
 * The id that the resource has or will have: as stored, or made of its names. Undefined where a name is known
 * after the apply only, and for types that nothing refers to by id.
 */
export function idOf({ type, values }: Instance, subscription: string | undefined): AzureId | undefined {
  const { id, name, resource_group_name: group } = values;
  if (typeof id === 'string' && id !== '') return azureId(id);
  const own = pathOf(type, values);
  if (own === undefined || typeof name !== 'string') return undefined;
  const holder = type === 'azurerm_resource_group' ? name : group;
  if (typeof holder !== 'string') return undefined;
  const key = `/resourcegroups/${holder}${own}`.toLowerCase();
  return subscription === undefined ? { key } : { key, subscription: subscription.toLowerCase() };
}

function pathOf(type: string, values: Instance['values']): string | undefined {
  if (type === 'azurerm_resource_group') return '';
  if (type === 'azurerm_subnet') {
    const { virtual_network_name: network, name } = values;
    if (typeof network !== 'string') return undefined;
    return `/providers/Microsoft.Network/virtualNetworks/${network}/subnets/${String(name)}`;
  }
  const kind = Object.hasOwn(GROUP_TYPES, type) ? GROUP_TYPES[type] : undefined;
  return kind && `/providers/${kind}/${String(values.name)}`;
}

/** Whether two ids can be of one resource: a subscription that is not known could be the other's. */
export function isSameResource(a: AzureId, b: AzureId): boolean {
  return (
    a.key === b.key &&
    (a.subscription === undefined || b.subscription === undefined || a.subscription === b.subscription)
  );
}
