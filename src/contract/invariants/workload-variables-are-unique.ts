import { groupBy, hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

export default invariant({
  id: 'workload-variables-are-unique',
  title: 'No two settings or secrets of a workload become one environment variable',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A secret `db-password` reaches its pods as DB_PASSWORD. A setting of that name takes its place without a word, ' +
    'so that pods sign in with what stands in Git; of two secrets, one is never seen.',
  source: 'kubernetes.io, inject-data-application/define-environment-variable-container, 2026-08.',
  kinds: ['fleet'],
  needs: ['variables'],
  *check({ variables }) {
    for (const variable of variables) {
      if (!hasAll(variable, 'workload', 'name', 'origin'))
        yield unsaid(variable, 'workload', 'name', 'origin');
    }
    const known = variables.filter((variable) => hasAll(variable, 'workload', 'name', 'origin'));
    const groups = groupBy(known, ({ workload, name }) => `${workload} ${name}`);
    for (const [first, ...others] of groups.values()) {
      const { path, workload, name } = first!;
      if (others.length === 0) {
        yield held(path);
        continue;
      }
      const origins = listText([first!, ...others].map(({ origin }) => origin));
      const all = others.length === 1 ? 'both' : 'all';
      yield broken(path, `${origins} of ${workload} ${all} become ${nameText(name)}`, {
        at: 'key',
        help: 'give one of them another name, or remove it',
        related: others.map((other) => ({ message: `${other.origin} becomes it, too`, path: other.path })),
      });
    }
  },
});
