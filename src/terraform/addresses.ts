import type { Identity, Platform, RoleScope, Subnet } from '../model/platform.ts';

/**
 * The label of a Terraform address, from names that Azure or the fleet gives. Names hold no underscore, so parts that
 * are joined stay apart, and a cluster can never take the label of something that has a prefix or a suffix of its own.
 */
export function label(...names: readonly string[]): string {
  return names.join('_').replaceAll('-', '_');
}

/** `nodes_mgmt`, `endpoints`. */
export function subnetLabel({ purpose, cluster }: Pick<Subnet, 'purpose' | 'cluster'>): string {
  return cluster === undefined ? label(purpose) : label(purpose, cluster);
}

/** `cluster_mgmt`, for what a cluster has in the foundation. */
export function clusterLabel(cluster: string): string {
  return label('cluster', cluster);
}

/** `mgmt_control_plane`; `argo_cd` and `keeper`, which serve the whole fleet. */
export function identityLabel({ purpose, cluster }: Identity): string {
  const servesFleet = purpose === 'argo-cd' || purpose === 'keeper' || cluster === undefined;
  return servesFleet ? label(purpose) : label(cluster, purpose);
}

/** What is left of an Azure name without what all names share: `nat-services` of `pip-atlas-prod-nat-services`. */
export function shortName(name: string, stem: string): string {
  const at = name.indexOf(stem);
  return at < 0 ? name : name.slice(at + stem.length).replace(/^-/, '');
}

/** Label of a NAT gateway: `fleet` where one serves everything, else what it serves. */
export function gatewayLabel(name: string, stem: string): string {
  return label(shortName(name, stem) || 'fleet');
}

/** The foundation's addresses of what roles are granted on. */
export type ScopeAddresses = (scope: RoleScope) => { readonly label: string; readonly id: string };

/** `mgmt_control_plane_on_subnet`: the role of an identity on something. */
export function roleLabel(identity: Identity, scope: { readonly label: string }): string {
  return `${identityLabel(identity)}_on_${scope.label}`;
}

/** Finds the address of a role's scope. A scope that the platform does not hold is a bug. */
export function scopeAddresses({ network, clusters, identities }: Platform): ScopeAddresses {
  const subnets = new Map(network.subnets.map((subnet) => [subnet.name, subnetLabel(subnet)]));
  const groups = new Map(clusters.map(({ resourceGroup, name }) => [resourceGroup, name]));
  const ownIdentities = new Map(identities.map((identity) => [identity.name, identityLabel(identity)]));
  const ips = new Map(network.loadBalancerIps.map(({ publicIp, cluster }) => [publicIp, cluster]));
  const found = (map: ReadonlyMap<string, string>, scope: { kind: string; name: string }): string => {
    const value = map.get(scope.name);
    if (value === undefined) throw new Error(`a role is granted on the unknown ${scope.kind} ${scope.name}`);
    return value;
  };
  return (scope) => {
    switch (scope.kind) {
      case 'vault':
        return { label: 'vault', id: 'azurerm_key_vault.fleet.id' };
      case 'registry':
        return { label: 'registry', id: 'azurerm_container_registry.fleet.id' };
      case 'foundation-group':
        return { label: 'fleet', id: 'azurerm_resource_group.fleet.id' };
      case 'subnet':
        return { label: 'subnet', id: `azurerm_subnet.${found(subnets, scope)}.id` };
      case 'public-ip':
        return { label: 'public_ip', id: `azurerm_public_ip.${clusterLabel(found(ips, scope))}.id` };
      case 'identity': {
        const identity = found(ownIdentities, scope);
        return { label: identity, id: `azurerm_user_assigned_identity.${identity}.id` };
      }
      case 'cluster-group': {
        const group = clusterLabel(found(groups, scope));
        return { label: group, id: `azurerm_resource_group.${group}.id` };
      }
      default:
        return scope satisfies never;
    }
  };
}
