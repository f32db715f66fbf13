import type { PrivateApiServerEvidence } from '../azure-evidence.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, lastStep, place, type Terms } from './terms.ts';
import { switchAt, textAt, valueAt } from './values.ts';

const ZONE = 'azurerm_private_dns_zone';

/** The API servers that have no public address, and what stands around them. */
export function privateApiServersOf(terms: Terms): PrivateApiServerEvidence[] {
  const { graph, labelOf } = terms;
  return graph
    .managed(CLUSTER)
    .filter(({ values }) => switchAt(values, 'private_cluster_enabled') !== false)
    .map((cluster) => {
      const { values } = cluster;
      const path = place(cluster, 'private_cluster_enabled');
      if (switchAt(values, 'private_cluster_enabled') === undefined) return { path };
      return known<PrivateApiServerEvidence>({
        path,
        places: {
          dnsZone: place(cluster, 'private_dns_zone_id'),
          hasPublicName: place(cluster, 'private_cluster_public_fqdn_enabled'),
          hasGivenIdentity: place(cluster, 'identity'),
        },
        cluster: labelOf(cluster),
        dnsZone: zoneOf(terms, cluster),
        hasPublicName: switchAt(values, 'private_cluster_public_fqdn_enabled'),
        hasGivenIdentity: textAt(values, 'identity', 0, 'type')?.includes('UserAssigned'),
      });
    });
}

/** AKS makes a zone of its own where none is written. */
function zoneOf({ graph }: Terms, cluster: Instance): string | undefined {
  const value = valueAt(cluster.values, 'private_dns_zone_id');
  if (value === 'System' || value === 'None') return value;
  const link = graph.link(cluster, ['private_dns_zone_id'], ZONE);
  if (link.kind === 'resource') return textAt(link.to.values, 'name');
  if (link.kind === 'elsewhere') return lastStep(link.id);
  const isLeftOut = value === null || graph.isWritten(cluster, ['private_dns_zone_id']) === false;
  return isLeftOut ? 'System' : undefined;
}
