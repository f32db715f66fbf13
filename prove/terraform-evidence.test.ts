import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Finding, pathText } from '../src/base/finding.ts';
import { compareText } from '../src/base/order.ts';
import { builtInPriceBook } from '../src/catalog/price-book.ts';
import { readShownFile, type ShownFileLoad } from '../src/contract/terraform/shown-file.ts';
import { type Environment, environments } from '../src/fleet/fleet.ts';
import { type Arm, startArm } from '../src/lab/arm/start.ts';
import type { Platform } from '../src/model/platform.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { checkTerraform, type TerraformCheck } from '../src/plan/terraform-check.ts';
import { platformOf } from '../test/support/fleets.ts';
import { planRoot } from './support/planned-root.ts';
import { temporaryFolder } from './support/processes.ts';
import { exampleFleets } from './support/example-fleets.ts';
import { provenBy, repositoryRoot } from './support/tools.ts';

const handWritten = join(repositoryRoot, 'prove', 'fixtures', 'hand-written');
const fixtures = join(repositoryRoot, 'test', 'fixtures', 'terraform');
const atlas = exampleFleets.get('atlas')!;

/** What a plan repeats, or says of the hour and the machine on which it was made. */
const LEFT_OUT = ['resource_changes', 'output_changes', 'relevant_attributes', 'checks', 'timestamp'];

/** What only Cilium's values say, wherever the cluster brings its network along. */
const OPEN_OF_ATLAS = ['pod-range-holds-the-nodes'];

/** One for each fault that a comment in the fixture names, and what follows from it. */
const FAULTS = [
  'alerts-reach-someone',
  'api-server-has-an-sla',
  'budget-needs-a-contact',
  'byo-network-has-a-pod-range',
  'byo-network-has-no-policy-engine',
  'clusters-have-no-client-secret',
  'delegated-subnets-hold-nothing-else',
  'egress-fits-outbound-type',
  'endpoint-subnets-apply-their-rules',
  'endpoints-let-nodes-in',
  'federated-credentials-are-unique',
  'kubernetes-version-is-supported',
  'log-agent-signs-in-by-identity',
  'log-association-name',
  'log-cap-range',
  'long-term-support-takes-premium',
  'nat-gateway-fits-delegation',
  'nat-gateway-fits-its-addresses',
  'no-local-accounts',
  'node-counts-in-range',
  'node-subnets-are-guarded',
  'operators-can-reach-the-api-server',
  'os-disk-fits',
  'pods-and-cluster-ips-outside-the-vnet',
  'production-tier1-is-on-demand',
  'ranges-are-disjoint',
  'regular-pools-have-no-spot-settings',
  'security-rule-priorities',
  'spot-autoscales-from-zero',
  'spot-eviction-deletes',
  'spot-has-on-demand-fallback',
  'spot-has-two-families',
  'spot-label-and-taint',
  'spot-price-limit',
  'state-holds-no-secret',
  'subnets-deny-by-default',
  'subnets-lie-in-the-vnet',
  'system-pool-has-two-nodes',
  'system-pool-size',
  'vault-is-not-public',
  'vault-survives-deletion',
  'vault-uses-roles',
  'workload-identity-is-enabled',
];

