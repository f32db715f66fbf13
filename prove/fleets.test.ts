import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkContract } from '../src/contract/check.ts';
import { evidenceFromPlatform } from '../src/contract/evidence-from-platform.ts';
import { invariants } from '../src/contract/invariants/index.ts';
import { builtInPriceBook } from '../src/catalog/price-book.ts';
import { environments } from '../src/fleet/fleet.ts';
import type { Platform } from '../src/model/platform.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { type FleetData, platformOf } from '../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { listCrds, loadCrds } from './support/crds.ts';
import { temporaryFolder } from './support/processes.ts';
import { applyObject, type KubernetesObject } from './support/server-side-apply.ts';
import { openTerraform, terraformFmtCheck } from './support/terraform.ts';
import { exampleFleets, randomFleets, seed } from './support/example-fleets.ts';
import { objectsIn } from './support/tree-objects.ts';
import { pathOf, provenBy } from './support/tools.ts';

type Subject = { readonly name: string; readonly data: FleetData };
type Rendered = { readonly name: string; readonly files: ReadonlyMap<string, string> };

const examples: Subject[] = [...exampleFleets].map(([name, data]) => ({ name, data }));
const random: Subject[] = randomFleets(40).map((data, index) => ({ name: `random-${index}`, data }));
console.log(`fleets: ${examples.length} examples and ${random.length} random ones, BULKHEAD_SEED=${seed}`);

const rendered: Rendered[] = [...examples, ...random].flatMap(({ name, data }) =>
  environments.map((environment) => {
    const platform = platformOf(data, environment);
    assertSound(`${name}/${environment}`, platform);
    return { name: `${name}/${environment}`, files: synthesize(platform) };
  }),
);

/** A fleet that the contract refuses proves nothing about what is synthesised from it. */
function assertSound(name: string, platform: Platform): void {
  const prices = builtInPriceBook(platform.fleet.region);
  const { findings } = checkContract(
    invariants,
    evidenceFromPlatform(platform),
    { prices },
    { list: [], today: '2026-01-01' },
  );
  const errors = findings.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ id, message }) => `${id}: ${message}`),
    [],
    `${name} breaks its contract`,
  );
}

describe('Terraform takes every root', provenBy('terraform', 'azurerm'), () => {
  const temporary = temporaryFolder('fleets');
  const folder = temporary.path;
  after(() => temporary.remove());
  before(() => {
    for (const { name, files } of rendered) {
      for (const [path, content] of files) {
        if (!path.startsWith('terraform/')) continue;
        const target = join(folder, name, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    }
  });

  test('every file is formatted as terraform fmt would', async () => {
    assert.equal(await terraformFmtCheck(folder), '');
  });

  test('every root is valid to azurerm', async () => {
    const terraform = openTerraform();
    try {
      const roots = rootsBelow(folder);
      const verdicts = await Promise.all(
        roots.map(async (root) => ({ root, diagnostics: await terraform.validate(root) })),
      );
      const refused = verdicts.filter(({ diagnostics }) => diagnostics.length > 0);
      assert.deepEqual(
        refused.map(({ root, diagnostics }) => [root.slice(folder.length + 1), diagnostics]),
        [],
      );
      console.log(`azurerm ${terraform.azurermVersion()} took ${roots.length} roots`);
    } finally {
      await terraform.stop();
    }
  });
});

function rootsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('versions.tf'))
    .map((path) => join(folder, dirname(path)))
    .toSorted();
}

describe('a real API server takes every object', provenBy('kube-apiserver', 'etcd', 'crds'), () => {
  let server: ApiServer;
  before(async () => {
    server = await startApiServer();
    await loadCrds(server, listCrdFolder());
  });
  after(() => server?.stop());

  test('by server-side apply with strict field validation', async () => {
    const seen = new Set<string>();
    const refused: string[] = [];
    let count = 0;
    for (const { name, files } of rendered) {
      for (const [path, content] of files) {
        for (const object of objectsOf(path, content)) {
          const key = JSON.stringify(object);
          if (seen.has(key)) continue;
          seen.add(key);
          count += 1;
          const answer = await applyObject(server, object, {
            fieldManager: 'argocd-controller',
            force: true,
            dryRun: true,
          });
          if (!answer.ok)
            refused.push(`${name}/${path} ${object.kind}/${object.metadata.name}: ${answer.message}`);
        }
      }
    }
    assert.deepEqual(refused, []);
    assert.ok(count > 0);
    console.log(`the API server took ${count} different objects`);
  });
});

function listCrdFolder(): string {
  const folder = pathOf('crds');
  assert.ok(listCrds(folder).length > 0);
  return folder;
}

/** Kubernetes objects in a YAML file of the tree; values files hold none, and kustomize reads its own on disk only. */
function objectsOf(path: string, content: string): KubernetesObject[] {
  if (!path.endsWith('.yaml') || path.endsWith('.values.yaml') || path.endsWith('/kustomization.yaml'))
    return [];
  return objectsIn(content).filter(
    (object) => typeof object?.kind === 'string' && typeof object.apiVersion === 'string',
  );
}
