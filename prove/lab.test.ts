import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { textAt } from '../src/lab/arm/body.ts';
import type { Fault } from '../src/lab/arm/faults.ts';
import { type Arm, startArm } from '../src/lab/arm/start.ts';
import { type AppliedRoot, openRoot } from './support/applied-root.ts';
import { temporaryFolder } from './support/processes.ts';
import { terraform } from './support/terraform.ts';
import { provenBy, repositoryRoot } from './support/tools.ts';

const NETWORKS = { methods: ['PUT'], type: 'Microsoft.Network/virtualNetworks' };
const CLUSTERS = { methods: ['PUT'], type: 'Microsoft.ContainerService/managedClusters' };

/** A small root that meets what azurerm does when something goes wrong, as go-azure-sdk is written to. */
describe('the stand-in for Azure, asked by the real azurerm', provenBy('terraform', 'azurerm'), () => {
  let arm: Arm;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    folder = temporaryFolder('lab');
    cpSync(join(repositoryRoot, 'prove', 'fixtures', 'lab'), folder.path, { recursive: true });
    arm = await startArm({ now: Date.now });
  });
  afterEach(async () => {
    await arm.stop();
    folder.remove();
  });
  const open = (way: 'proxy' | 'metadata' = 'proxy'): Promise<AppliedRoot> =>
    openRoot(folder.path, { ...arm, environment: () => arm.environment(way) });

  for (const way of ['proxy', 'metadata'] as const) {
    test(`by ${way} a root is applied, is as it was planned, and goes`, async () => {
      const root = await open(way);
      await root.apply();
      assert.equal(await root.replan(), '');
      const [credential] = arm.store.ofType(
        'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials',
      );
      // azurerm raises no error over an empty one.
      assert.match(textAt(credential?.body, 'properties', 'issuer') ?? '', /^https:\/\/koreacentral\.oic\./);
      await root.destroy();
      assert.deepEqual(arm.store.all(), []);
      assert.deepEqual(arm.unanswered(), []);
    });
  }

  const overcome: readonly (readonly [what: string, fault: Fault])[] = [
    ['429 with Retry-After', { ...NETWORKS, effect: { kind: 'refuse', status: 429, retryAfterSeconds: 1 } }],
    ['503', { ...NETWORKS, effect: { kind: 'refuse', status: 503 } }],
    ['a read that is cut off', { methods: ['GET'], path: '*/vnet-lab', effect: { kind: 'drop' } }],
    ['a slow operation', { ...CLUSTERS, effect: { kind: 'slow', milliseconds: 2000 } }],
  ];
  for (const [what, fault] of overcome) {
    test(`${what} is overcome`, async () => {
      const root = await open();
      arm.setFaults([fault]);
      await root.apply();
      assert.ok(arm.requests().some(({ isFault }) => isFault));
    });
  }

  const fatal: readonly (readonly [what: string, fault: Fault, message: RegExp])[] = [
    ['409', { ...NETWORKS, effect: { kind: 'refuse', status: 409 } }, /409 Conflict/],
    ['a write that is cut off', { ...NETWORKS, effect: { kind: 'drop' } }, /HTTP response was nil/],
    [
      'an operation that fails',
      { ...CLUSTERS, effect: { kind: 'fail', code: 'ZonalAllocationFailed' } },
      /Status: "ZonalAllocationFailed"/,
    ],
  ];
  for (const [what, fault, message] of fatal) {
    test(`${what} ends the apply, and the next one goes on`, async () => {
      const root = await open();
      arm.setFaults([fault]);
      const { exitCode, stderr } = await root.tryToApply();
      assert.equal(exitCode, 1);
      assert.match(stderr.replaceAll(/\s+/g, ' '), message);
      await root.apply();
      assert.equal(await root.replan(), '');
    });
  }

  test("states are kept by terraform's own backend, under a lease", async () => {
    const backend = ['resource_group_name=lab', 'storage_account_name=bulkheadlab', 'container_name=tfstate'];
    const options = { env: arm.environment(), timeoutSeconds: 120 };
    const root = join(folder.path, 'state');
    cpSync(join(repositoryRoot, 'prove', 'fixtures', 'lab', 'backend'), root, { recursive: true });
    const init = backend.map((each) => `-backend-config=${each}`);
    for (const args of [
      ['init', '-input=false', ...init],
      ['apply', '-auto-approve', '-input=false'],
    ]) {
      const { exitCode, stderr } = await terraform(root, args, options);
      assert.equal(exitCode, 0, stderr);
    }
    const { stdout } = await terraform(root, ['output', '-raw', 'word'], options);
    assert.equal(stdout, 'kept');
    assert.ok(arm.requests().some(({ path, status }) => path === '/tfstate/lab.tfstate' && status === 201));
  });
});