describe('the contract over plans of the real azurerm', provenBy('terraform', 'azurerm'), () => {
  let arm: Arm;
  before(async () => {
    arm = await startArm({ now: Date.now });
  });
  after(() => arm?.stop());

  for (const environment of environments) {
    test(`every root of atlas keeps it in ${environment}`, async () => {
      const platform = platformOf(atlas, environment);
      const plans = await plansOf(platform, arm);
      const loads = plans.map(({ root, json }) => load(`${root}.json`, json));
      assert.deepEqual(idsOf(check(loads, [platform]), 'error'), []);
      assert.deepEqual(idsOf(check(loads, [platform]), 'undetermined'), OPEN_OF_ATLAS);
      // Without the fleet file the tags say which cluster is mgmt, and which tier each has.
      const alone = check(loads, []);
      assert.deepEqual(idsOf(alone, 'error'), []);
      assert.deepEqual(idsOf(alone, 'undetermined'), OPEN_OF_ATLAS);
      if (environment === 'production') {
        for (const { root, json } of plans) assertFixture(join('atlas-production', `${root}.json`), json);
      }
    });
  }

  test('a hand-written fleet of modules in modules keeps it', async () => {
    const json = await planRoot(handWritten, 'sound', arm);
    const { evidence, findings } = check([load('sound.json', json)], []);
    assert.deepEqual(
      evidence.map(({ environment }) => environment),
      ['production'],
    );
    assert.deepEqual(findings.filter(({ isUndetermined }) => !isUndetermined).map(textOf), []);
    assert.deepEqual(idsOf({ evidence, findings }, 'undetermined'), [
      // A variable that holds null: what AKS makes of it is known after the apply.
      'byo-network-has-no-policy-engine',
      'pod-range-holds-the-nodes',
    ]);
    assertFixture('sound.json', json);
  });

  test('one with faults breaks what they break, and nothing else', async () => {
    const json = await planRoot(handWritten, 'faulty', arm);
    const result = check([load('faulty.json', json)], []);
    const broken = result.findings.filter(({ isUndetermined }) => !isUndetermined);
    assert.deepEqual([...new Set(broken.map(({ id }) => id))].toSorted(), FAULTS);
    assertFixture('faulty.json', json);
  });

  test('planning asks nothing of Azure that the endpoint does not know', () => {
    assert.deepEqual(arm.unanswered(), []);
  });
});

async function plansOf(platform: Platform, arm: Arm): Promise<{ root: string; json: string }[]> {
  const folder = temporaryFolder('atlas');
  const roots = new Set<string>();
  for (const [path, content] of synthesize(platform)) {
    if (!path.startsWith('terraform/')) continue;
    const target = join(folder.path, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    if (path.endsWith('versions.tf')) roots.add(dirname(path));
  }
  const plans = [];
  for (const root of roots) {
    const json = await planRoot(folder.path, root, arm);
    plans.push({ root: root.replace('terraform/', '').replaceAll('/', '-'), json });
  }
  folder.remove();
  return plans;
}

function load(name: string, json: string): ShownFileLoad {
  return readShownFile(name, [Buffer.from(json)]);
}

function check(loads: readonly ShownFileLoad[], platforms: readonly Platform[]): TerraformCheck {
  return checkTerraform(loads, [...environments] satisfies Environment[], platforms, {
    waiversIn: () => ({ list: [], today: '2026-11-22' }),
    priceBook: builtInPriceBook,
  });
}

function idsOf({ findings }: TerraformCheck, kind: 'error' | 'undetermined'): string[] {
  const own = findings.filter(({ isUndetermined, severity }) =>
    kind === 'undetermined' ? isUndetermined : severity === 'error' && !isUndetermined,
  );
  return [...new Set(own.map(({ id }) => id))].toSorted();
}

function textOf({ id, file, path, message }: Finding): string {
  return `${id}: ${file} ${pathText(path)}: ${message}`;
}

/** The plans that the pure tests read are what azurerm prints today; BLESS=1 writes them anew. */
function assertFixture(name: string, json: string): void {
  const plan = JSON.parse(json) as Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(plan).filter(([key]) => !LEFT_OUT.includes(key)));
  const text = `${JSON.stringify(inOrder({ ...kept, terraform_version: '1.x' }))}\n`;
  const path = join(fixtures, name);
  if (process.env.BLESS === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const isCurrent = text === readFileSync(path, 'utf8');
  assert.ok(isCurrent, `${name} is old: BLESS=1 npm run prove terraform-evidence`);
}

/** Terraform prints the modules of one call in any order, now so and now so. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOrder(item));
    const isOfModules = items.length > 1 && items.every((item) => addressOf(item)?.startsWith('module.'));
    return isOfModules ? items.toSorted((a, b) => compareText(addressOf(a)!, addressOf(b)!)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inOrder(item)]));
}

function addressOf(value: unknown): string | undefined {
  const address = (value as { readonly address?: unknown } | null)?.address;
  return typeof address === 'string' ? address : undefined;
}
