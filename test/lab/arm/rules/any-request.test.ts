import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { armId } from '../../../../src/lab/arm/id.ts';
import type { ArmBody } from '../../../../src/lab/arm/resource.ts';
import type { ArmWrite } from '../../../../src/lab/arm/rule.ts';
import { rules } from '../../../../src/lab/arm/rules/index.ts';
import { CLUSTER, GROUP, asked, cluster, refusing, userPool } from './sound-world.ts';

const TYPES = [...new Set(rules.flatMap(({ types }) => types.filter((type) => type !== '*')))];

/** The words that rules look for, so that what is made up reaches what they read. */
const WORDS = [
  'properties',
  'agentPoolProfiles',
  'networkProfile',
  'vnetSubnetID',
  'addressSpace',
  'addressPrefixes',
  'subnets',
  'delegations',
  'securityRules',
  'publicIpAddresses',
  'criteria',
  'allOf',
  'query',
  'notifications',
  'timePeriod',
  'startDate',
  'identity',
  'userAssignedIdentities',
  'mode',
  'name',
  'location',
  'sku',
];

const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, '', 'System', '10.0.0.0/8', 'x/y', GROUP),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 6 }),
})).value as fc.Arbitrary<unknown>;

const body = fc.dictionary(fc.constantFrom(...WORDS), json, { maxKeys: 6 }) as fc.Arbitrary<ArmBody>;

describe('the rules', () => {
  it('read any body without stumbling over it', () => {
    const methods = fc.constantFrom<ArmWrite['method']>('PUT', 'PATCH', 'DELETE', 'POST');
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), methods, body, body, (type, method, sent, current) => {
        const id = idOf(type);
        const { write, world } = asked({ method, id, body: sent, beside: { [id]: current } });
        for (const { types, check } of rules) {
          if (types.includes('*') || types.includes(write.id.type))
            check({ ...write, action: 'stop' }, world);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('read what is asked for, not the order of its keys', () => {
    const shuffled = cluster({ tags: {} });
    const reversed = Object.fromEntries(Object.entries(shuffled).toReversed());
    assert.deepEqual(refusing({ id: CLUSTER, body: reversed }, rules), []);
  });

  it('let a resource be written again as it stands', () => {
    const pool = `${CLUSTER}/agentPools/user`;
    const readOnly = {
      provisioningState: 'Succeeded',
      nodeImageVersion: 'AKSUbuntu-2404',
      currentOrchestratorVersion: '1.35.2',
    };
    assert.deepEqual(refusing({ id: pool, body: userPool(readOnly) }, rules), []);
    assert.deepEqual(
      refusing({ id: pool.toUpperCase().replace(GROUP.toUpperCase(), GROUP), body: userPool() }, rules),
      [],
    );
  });

  it('accept what Azure accepts in vain: an association under a name by which no data flows', () => {
    const id = `${CLUSTER}/providers/Microsoft.Insights/dataCollectionRuleAssociations/any-name`;
    const dataCollectionRuleId = `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/MSCI`;
    assert.deepEqual(refusing({ id, body: { properties: { dataCollectionRuleId } } }, rules), []);
  });
});

/** An id of a type, with the first names that come to mind. */
function idOf(type: string): string {
  const [namespace, ...words] = type.split('/');
  if (namespace === 'microsoft.resources') return GROUP;
  const id = `${GROUP}/providers/${namespace}/${words.map((word) => `${word}/name1`).join('/')}`;
  assert.equal(armId(id).type, type);
  return id;
}
