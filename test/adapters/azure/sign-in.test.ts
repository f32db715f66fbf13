import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { signInOf } from '../../../src/adapters/azure/sign-in.ts';
import { StepError } from '../../../src/base/step-error.ts';

const APPLICATION = { ARM_TENANT_ID: 't', ARM_CLIENT_ID: 'c' };
const WHO = { tenant: 't', client: 'c' };

describe('the sign-in that the variables of azurerm ask for', () => {
  it('is a secret, before a federated token, before the identity of the machine', () => {
    const env = {
      ...APPLICATION,
      ARM_CLIENT_SECRET: 's',
      ARM_USE_OIDC: 'true',
      ARM_OIDC_TOKEN: 'x',
      ARM_USE_MSI: '1',
    };
    assert.deepEqual(signInOf(env), { kind: 'secret', ...WHO, secret: 's' });
    const { ARM_CLIENT_SECRET: _, ...federated } = env;
    assert.deepEqual(signInOf(federated), { kind: 'assertion', ...WHO, source: { kind: 'text', text: 'x' } });
    assert.deepEqual(signInOf({ ...APPLICATION, ARM_USE_MSI: 'true' }), {
      kind: 'managedIdentity',
      client: 'c',
    });
    assert.deepEqual(signInOf({ ARM_USE_MSI: 'true' }), { kind: 'managedIdentity' });
  });

  it('is a federated token where OIDC is switched on, wherever it comes from', () => {
    const sourceOf = (more: Record<string, string>): unknown => {
      const signIn = signInOf({ ...APPLICATION, ARM_USE_OIDC: 'true', ...more });
      return signIn.kind === 'assertion' ? signIn.source : signIn.kind;
    };
    assert.deepEqual(sourceOf({ ARM_OIDC_TOKEN_FILE_PATH: '/run/token' }), {
      kind: 'file',
      file: '/run/token',
    });
    const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y' };
    assert.deepEqual(sourceOf(github), { kind: 'request', url: 'https://x/', token: 'y' });
    assert.equal(sourceOf({}), 'default');
    assert.deepEqual(signInOf({ ...APPLICATION, ...github }), { kind: 'default', tenant: 't' });
    const pipeline = { SYSTEM_ACCESSTOKEN: 'a', ARM_OIDC_AZURE_SERVICE_CONNECTION_ID: 'id' };
    assert.deepEqual(signInOf({ ...APPLICATION, ARM_USE_OIDC: '1', ...pipeline }), {
      kind: 'pipeline',
      ...WHO,
      connection: 'id',
      token: 'a',
    });
    const cluster = {
      ARM_USE_AKS_WORKLOAD_IDENTITY: 'true',
      AZURE_TENANT_ID: 't',
      AZURE_CLIENT_ID: 'c',
      AZURE_FEDERATED_TOKEN_FILE: '/var/run/token',
    };
    assert.deepEqual(signInOf(cluster), {
      kind: 'assertion',
      ...WHO,
      source: { kind: 'file', file: '/var/run/token' },
    });
  });

  it('is left to the machine where they are not complete', () => {
    assert.deepEqual(signInOf({}), { kind: 'default' });
    assert.deepEqual(signInOf({ ARM_TENANT_ID: 't', ARM_CLIENT_SECRET: 's' }), {
      kind: 'default',
      tenant: 't',
    });
    assert.deepEqual(signInOf({ ...APPLICATION, ARM_CLIENT_SECRET: '' }), { kind: 'default', tenant: 't' });
  });

  it('takes a certificate as PEM, and says how to make it one', () => {
    const env = { ...APPLICATION, ARM_CLIENT_CERTIFICATE_PATH: '/x/app.pfx', ARM_CLIENT_SECRET: 's' };
    assert.throws(
      () => signInOf(env),
      (error: StepError) =>
        error instanceof StepError && /openssl pkcs12 -in \/x\/app\.pfx/.test(error.advice!),
    );
    const signIn = signInOf({ ...env, AZURE_CLIENT_CERTIFICATE_PATH: '/x/app.pem' });
    assert.deepEqual(signIn, { kind: 'certificate', ...WHO, file: '/x/app.pem' });
  });

  it('reads what stands in files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-sign-in-'));
    try {
      const file = join(folder, 'secret');
      writeFileSync(file, 'from a file\n');
      const signIn = signInOf({ ...APPLICATION, ARM_CLIENT_SECRET_FILE_PATH: file });
      assert.deepEqual(signIn, { kind: 'secret', ...WHO, secret: 'from a file' });
      const absent = { ...APPLICATION, ARM_CLIENT_SECRET_FILE_PATH: join(folder, 'none') };
      assert.throws(
        () => signInOf(absent),
        /which ARM_CLIENT_SECRET_FILE_PATH names, cannot be read \(ENOENT\)/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
