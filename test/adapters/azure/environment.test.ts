import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { objectIdOf } from '../../../src/lab/arm/entra.ts';
import { type Arm, startArm } from '../../../src/lab/arm/start.ts';
import type { Walked } from './walk.ts';

/**
 * Certificates and proxies are read by Node and by Azure's libraries when a process starts, so that the way that a
 * person's shell goes is tried in one: through a proxy on a port, with a certificate of its own, over real connections.
 */
const WALK = fileURLToPath(new URL('walk.js', import.meta.url));

describe('the environment that a lab prints', () => {
  let arm: Arm;
  before(async () => {
    arm = await startArm({ rules: [], latencyMs: 50, now: Date.now });
  });
  after(() => arm.stop());

  const walk = (env: Readonly<Record<string, string>>): Promise<Walked> =>
    new Promise((resolve, reject) => {
      const own = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env };
      execFile(process.execPath, [WALK], { env: own, timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${stdout}\n${stderr}`));
        else resolve(JSON.parse(stdout) as Walked);
      });
    });

  it('leads all that is asked of Azure there, also after connections that were cut', async () => {
    arm.setFaults([
      {
        methods: ['PUT'],
        type: 'Microsoft.Resources/resourceGroups',
        effect: { kind: 'drop', isStored: true },
      },
      { methods: ['GET'], path: '/secrets/*', effect: { kind: 'drop' } },
    ]);
    const env = arm.environment();
    const told = await walk(env);
    assert.deepEqual(told, {
      caller: {
        tenant: env['ARM_TENANT_ID'],
        objectId: objectIdOf(env['ARM_CLIENT_ID']!),
        kind: 'ServicePrincipal',
      },
      group: 'koreacentral',
      secret: 'swordfish',
      secrets: ['word'],
      isReachable: true,
      gone: true,
    });
    assert.deepEqual(arm.unanswered(), []);
    assert.equal(arm.requests().filter(({ isFault }) => isFault).length, 2);
  });

  it('does so for DefaultAzureCredential too', async () => {
    const { HTTPS_PROXY, NODE_EXTRA_CA_CERTS, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID } =
      arm.environment();
    const { caller } = await walk({
      HTTPS_PROXY: HTTPS_PROXY!,
      NODE_EXTRA_CA_CERTS: NODE_EXTRA_CA_CERTS!,
      AZURE_CLIENT_ID: ARM_CLIENT_ID!,
      AZURE_CLIENT_SECRET: ARM_CLIENT_SECRET!,
      AZURE_TENANT_ID: ARM_TENANT_ID!,
    });
    assert.equal(caller.objectId, objectIdOf(ARM_CLIENT_ID!));
  });

  it('is told what is wrong without the certificate', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = arm.environment();
    await assert.rejects(walk(env), /login\.microsoftonline\.com cannot be reached: .*certificate/);
  });
});
