import { textAt, withProperties } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import { type Lab, unregistered } from '../lab.ts';
import type { ArmBody, ArmId } from '../resource.ts';

/** What a subscription's list of resource providers shows; any other is told of when it is asked for by name. */
const NAMESPACES = [
  'Microsoft.AlertsManagement',
  'Microsoft.App',
  'Microsoft.Authorization',
  'Microsoft.Compute',
  'Microsoft.Consumption',
  'Microsoft.ContainerInstance',
  'Microsoft.ContainerRegistry',
  'Microsoft.ContainerService',
  'Microsoft.Dashboard',
  'Microsoft.Insights',
  'Microsoft.KeyVault',
  'Microsoft.KubernetesConfiguration',
  'Microsoft.ManagedIdentity',
  'Microsoft.Monitor',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.Resources',
  'Microsoft.Storage',
] as const;

/** `$filter=resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'kv'`, as azurerm writes it. */
const RESOURCE_TYPE = /resourceType eq '([^']+)'/i;
const RESOURCE_NAME = /\bname eq '([^']+)'/i;

/**
 * What says something about a group and does not lie in it; its id has but one `/providers/`, as that of a resource of the
 * group. Azure lists none of it: role assignments, locks, policies, budgets.
 */
const ABOUT_A_GROUP =
  /^microsoft\.(?:authorization|consumption|costmanagement|policyinsights)\/|^microsoft\.insights\/diagnosticsettings$|^microsoft\.resources\/(?:deployments|tags)$/;

const groups: ArmKind = {
  type: 'microsoft.resources/resourcegroups',
  isLongRunning: true,
  complete: ({ body }) => withProperties(body, {}),
};

const subscriptions: ArmKind = {
  type: 'microsoft.resources/subscriptions',
  isStateless: true,
  virtual: ({ text, name }, { settings }) => ({
    id: text,
    subscriptionId: name,
    tenantId: settings.tenantId,
    displayName: 'Bulkhead lab',
    state: 'Enabled',
  }),
};

const providers: ArmKind = {
  type: 'microsoft.resources/providers',
  isStateless: true,
  virtual: ({ text, name }, lab) => provider(text, name, lab),
  virtualList: (scope, _, lab) => NAMESPACES.map((name) => provider(`${scope}/providers/${name}`, name, lab)),
};

/** `…/resourceGroups/rg/resources`, which azurerm wants empty before it deletes a group; `…/subscriptions/s/resources`. */
const resources: ArmKind = {
  type: 'microsoft.resources/resources',
  virtualList: (scope, query, lab) => listed(scope, query, lab),
};

/** The same path below a group. */
const groupResources: ArmKind = { ...resources, type: 'microsoft.resources/resourcegroups/resources' };

export const resourceKinds: readonly ArmKind[] = [
  groups,
  subscriptions,
  providers,
  resources,
  groupResources,
];

/** Registers a resource provider, or unregisters it, and answers what it is now. */
export function register(lab: Lab, scope: string, name: string, isOn: boolean): ArmBody {
  lab.registrations.set(name.toLowerCase(), isOn);
  return provider(`${scope}/providers/${name}`, name, lab);
}

function provider(id: string, name: string, lab: Lab): ArmBody {
  const isOff = unregistered(lab).some((other) => other.toLowerCase() === name.toLowerCase());
  // azurerm polls for `Unregistered` after it has unregistered one, and takes nothing else.
  const offState = lab.registrations.get(name.toLowerCase()) === false ? 'Unregistered' : 'NotRegistered';
  return {
    id,
    namespace: name,
    registrationState: isOff ? offState : 'Registered',
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: [],
  };
}

function listed(scope: string, query: URLSearchParams, lab: Lab): readonly ArmBody[] {
  const filter = query.get('$filter') ?? '';
  const type = RESOURCE_TYPE.exec(filter)?.[1]?.toLowerCase();
  const name = RESOURCE_NAME.exec(filter)?.[1]?.toLowerCase();
  const found = lab.store.below(scope).filter(({ id }) => {
    const isTopLevel = id.resourceGroup !== undefined && id.type.split('/').length === 2;
    if (!isTopLevel || !isInGroup(id)) return false;
    return (type === undefined || id.type === type) && (name === undefined || id.name.toLowerCase() === name);
  });
  return found.map(({ id, body }) => ({
    id: id.text,
    name: id.name,
    type: body['type'],
    ...(textAt(body, 'location') === undefined ? {} : { location: body['location'] }),
    ...(body['tags'] === undefined ? {} : { tags: body['tags'] }),
  }));
}

/** Whether it lies in a group itself, and is not about one or about something that does. */
function isInGroup({ key, type }: ArmId): boolean {
  return key.split('/providers/').length === 2 && !ABOUT_A_GROUP.test(type);
}
