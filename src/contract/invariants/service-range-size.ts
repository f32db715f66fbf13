import { containsAddress, formatCidr, parseIpv4 } from '../../base/cidr.ts';
import { clusterLimits } from '../../catalog/limits.ts';
import { groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const { minPrefix } = clusterLimits.serviceRange;

export default invariant({
  id: 'service-range-size',
  title: `The ClusterIP range is a /${minPrefix} or narrower and holds the address of DNS`,
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'AKS refuses a ClusterIP range of /12 or wider, a DNS address outside of it, and its first address for ' +
    "DNS: that one is the API server's own. The range is fixed when the cluster is made.",
  source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16; API error DnsServiceIpOutOfServiceCidr.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const { place, items } of groupByPlace(clusters, (cluster) => placeOf(cluster, 'serviceRange'))) {
      for (const cluster of items) {
        if (!hasAll(cluster, 'serviceRange', 'dnsServiceIp')) {
          yield unsaid(cluster, 'serviceRange', 'dnsServiceIp');
          continue;
        }
        const { serviceRange: range, dnsServiceIp } = cluster;
        const text = formatCidr(range);
        const dns = parseIpv4(dnsServiceIp) ?? -1;
        if (range.prefix < minPrefix) {
          yield broken(place, `${text} is wider than AKS takes for ClusterIPs`, {
            help: `write a /${minPrefix} or narrower; a /16 holds 65,536 of them`,
          });
        } else if (!containsAddress(range, dns)) {
          yield broken(place, `${text} does not hold ${dnsServiceIp}, the address of DNS`, {
            help: 'write a wider range, e.g. a /16, or leave it out',
          });
        } else if (dns <= range.address + 1) {
          yield broken(place, `${dnsServiceIp} is the first address of ${text}, which is the API server's`, {
            help: 'take a later address for DNS, e.g. the tenth',
          });
        } else yield held(place);
      }
    }
  },
});
