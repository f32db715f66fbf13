import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { environments } from '../src/fleet/fleet.ts';
import { synthesizeTerraform } from '../src/terraform/tree.ts';
import { atlas, platformOf } from '../test/support/fleets.ts';
import { temporaryFolder } from './support/processes.ts';
import { openTerraform, type Terraform, type TestRun } from './support/terraform.ts';
import { exampleFleets } from './support/example-fleets.ts';
import { provenBy } from './support/tools.ts';

/** What the examples leave at its default. */
const unusual = atlas({
  network: { ...(atlas()['network'] as object), apiServer: 'private' },
  teams: { checkout: { group: '33333333-3333-4333-8333-333333333333', workloads: ['storefront'] } },
  observability: { logs: { dailyCapGB: 0 } },
  keeper: { run: 'container-apps-job' },
});

/** A change by hand that must not go unseen: in this file of this root, and the run that sees it. */
type Change = readonly [root: string, file: string, from: string, to: string, seenBy: string];

const CHANGES: readonly Change[] = [
  ['demo/foundation', 'security.tf', '"Deny"', '"Allow"', 'every_subnet_denies_what_it_does_not_allow'],
  [
    'demo/foundation',
    'security.tf',
    '"VirtualNetwork"',
    '"10.9.0.0/16"',
    'every_subnet_denies_what_it_does_not_allow',
  ],
  ['demo/foundation', 'network.tf', '["10.3.0.0/16"]', '["10.2.128.0/17"]', 'no_two_subnets_overlap'],
  ['demo/foundation', 'vault.tf', '"Deny"', '"Allow"', 'the_vault_answers_named_callers_alone'],
  [
    'demo/foundation',
    'identities.tf',
    'role_definition_name             = "AcrPull"',
    'role_definition_name             = "Contributor"',
    'no_identity_administers_the_fleet',
  ],
  [
    'production/foundation',
    'vault.tf',
    'public_network_access_enabled = false',
    'public_network_access_enabled = true',
    'the_vault_answers_named_callers_alone',
  ],
  [
    'demo/clusters/app1',
    'cluster.tf',
    'var.operator_ip_ranges)',
    '["0.0.0.0/0"])',
    'the_api_server_admits_the_fleet_and_its_operators_alone',
  ],
  [
    'demo/clusters/app1',
    'cluster.tf',
    'local_account_disabled = true',
    'local_account_disabled = false',
    'everybody_comes_by_entra',
  ],
  [
    'demo/clusters/app1',
    'pools.tf',
    'eviction_policy = "Delete"',
    'eviction_policy = "Deallocate"',
    'spot_pools_can_be_taken_back_at_any_time',
  ],
  [
    'production/clusters/mgmt',
    'pools.tf',
    'mode                        = "User"',
    'priority = "Spot"',
    'on_demand_pools_are_never_taken_back',
  ],
];

describe('the tests that come with every root', provenBy('terraform', 'azurerm'), () => {
  const temporary = temporaryFolder('terraform-tests');
  let terraform: Terraform;
  before(() => {
    terraform = openTerraform();
    for (const [name, data] of [...exampleFleets, ['unusual', unusual] as const]) {
      for (const environment of environments) {
        for (const [path, content] of synthesizeTerraform(platformOf(data, environment))) {
          const target = join(temporary.path, name, environment, path);
          mkdirSync(dirname(target), { recursive: true });
          writeFileSync(target, content);
        }
      }
    }
  });
  after(async () => {
    await terraform?.stop();
    temporary.remove();
  });

  test('pass, in every root of every example', async () => {
    const roots = readdirSync(temporary.path, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('versions.tf'))
      .map((path) => dirname(path))
      // A second app cluster is made as the first one is, and takes as long.
      .filter((path) => !path.endsWith('/app2'))
      .toSorted();
    const runs = await Promise.all(
      roots.map(async (root) => ({ root, runs: await terraform.test(join(temporary.path, root)) })),
    );
    const failed = runs.flatMap(({ root, runs: own }) =>
      own.filter(({ status }) => status !== 'pass').map((run) => [root, run.run, run.messages]),
    );
    assert.deepEqual(failed, []);
    console.log(
      `terraform test: ${runs.flatMap(({ runs: own }) => own).length} runs in ${roots.length} roots`,
    );
  });

  for (const [index, [root, file, from, to, seenBy]] of CHANGES.entries()) {
    test(`${seenBy} sees ${file} changed by hand`, async () => {
      const changed = join(temporary.path, `changed-${index}`);
      cpSync(join(temporary.path, 'atlas', root), changed, { recursive: true });
      const text = readFileSync(join(changed, file), 'utf8');
      assert.ok(text.includes(from), `${file} of ${root} has no ${from}`);
      writeFileSync(join(changed, file), text.replace(from, to));
      const runs = await terraform.test(changed, testFileOf(changed, seenBy));
      assert.deepEqual(brokenAmong(runs), [seenBy]);
    });
  }
});

function testFileOf(root: string, run: string): string {
  const file = readdirSync(join(root, 'tests')).find((name) =>
    readFileSync(join(root, 'tests', name), 'utf8').includes(`run "${run}"`),
  );
  assert.ok(file, `no test file runs ${run}`);
  return file;
}

/** Runs whose own assertions do not hold: one that could not be planned at all proves nothing. */
function brokenAmong(runs: readonly TestRun[]): string[] {
  return runs
    .filter(({ messages }) => messages.some((message) => message.startsWith('Test assertion failed')))
    .map(({ run }) => run);
}
