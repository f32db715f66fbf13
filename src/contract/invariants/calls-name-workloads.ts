import { quote } from '../../base/quote.ts';
import { INTERNET } from '../../fleet/destination.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { nameHelp } from '../wording.ts';

export default invariant({
  id: 'calls-name-workloads',
  title: 'Callers, and what workloads reach, are workloads of the fleet',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Nothing reaches a workload but by a rule that the fleet file opens. A name that is misspelt opens none: the call ' +
    'is dropped without an answer, and the caller waits until it gives up.',
  source: 'docs.cilium.io, security/policy, 1.20.',
  // Elsewhere policies stand for themselves.
  kinds: ['fleet'],
  needs: ['calls', 'workloads'],
  *check({ calls, workloads }) {
    const names = workloads.flatMap(({ name }) => name ?? []);
    for (const call of calls) {
      if (!hasAll(call, 'workload', 'direction', 'other')) {
        yield unsaid(call, 'workload', 'direction', 'other');
        continue;
      }
      const { workload, direction, other } = call;
      const place = placeOf(call, 'other');
      if (names.includes(other)) yield held(place);
      else if (names.length < workloads.length) {
        yield undetermined(place, `whether a workload is called ${quote(other)}`);
      } else {
        const what = direction === 'callers' ? `is to be called by` : `is to call`;
        const others = direction === 'callers' ? [...names, INTERNET] : names;
        yield broken(place, `${workload} ${what} ${quote(other)}, which is no workload`, {
          help: nameHelp(
            other,
            others.filter((name) => name !== workload),
          ),
        });
      }
    }
  },
});
