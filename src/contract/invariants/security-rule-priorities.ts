import { networkLimits } from '../../catalog/limits.ts';
import { groupBy } from '../evidence.ts';
import { broken, held, invariant, undetermined } from '../invariant.ts';
import { rulesBySubnet } from '../security-rules.ts';
import { listText } from '../wording.ts';

const { min, max } = networkLimits.nsgPriority;

export default invariant({
  id: 'security-rule-priorities',
  title: `Rows of a security group have priorities of their own, ${min} to ${max}`,
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure asks the rows by priority and refuses two of one number (SecurityRuleConflict), as it refuses ' +
    'numbers that it keeps for its own rows. Terraform finds out in the middle of an apply, with the ' +
    'network half open.',
  source: 'API errors SecurityRuleConflict and SecurityRuleInvalidPriority, public reports read 2026-11-22.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['securityRules'],
  *check({ securityRules }) {
    for (const { subnet, path, rows } of rulesBySubnet(securityRules)) {
      if (rows === undefined) {
        yield undetermined(path, `the priorities of ${subnet}: a row of it is not fully known`);
        continue;
      }
      const outside = rows.filter(({ priority }) => priority < min || priority > max);
      const shared = [...groupBy(rows, ({ priority }) => priority)].filter(([, same]) => same.length > 1);
      for (const { name, priority } of outside) {
        yield broken(path, `row ${name} of ${subnet} has priority ${priority}`, {
          help: `write ${min} to ${max}`,
        });
      }
      for (const [priority, same] of shared) {
        const names = listText(same.map(({ name }) => name));
        yield broken(path, `rows ${names} of ${subnet} share priority ${priority}`, {
          help: 'give each its own',
        });
      }
      if (outside.length === 0 && shared.length === 0) yield held(path);
    }
  },
});
