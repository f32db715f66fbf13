import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** A container group of half a core and a gigabyte, around the clock. */
const GROUP = { vcpus: 0.5, memoryGB: 1 };
/** A job of a quarter core and half a gigabyte, a minute every quarter of an hour. */
const JOB = { vcpus: 0.25, memoryGiB: 0.5, secondsAMonth: HOURS_A_MONTH * 4 * 60 };

/** What runs the schedule outside the clusters. */
export default {
  id: 'keeper',
  *components({ fleet }, book) {
    if (fleet.keeper.run === 'container-instance') {
      yield metered(book, 'container-instances-vcpu', {
        id: 'keeper/vcpu',
        service: 'Keeper',
        name: 'keeper, CPU',
        quantity: GROUP.vcpus * HOURS_A_MONTH,
        basis: `${GROUP.vcpus} vCPU x ${HOURS_A_MONTH} h`,
      });
      yield metered(book, 'container-instances-memory', {
        id: 'keeper/memory',
        service: 'Keeper',
        name: 'keeper, memory',
        quantity: GROUP.memoryGB * HOURS_A_MONTH,
        basis: `${GROUP.memoryGB} GB x ${HOURS_A_MONTH} h`,
      });
    }
    if (fleet.keeper.run === 'container-apps-job') {
      // The free grant of the subscription usually covers it, yet others may have used the grant up.
      yield metered(book, 'container-apps-vcpu', {
        id: 'keeper/vcpu',
        service: 'Keeper',
        name: 'keeper, CPU',
        quantity: JOB.vcpus * JOB.secondsAMonth,
        basis: '60 s every 15 min x 0.25 vCPU, the free grant not counted on',
      });
      yield metered(book, 'container-apps-memory', {
        id: 'keeper/memory',
        service: 'Keeper',
        name: 'keeper, memory',
        quantity: JOB.memoryGiB * JOB.secondsAMonth,
        basis: '60 s every 15 min x 0.5 GiB, the free grant not counted on',
      });
    }
  },
} satisfies Priced;
