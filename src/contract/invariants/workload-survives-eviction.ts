import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'workload-survives-eviction',
  title: 'A workload has two replicas at least',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'A Spot notice is thirty seconds at best, and no disruption budget stops it. A single replica is down ' +
    'until another node has pulled its image and started it; a second one, on another node, answers ' +
    'meanwhile. Upgrades do the same to it without any Spot.',
  source:
    'Source design, section 6.1; learn.microsoft.com, virtual-machines/linux/scheduled-events, 2026-08.',
  needs: ['environment', 'workloads'],
  *check({ environment, workloads }) {
    for (const workload of workloads) {
      if (!hasAll(workload, 'name', 'replicas', 'isCritical'))
        yield unsaid(workload, 'name', 'replicas', 'isCritical');
      // Scaled to zero on purpose: nothing is there to lose.
      else if (workload.replicas === 0) continue;
      else if (workload.replicas > 1) yield held(placeOf(workload, 'replicas'));
      else {
        const isGrave = workload.isCritical && environment === 'production';
        const critical = workload.isCritical ? ', and is critical' : '';
        yield broken(
          placeOf(workload, 'replicas'),
          `${workload.name} has one replica${critical}: it is down whenever its node goes`,
          {
            severity: isGrave ? 'error' : 'warning',
            help: 'write `replicas: 2` or more',
          },
        );
      }
    }
  },
});
