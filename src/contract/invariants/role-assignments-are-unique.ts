import type { RoleAssignmentEvidence } from '../access-evidence.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'role-assignments-are-unique',
  title: 'Nobody is given one role twice in one place',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure refuses a second assignment of the same role to the same principal at the same scope ' +
    '(RoleAssignmentExists), and Terraform learns of it in the middle of an apply. Two states that both hold one ' +
    'assignment take it from each other when one of them lets go.',
  source: 'API error RoleAssignmentExists, public reports read 2026-11-22.',
  // A fleet file gives one twice where two teams have one group, which is told there.
  kinds: ['terraform'],
  needs: ['roleAssignments'],
  *check({ roleAssignments }) {
    const seen = new Map<string, RoleAssignmentEvidence>();
    for (const assignment of roleAssignments) {
      if (!hasAll(assignment, 'role', 'scope', 'principal')) {
        yield unsaid(assignment, 'role', 'scope', 'principal');
        continue;
      }
      const { path, role, scope, principal } = assignment;
      const key = JSON.stringify([role, scope, principal].map((part) => part.toLowerCase()));
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, assignment);
        yield held(path);
        continue;
      }
      yield broken(
        path,
        `${nameText(principal)} is given ${role} twice on ${nameText(scope.split('/').slice(-2).join('/'))}`,
        {
          help: 'keep one of the two',
          related: [{ message: 'the first time', path: first.path }],
        },
      );
    }
  },
});
