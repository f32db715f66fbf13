/**
 * The harness must be able to say no: each real program refuses what is wrong, by name, and takes what is
 * right.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startApiServer } from './api-server.ts';
import type { ApiServer } from './api-server.ts';
import { loadCrds } from './crds.ts';
import { temporaryFolder, waitFor } from './processes.ts';
import { applyObject } from './server-side-apply.ts';
import { openTerraform, readDiagnostics, terraform, terraformFmtCheck } from './terraform.ts';
import type { Terraform } from './terraform.ts';
import { pathOf, provenBy } from './tools.ts';

const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'made-on-the-way' },
  data: { colour: 'blue' },
};

const externalSecret = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name: 'database', namespace: 'storefront' },
  spec: {
    refreshInterval: '1h',
    secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
    target: { name: 'database', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
    data: [{ secretKey: 'password', remoteRef: { key: 'database-password' } }],
  },
};

describe('a real API server', provenBy('etcd', 'kube-apiserver', 'crds'), () => {
  let server: ApiServer;

  before(async () => {
    server = await startApiServer();
    await loadCrds(server, pathOf('crds'), new Set(['external-secrets', 'apps']));
  });
  after(() => server?.stop());

  it('takes a good ConfigMap, in a namespace made for it, as argocd-controller', async () => {
    const applied = await applyObject(server, configMap);
    assert.ok(applied.ok, JSON.stringify(applied));
    const { body } = await server.request('GET', '/api/v1/namespaces/made-on-the-way/configmaps/settings');
    const stored = body as { data: object; metadata: { managedFields: readonly { manager: string }[] } };
    assert.deepEqual(stored.data, { colour: 'blue' });
    assert.deepEqual(
      stored.metadata.managedFields.map((entry) => entry.manager),
      ['argocd-controller'],
    );
  });

  it('takes a good ExternalSecret', async () => {
    const applied = await applyObject(server, externalSecret);
    assert.ok(applied.ok, JSON.stringify(applied));
  });

  it('stores nothing in a dry run', async () => {
    const object = { ...configMap, metadata: { ...configMap.metadata, name: 'rehearsed' } };
    assert.ok((await applyObject(server, object, { dryRun: true })).ok);
    const { status } = await server.request('GET', '/api/v1/namespaces/made-on-the-way/configmaps/rehearsed');
    assert.equal(status, 404);
  });

  it('refuses a field that a built-in kind does not have', async () => {
    const applied = await applyObject(server, { ...configMap, date: { colour: 'blue' } });
    assert.ok(!applied.ok);
    assert.match(applied.message, /\.date: field not declared in schema/);
  });

  it('refuses a field that a custom kind does not have', async () => {
    const spec = { ...externalSecret.spec, refreshIntervall: '1h' };
    const applied = await applyObject(server, { ...externalSecret, spec });
    assert.ok(!applied.ok);
    assert.match(applied.message, /refreshIntervall/);
  });

  it('refuses a value outside the list of a custom kind, and names the field', async () => {
    const target = { ...externalSecret.spec.target, deletionPolicy: 'Keep' };
    const applied = await applyObject(server, {
      ...externalSecret,
      spec: { ...externalSecret.spec, target },
    });
    assert.ok(!applied.ok);
    assert.equal(applied.status, 422);
    assert.ok(
      applied.causes.some((cause) => cause.field === 'spec.target.deletionPolicy'),
      JSON.stringify(applied),
    );
  });

  it('refuses a version that the CRD no longer serves', async () => {
    const applied = await applyObject(server, {
      ...externalSecret,
      apiVersion: 'external-secrets.io/v1beta1',
    });
    assert.ok(!applied.ok);
    assert.match(applied.message, /no kind ExternalSecret in apiVersion external-secrets\.io\/v1beta1/);
  });
});

const formatted = `terraform {
  required_version = ">= 1.9"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
  backend "azurerm" {}
}

provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "foundation" {
  name     = "rg-foundation"
  location = "koreacentral"
}
`;

describe('real Terraform with the real azurerm', provenBy('terraform', 'azurerm'), () => {
  const session: { terraform?: Terraform } = {};
  const folder = temporaryFolder('harness');
  let roots = 0;

  const rootOf = (content: string): string => {
    roots += 1;
    const root = temporaryFolder(`root-${roots}`).path;
    writeFileSync(join(root, 'main.tf'), content);
    return root;
  };
  const validate = (root: string) => (session.terraform ??= openTerraform()).validate(root);

  after(async () => {
    await session.terraform?.stop();
    folder.remove();
  });

  it('takes a good root and writes nothing into it', async () => {
    const root = rootOf(formatted);
    assert.deepEqual(await validate(root), []);
    assert.equal(await terraformFmtCheck(root), '');
    assert.equal(existsSync(join(root, '.terraform.lock.hcl')), false);
    assert.match(session.terraform?.azurermVersion() ?? '', /^5\.\d+\.\d+$/);
  });

  it('refuses an argument that a resource does not have, with its line', async () => {
    const root = rootOf(formatted.replace('  location =', '  colour   = "blue"\n  location ='));
    const [diagnostic] = await validate(root);
    assert.equal(diagnostic?.summary, 'Unsupported argument');
    assert.match(diagnostic.detail, /"colour"/);
    assert.equal(diagnostic.place, 'main.tf:18');
  });

  it('says the same as a plain init and validate', async () => {
    const root = rootOf(formatted.replace('"rg-foundation"', '"ends with a dot."'));
    const shared = await validate(root);
    assert.match(shared[0]?.summary ?? '', /"name"/);
    await terraform(root, ['init', '-backend=false', '-input=false']);
    assert.deepEqual(shared, readDiagnostics(await terraform(root, ['validate', '-json'])));
  });

  it('refuses a provider version that does not exist', async () => {
    const [diagnostic] = await validate(rootOf(formatted.replace('~> 5.0', '~> 999.0')));
    assert.equal(diagnostic?.severity, 'error');
    assert.match(diagnostic.detail, /999\.0/);
  });

  it('refuses a resource of a provider that init did not install', async () => {
    const [diagnostic] = await validate(
      rootOf(`${formatted}\nresource "random_id" "id" {\n  byte_length = 4\n}\n`),
    );
    assert.equal(diagnostic?.severity, 'error');
    assert.match(diagnostic.detail, /hashicorp\/random/);
  });

  it('shows what is not formatted, in any folder below', async () => {
    writeFileSync(join(folder.path, 'main.tf'), formatted.replace('name     =', 'name ='));
    assert.match(await terraformFmtCheck(folder.path), /^\+ {2}name {5}= "rg-foundation"$/m);
  });

  it('reports a file that is not HCL', async () => {
    const root = rootOf('resource {');
    assert.notEqual(await terraformFmtCheck(root), '');
    assert.equal((await validate(root))[0]?.severity, 'error');
  });
});

describe('the harness itself', provenBy('etcd', 'kube-apiserver'), () => {
  it('ends what it started when it is interrupted', async () => {
    const module = new URL('./api-server.js', import.meta.url).href;
    const script = `
      const { startApiServer } = await import(${JSON.stringify(module)});
      process.stdout.write((await startApiServer()).url);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const [url] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [130, null]);
    // The processes are killed as the parent exits, so their port may answer for a moment more.
    const refused = async (): Promise<true | undefined> => {
      const error = await fetch(`${url.toString()}/readyz`).catch((reason: Error) => reason);
      const { code } = ('cause' in error ? error.cause : {}) as NodeJS.ErrnoException;
      return code === 'ECONNREFUSED' ? true : undefined;
    };
    await waitFor('the API server to be gone', refused, { timeoutSeconds: 10 });
  });
});

describe('a missing program', () => {
  const lookups = ['PATH', 'BULKHEAD_TOOLS', 'KUBEBUILDER_ASSETS', 'CI'] as const;
  const withoutPrograms = <T>(environment: Readonly<Record<string, string>>, body: () => T): T => {
    const before = lookups.map((name) => [name, process.env[name]] as const);
    for (const name of lookups) delete process.env[name];
    Object.assign(process.env, environment);
    try {
      return body();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  };

  it('skips the suite by name', () => {
    const { skip } = withoutPrograms({}, () => provenBy('etcd'));
    assert.match(String(skip), /^etcd not found; install etcd and kube-apiserver with setup-envtest/);
  });

  it('is a failure in CI', () => {
    assert.throws(() => withoutPrograms({ CI: 'true' }, () => provenBy('etcd')), /etcd not found/);
  });

  it('is none in CI where it is OpenTofu alone, which another program stands in for', () => {
    const { skip } = withoutPrograms({ CI: 'true' }, () => provenBy('tofu'));
    assert.match(String(skip), /^tofu not found/);
    assert.throws(() => withoutPrograms({ CI: 'true' }, () => provenBy('tofu', 'etcd')), /etcd not found/);
  });
});
