import type { Path } from '../../base/finding.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'diagnostic-settings-are-unique',
  title: 'Each category of logs goes to one workspace once',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure refuses a second diagnostic setting that sends the same category of one resource to the same workspace: ' +
    '"Data sink is already used". A policy of the subscription that adds its own makes the same conflict.',
  source: 'API error Conflict of diagnosticSettings, public reports read 2026-11-22.',
  kinds: ['terraform'],
  needs: ['diagnosticSettings'],
  *check({ diagnosticSettings }) {
    const seen = new Map<string, Path>();
    for (const setting of diagnosticSettings) {
      if (!hasAll(setting, 'target', 'sink', 'category')) {
        yield unsaid(setting, 'target', 'sink', 'category');
        continue;
      }
      const { path, target, sink, category } = setting;
      const key = JSON.stringify([target, sink, category]);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, path);
        yield held(path);
        continue;
      }
      const of = nameText(target.slice(target.lastIndexOf('/') + 1));
      yield broken(path, `${nameText(category)} of ${of} is sent to one workspace twice`, {
        help: 'put all categories of a resource into one setting',
        related: [{ message: 'the first time', path: first }],
      });
    }
  },
});
