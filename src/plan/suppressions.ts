import { compareText } from '../base/order.ts';
import type { KnownAlarm, Scanner, Target } from '../contract/suppressions/known-alarm.ts';
import { knownAlarms } from '../contract/suppressions/known-alarms.ts';
import type { Platform } from '../model/platform.ts';
import { label, subnetLabel } from '../terraform/addresses.ts';

/** One check to be suppressed at one resource. */
export type Suppression = {
  readonly check: string;
  readonly alarm: KnownAlarm;
  /** Below the folder `terraform/`: `clusters/app1/pools.tf`. */
  readonly file: string;
  /** Address within its root: `azurerm_kubernetes_cluster_node_pool.spotd2sv3`. */
  readonly resource: string;
};

type Place = Pick<Suppression, 'file' | 'resource'>;

/** What the scanner is to be silent about in the Terraform of one environment, by file, resource and check. */
export function suppressionsOf(platform: Platform, scanner: Scanner): readonly Suppression[] {
  return knownAlarms
    .flatMap((alarm) =>
      alarm.raisedAt(platform).flatMap((target) => {
        const place = placeOf(target);
        return (alarm.checks[scanner] ?? []).map((check) => ({ check, alarm, ...place }));
      }),
    )
    .toSorted(
      (a, b) =>
        compareText(a.file, b.file) || compareText(a.resource, b.resource) || compareText(a.check, b.check),
    );
}

/** Where the synthesised Terraform declares it. */
function placeOf(target: Target): Place {
  switch (target.kind) {
    case 'cluster': {
      const { name } = target.cluster;
      return {
        file: `clusters/${name}/cluster.tf`,
        resource: `azurerm_kubernetes_cluster.${label(name)}`,
      };
    }
    case 'user-pool':
      return {
        file: `clusters/${target.cluster.name}/pools.tf`,
        resource: `azurerm_kubernetes_cluster_node_pool.${label(target.pool.name)}`,
      };
    case 'security-group':
      return {
        file: 'foundation/security.tf',
        resource: `azurerm_network_security_group.${subnetLabel(target.subnet)}`,
      };
    case 'vault':
      return { file: 'foundation/vault.tf', resource: 'azurerm_key_vault.fleet' };
    case 'registry':
      return { file: 'foundation/registry.tf', resource: 'azurerm_container_registry.fleet' };
    case 'container-group':
      return { file: 'keeper/keeper.tf', resource: 'azurerm_container_group.keeper' };
    default:
      return target satisfies never;
  }
}
