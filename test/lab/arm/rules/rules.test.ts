import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../../src/lab/arm/rules/index.ts';
import { rulesTable } from '../../../../src/lab/arm/rules/table.ts';
import { clusterCases, clusterNetworkCases } from './cluster-cases.ts';
import { monitorCases } from './monitor-cases.ts';
import { delegationCases, natCases, networkCases, securityRuleCases } from './network-cases.ts';
import { operationCases } from './operation-cases.ts';
import { machineCases, placeCases, poolCases } from './pool-cases.ts';
import { nameCases, requestCases } from './request-cases.ts';
import { identityCases, storeCases } from './service-cases.ts';
import { type RuleCase, asked, refusing } from './sound-world.ts';

const GROUPS: Readonly<Record<string, readonly RuleCase[]>> = {
  requests: requestCases,
  names: nameCases,
  'node pools': poolCases,
  machines: machineCases,
  'places of node pools': placeCases,
  clusters: clusterCases,
  'networks of clusters': clusterNetworkCases,
  'operations of clusters': operationCases,
  networks: networkCases,
  'tenants of subnets': delegationCases,
  egress: natCases,
  'security groups': securityRuleCases,
  identities: identityCases,
  'vaults, registries, storage accounts': storeCases,
  'logs, alerts, budgets': monitorCases,
};

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(`what the lab's Azure refuses of ${group}`, () => {
    for (const each of cases) {
      it(each.name, () => {
        assert.deepEqual(refusing(each.refused, rules), [each.rule, ...(each.also ?? [])]);
        assert.deepEqual(refusing(each.passes, rules), []);
        const { write, world } = asked(each.refused);
        const refusal = rules.find(({ id }) => id === each.rule)!.check(write, world)!;
        const { status, code, isAsync } = refusal;
        assert.deepEqual(
          { status, code, isAsync },
          { status: each.status, code: each.code, isAsync: each.isAsync },
        );
        assert.ok(!refusal.message.includes('undefined'), refusal.message);
      });
    }
  });
}

describe('the rules', () => {
  it('each have a request that they refuse and one that passes', () => {
    const covered = Object.values(GROUPS).flatMap((cases) => cases.map(({ rule }) => rule));
    const uncovered = rules.map(({ id }) => id).filter((id) => !covered.includes(id));
    assert.deepEqual(uncovered, []);
  });

  it('have one name each, and say where they come from and when that was read', () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { id, source } of rules) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(source, /20\d\d-\d\d|azurerm \d|not read again/, id);
    }
  });

  it('name types in lower case, as ids are compared', () => {
    for (const { id, types } of rules) {
      assert.ok(types.length > 0, id);
      for (const type of types) assert.equal(type, type.toLowerCase(), id);
    }
  });

  it('are printed as a table, one row each', () => {
    const rows = rulesTable().trimEnd().split('\n').slice(2);
    assert.equal(rows.length, rules.length);
    for (const row of rows) assert.equal(row.split('|').length, 5, row);
    assert.ok(
      rows.some((row) =>
        row.startsWith('| `subnets-do-not-overlap` | virtualnetworks, virtualnetworks/subnets |'),
      ),
    );
  });
});
