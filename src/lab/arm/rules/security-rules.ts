import { networkLimits } from '../../../catalog/limits.ts';
import { listAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, ArmWorld, ArmWrite } from '../rule.ts';
import { isSame, numberAt, textsAt } from './body-values.ts';
import { isUpsert } from './judgement.ts';
import { CODE_ASSUMED, LET_THROUGH, REPORTS, sources } from './sources.ts';

const GROUP = 'microsoft.network/networksecuritygroups';
const RULE = `${GROUP}/securityrules`;

type SecurityRule = { readonly name: string; readonly body: ArmBody };

const priorityIsInRange: ArmRule = {
  id: 'security-rule-priority-in-range',
  source: networkLimits.nsgPriority.source,
  types: [GROUP, RULE],
  check: (write) => {
    const { min, max } = networkLimits.nsgPriority;
    for (const { name, body } of askedRules(write)) {
      const priority = numberAt(body, 'properties', 'priority');
      if (priority === undefined || (priority >= min && priority <= max)) continue;
      const message = `The security rule ${name} has the priority ${priority}. Allowed range ${min}-${max}.`;
      return { status: 400, code: 'SecurityRuleInvalidPriority', message };
    }
    return undefined;
  },
};

const prioritiesDiffer: ArmRule = {
  id: 'security-rules-differ-in-priority',
  source: REPORTS,
  types: [GROUP, RULE],
  check: (write, world) => {
    const asked = askedRules(write);
    for (const [index, rule] of asked.entries()) {
      const others = write.id.type === GROUP ? asked.slice(0, index) : siblings(write, world);
      const other = others.find((each) => isSamePlace(each.body, rule.body));
      if (other === undefined) continue;
      const names = `${rule.name} and ${other.name}`;
      const message = `The security rules ${names} have the same priority and direction.`;
      return { status: 400, code: 'SecurityRuleConflict', message };
    }
    return undefined;
  },
};

const tagsStandAlone: ArmRule = {
  id: 'service-tags-stand-alone',
  source: REPORTS,
  types: [GROUP, RULE],
  check: (write) => {
    for (const { name, body } of askedRules(write)) {
      for (const key of ['sourceAddressPrefixes', 'destinationAddressPrefixes'] as const) {
        const tag = textsAt(body, 'properties', key).find((text) => !/^[0-9a-f]*[.:]/i.test(text));
        if (tag === undefined) continue;
        const message = `The security rule ${name} lists ${tag} among its ${key}; a tag stands alone.`;
        return { status: 400, code: 'SecurityRuleParameterContainsUnsupportedValue', message };
      }
    }
    return undefined;
  },
};

const portsAreGiven: ArmRule = {
  id: 'security-rule-names-its-ports',
  source: sources(LET_THROUGH, CODE_ASSUMED),
  types: [GROUP, RULE],
  check: (write) => {
    for (const { name, body } of askedRules(write)) {
      for (const key of ['sourcePortRange', 'destinationPortRange'] as const) {
        const isGiven = textAt(body, 'properties', key) ?? textsAt(body, 'properties', `${key}s`)[0];
        if (isGiven !== undefined) continue;
        const message = `The security rule ${name} has neither ${key} nor ${key}s.`;
        return { status: 400, code: 'InvalidRequestFormat', message };
      }
    }
    return undefined;
  },
};

export const securityRuleRules: readonly ArmRule[] = [
  priorityIsInRange,
  prioritiesDiffer,
  tagsStandAlone,
  portsAreGiven,
];

function askedRules(write: ArmWrite): readonly SecurityRule[] {
  if (!isUpsert(write)) return [];
  if (write.id.type === RULE) return [{ name: write.id.name, body: write.body ?? {} }];
  const rules = listAt(write.body, 'properties', 'securityRules');
  return rules.map((body) => ({ name: textAt(body, 'name') ?? '', body }));
}

function siblings({ id }: ArmWrite, { store }: ArmWorld): readonly SecurityRule[] {
  const others = store
    .below(id.parent ?? '')
    .filter((rule) => rule.id.type === RULE && rule.id.key !== id.key);
  return others.map((rule) => ({ name: rule.id.name, body: rule.body }));
}

function isSamePlace(a: ArmBody, b: ArmBody): boolean {
  const direction = (body: ArmBody): string | undefined => textAt(body, 'properties', 'direction');
  const priority = (body: ArmBody): number | undefined => numberAt(body, 'properties', 'priority');
  return isSame(direction(a), direction(b)) && priority(a) !== undefined && priority(a) === priority(b);
}
