import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathText } from '../src/base/finding.ts';
import { compareText } from '../src/base/order.ts';
import { builtInPriceBook } from '../src/catalog/price-book.ts';
import { replaces } from '../src/catalog/replacing-arguments.ts';
import { readShownFile } from '../src/contract/terraform/shown-file.ts';
import { type Environment, environments } from '../src/fleet/fleet.ts';
import { withProperties } from '../src/lab/arm/body.ts';
import { type Arm, startArm } from '../src/lab/arm/start.ts';
import type { Platform } from '../src/model/platform.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { checkTerraform } from '../src/plan/terraform-check.ts';
import { declaredResources } from '../src/terraform/resources.ts';
import { type FleetData, platformOf } from '../test/support/fleets.ts';
import { type AppliedFleet, openFleet } from './support/applied-fleet.ts';
import { exampleFleets, randomFleets, seed } from './support/example-fleets.ts';
import { expectedResources } from './support/expected-resources.ts';
import { temporaryFolder } from './support/processes.ts';
import { measureReplacements, type Replacements, replacingByType } from './support/replacement.ts';
import { disagreements } from './support/resource-agreement.ts';
import { storedComplaints } from './support/stored-bodies.ts';
import { provenBy, repositoryRoot } from './support/tools.ts';

/** BLESS=1 measures anew every argument that any of the fleets sets: some 200 plans more. */
const isBlessing = process.env.BLESS === '1';
const measured: Replacements = new Map();
const ALL_ROUNDS = 1000;

type Subject = { readonly name: string; readonly environment: Environment; readonly data: FleetData };

const examples: readonly Subject[] = [...exampleFleets].flatMap(([name, data]) =>
  environments.map((environment) => ({ name, environment, data })),
);

/** A fifth cluster is a root like the fourth. */
const CLUSTERS_MAX = 4;

const random: readonly Subject[] = randomFleets(20, CLUSTERS_MAX).map((data, index) => ({
  name: `random-${index}`,
  environment: environments[index % environments.length]!,
  data,
}));

/** Those that wait longest first: a demo, for its public vault. */
const subjects = [...examples, ...random].toSorted((a, b) => compareText(a.environment, b.environment));

const NICEST = 19;

/**
 * The first gets a core whenever it wants one, the next what it leaves, and so on. Were all served alike, all would come to
 * their waits together, and the cores would stand idle until all of them end together.
 */
function nicenessOf(subject: Subject): number {
  return Math.round((NICEST * subjects.indexOf(subject)) / (subjects.length - 1));
}

for (const program of ['terraform', 'tofu'] as const) {
  // All at once: azurerm mostly waits, and its fixed waits (115 s for a metric alert, 121 s for a public vault, 120 s
  // for a private DNS link that goes) cannot be shortened, only shared.
  describe(`${program} applies every root`, { concurrency: true, ...provenBy('azurerm', program) }, () => {
    console.log(`${examples.length} examples and ${random.length} random fleets, BULKHEAD_SEED=${seed}`);
    for (const subject of examples) {
      test(`${subject.name} in ${subject.environment}, as its model says`, () =>
        withFleet(subject, program, nicenessOf(subject), async (fleet, platform, arm) => {
          const plans = await fleet.applyPlans();
          assert.deepEqual(disagreements(expectedResources(platform, subscriptionOf(arm)), plans), []);
          assertContract(platform, plans);
          await assertApplied(fleet, platform, arm);
          assertContract(platform, await fleet.states());
          if (isBlessing) await measure(fleet, platform, measured, ALL_ROUNDS);
          else if (isAtlasInProduction(subject)) await assertReplacements(fleet, platform);
          if (isAtlasInProduction(subject)) assertComplaints(platform, arm);
        }));
    }
    for (const subject of random) {
      test(`${subject.name} in ${subject.environment}`, () =>
        withFleet(subject, program, nicenessOf(subject), async (fleet, platform, arm) => {
          await fleet.apply();
          await assertApplied(fleet, platform, arm);
          if (isBlessing) await measure(fleet, platform, measured, ALL_ROUNDS);
        }));
    }
    if (isBlessing) after(() => writeReplacing(measured));
    test('atlas in production, though Azure fails again and again', () =>
      withFleet(examples.find(isAtlasInProduction)!, program, 0, applyThroughFaults));
  });
}

