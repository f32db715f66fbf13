import type { PrivateApiServerEvidence } from '../azure-evidence.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';

/** In Azure's public cloud; a sub-zone has a name of its own before it. */
const ZONE_NAME = /^([a-z0-9-]{1,32}\.)?privatelink\.[a-z0-9]+\.azmk8s\.io$/i;

export default invariant({
  id: 'private-api-server-has-a-name',
  title: 'The name of a private API server stands somewhere',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'A private API server answers on an endpoint in the node subnet, which is found by name alone. Azure refuses ' +
    'a cluster whose name stands nowhere. A zone that is brought along must have the name that Azure looks for, ' +
    'and the cluster needs rights on it before it exists, which only an identity that is older than it can have.',
  source: 'learn.microsoft.com, aks/private-clusters, 2026-08-05.',
  kinds: ['terraform'],
  needs: ['privateApiServers'],
  *check({ privateApiServers }) {
    for (const server of privateApiServers) yield judge(server);
  },
});

function judge(server: PrivateApiServerEvidence): Observation {
  if (!hasAll(server, 'cluster', 'dnsZone')) return unsaid(server, 'cluster', 'dnsZone');
  const { cluster, dnsZone } = server;
  const place = placeOf(server, 'dnsZone');
  if (dnsZone === 'System') return held(place);
  if (dnsZone === 'None') {
    if (server.hasPublicName === undefined) return unsaid(server, 'hasPublicName');
    if (server.hasPublicName) return held(place);
    return broken(place, `the name of ${cluster}'s API server stands in no zone, private or public`, {
      help: 'write `private_cluster_public_fqdn_enabled = true`, or leave `private_dns_zone_id` to Azure',
    });
  }
  if (!ZONE_NAME.test(dnsZone)) {
    return broken(place, `Azure looks for the API server of ${cluster} in no zone of the name ${dnsZone}`, {
      help: 'name the zone privatelink.<region>.azmk8s.io',
    });
  }
  if (server.hasGivenIdentity === undefined) return unsaid(server, 'hasGivenIdentity');
  if (server.hasGivenIdentity) return held(place);
  return broken(
    placeOf(server, 'hasGivenIdentity'),
    `${cluster} is to write into the zone ${dnsZone} as an identity that does not exist before it`,
    { help: 'give it a user-assigned identity with Private DNS Zone Contributor on the zone' },
  );
}
