import { formatCidr } from '../../base/cidr.ts';
import { networkLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf, type RangeUse } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/**
 * Widest prefix that each service does with. Endpoints and container groups take one address each: ours are
 * few.
 */
const LIMITS: Partial<Readonly<Record<RangeUse, { readonly prefix: number; readonly who: string }>>> = {
  endpoints: { prefix: 27, who: 'private endpoints' },
  'container-instances': { prefix: 28, who: 'container instances' },
  'container-apps': { prefix: networkLimits.containerAppsSubnet.maxPrefix, who: 'Container Apps' },
};

export default invariant({
  id: 'services-subnet-is-big-enough',
  title: 'The services subnet has room for endpoints and for what runs the schedule',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A delegated subnet takes no private endpoint, so the services subnet is cut up: one half for ' +
    'endpoints, a quarter each for container groups and Container Apps, which refuses less than a /27. A ' +
    'subnet in use cannot be made larger once its neighbours are taken.',
  source:
    'learn.microsoft.com, container-apps/networking, 2026-08; API error ' +
    'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['ranges'],
  *check({ ranges }) {
    const services = ranges.find(({ use }) => use === 'services-subnet')?.range;
    for (const part of ranges) {
      if (!hasAll(part, 'use')) {
        yield unsaid(part, 'use');
        continue;
      }
      const limit = LIMITS[part.use];
      if (limit === undefined) continue;
      const place = placeOf(part, 'range');
      if (!hasAll(part, 'range')) yield unsaid(part, 'range');
      else if (part.range.prefix <= limit.prefix) yield held(place);
      else {
        const missing = part.range.prefix - limit.prefix;
        const whole = services === undefined ? limit.prefix : services.prefix - missing;
        const leaves = services
          ? `${formatCidr(services)} leaves ${formatCidr(part.range)}`
          : `there is ${formatCidr(part.range)}`;
        yield broken(place, `${leaves} to ${limit.who}, which need a /${limit.prefix}`, {
          help: `write a /${whole} or wider`,
        });
      }
    }
  },
});