async function measure(
  fleet: AppliedFleet,
  platform: Platform,
  known: Replacements,
  rounds: number,
): Promise<void> {
  const declared = declaredResources(platform);
  for (const [path, root] of fleet.roots) {
    const own = declared.filter((resource) => resource.root === path);
    await measureReplacements(root, own, known, { rotation: seed, rounds });
  }
}

/** What `bulkhead diff` says of arguments is what azurerm does: of each resource one, which the seed chooses. */
async function assertReplacements(fleet: AppliedFleet, platform: Platform): Promise<void> {
  const known: Replacements = new Map();
  await measure(fleet, platform, known, 1);
  const sample = [...known].flatMap(([type, paths]) => [...paths].map(([path, is]) => ({ type, path, is })));
  assert.ok(sample.length > 20);
  assert.deepEqual(
    sample.filter(({ type, path, is }) => replaces(type, path) !== is),
    [],
    'replacing-arguments.json is old: BLESS=1 npm run prove apply',
  );
}

function writeReplacing(known: Replacements): void {
  const path = join(repositoryRoot, 'src', 'catalog', 'data', 'replacing-arguments.json');
  const old = JSON.parse(readFileSync(path, 'utf8')) as object;
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(path, `${JSON.stringify({ ...old, date, types: replacingByType(known) }, undefined, 2)}\n`);
}

function isAtlasInProduction({ name, environment }: Subject): boolean {
  return name === 'atlas' && environment === 'production';
}

/** Runs a test over the roots of one fleet, in a lab of its own, and takes all of it down again. */
async function withFleet(
  { name, environment, data }: Subject,
  program: 'terraform' | 'tofu',
  niceness: number,
  body: (fleet: AppliedFleet, platform: Platform, arm: Arm) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder(`${program}-${name}-${environment}`);
  const arm = await startArm({ now: Date.now });
  try {
    const platform = platformOf(data, environment);
    // Atlas in demo runs as a user's Terraform does; elsewhere an azurerm stays for its roots, to leave the cores to more.
    const isResident = !(name === 'atlas' && environment === 'demo');
    const options = { program, isResident, niceness };
    const fleet = await openFleet(synthesize(platform), folder.path, arm, options);
    try {
      await body(fleet, platform, arm);
      await fleet.destroy();
    } finally {
      await fleet.close();
    }
    assert.deepEqual(idsIn(arm), []);
    assert.deepEqual(arm.unanswered(), []);
  } finally {
    await arm.stop();
    folder.remove();
  }
}

async function assertApplied(fleet: AppliedFleet, platform: Platform, arm: Arm): Promise<void> {
  assert.deepEqual(storedComplaints(platform, arm), []);
  assert.deepEqual(await fleet.replan(), {});
}

/** The proof can say no: what azurerm stores without a word is noticed. */
function assertComplaints(platform: Platform, arm: Arm): void {
  const spoil = (type: string, property: string, value: unknown, complaint: RegExp): void => {
    const [resource] = arm.store.ofType(type.toLowerCase());
    assert.ok(resource, type);
    arm.store.put({ ...resource, body: withProperties(resource.body, { [property]: value }) });
    assert.match(storedComplaints(platform, arm).join('\n'), complaint);
    arm.store.put(resource);
  };
  const identities = 'Microsoft.ManagedIdentity/userAssignedIdentities';
  spoil('Microsoft.Authorization/roleAssignments', 'principalId', '', /names nobody, nothing or no role/);
  spoil(`${identities}/federatedIdentityCredentials`, 'issuer', '', /not stored: .*oic\.prod-aks/);
  spoil('Microsoft.Network/networkSecurityGroups', 'securityRules', [], /does not end in a deny/);
  spoil(`${CLUSTERS}/agentPools`, 'count', 77, /count of .* is 77/);
  spoil('Microsoft.Network/privateEndpoints', 'privateLinkServiceConnections', [], /leads to/);
  assert.deepEqual(storedComplaints(platform, arm), []);
}

function idsIn({ store }: Arm): string[] {
  return store.all().map(({ id }) => id.text);
}

function subscriptionOf(arm: Arm): string {
  return arm.environment()['ARM_SUBSCRIPTION_ID']!;
}

/** The contract over what Terraform prints of plans or states: no error, and nothing that it cannot know. */
function assertContract(platform: Platform, shown: ReadonlyMap<string, string>): void {
  const loads = [...shown].map(([root, json]) => readShownFile(`${root}.json`, [Buffer.from(json)]));
  const { findings } = checkTerraform(loads, [platform.fleet.environment], [platform], {
    waiversIn: () => ({ list: [], today: '2026-11-22' }),
    priceBook: builtInPriceBook,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors
      // What only Cilium's values say, wherever the cluster brings its network along.
      .filter(({ id }) => id !== 'pod-range-holds-the-nodes')
      .map(({ id, file, path, message }) => `${id}: ${file} ${pathText(path)}: ${message}`),
    [],
  );
}

const CLUSTERS = 'Microsoft.ContainerService/managedClusters';

async function applyThroughFaults(fleet: AppliedFleet, platform: Platform, arm: Arm): Promise<void> {
  const faults = (): number => arm.requests().filter(({ isFault }) => isFault).length;
  // What azurerm overcomes, and two things that it does not: a conflict, and a write that is cut off.
  arm.setFaults([
    {
      methods: ['PUT'],
      type: 'Microsoft.Network/virtualNetworks',
      effect: { kind: 'refuse', status: 429, retryAfterSeconds: 2 },
    },
    { methods: ['PUT'], type: 'Microsoft.KeyVault/vaults', effect: { kind: 'refuse', status: 503 } },
    { methods: ['GET'], type: 'Microsoft.Network/natGateways', from: 2, effect: { kind: 'drop' } },
    {
      methods: ['PUT'],
      type: 'Microsoft.Network/publicIPAddresses',
      effect: { kind: 'slow', milliseconds: 5000 },
    },
    {
      methods: ['PUT'],
      path: '*/nsg-snet-app1',
      effect: { kind: 'refuse', status: 409, code: 'AnotherOperationInProgress' },
    },
    { methods: ['PUT'], path: '*/id-atlas-prod-app2', effect: { kind: 'drop' } },
  ]);
  const first = await fleet.foundation.tryToApply();
  assert.equal(first.exitCode, 1);
  assert.match(first.stderr, /AnotherOperationInProgress/);
  assert.match(first.stderr, /HTTP response was nil/);
  assert.equal(faults(), 6);

  // One cluster whose operation fails, one whose pool is throttled: the next plan replaces the former, and it alone.
  arm.setFaults([
    {
      methods: ['PUT'],
      path: '*/aks-atlas-prod-app1',
      effect: { kind: 'fail', code: 'ZonalAllocationFailed' },
    },
    {
      methods: ['PUT'],
      path: '*/aks-atlas-prod-app2/agentPools/*',
      effect: { kind: 'refuse', status: 429, retryAfterSeconds: 3 },
    },
    { methods: ['PUT'], path: '*/aks-atlas-prod-mgmt', effect: { kind: 'slow', milliseconds: 10_000 } },
  ]);
  await assert.rejects(fleet.apply(), /Status: "ZonalAllocationFailed"/);
  const made = arm.store.ofType(CLUSTERS.toLowerCase()).map(({ id }) => id.name);
  assert.deepEqual(made, ['aks-atlas-prod-app1', 'aks-atlas-prod-app2', 'aks-atlas-prod-mgmt']);

  arm.setFaults([]);
  await fleet.apply();
  await assertApplied(fleet, platform, arm);
  const gone = arm
    .requests()
    .filter(({ method, path }) => method === 'DELETE' && /managedClusters\/[^/]+$/i.test(path))
    .map(({ path }) => path.split('/').at(-1));
  assert.deepEqual(gone, ['aks-atlas-prod-app1']);
}
