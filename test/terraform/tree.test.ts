import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { synthesizeTerraform } from '../../src/terraform/tree.ts';
import { anyFleet, shuffledKeys } from '../support/any-fleet.ts';
import { type FleetData, atlas, fleetWithApps, platformOf } from '../support/fleets.ts';
import { type WrittenRoot, rootsOf } from './read-hcl.ts';

const environments = ['demo', 'production'] as const;

const everyRoot = (check: (root: WrittenRoot) => void): void => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom(...environments), (data, environment) => {
      for (const root of rootsOf(data, environment).values()) check(root);
    }),
    { numRuns: 15 },
  );
};

/** What a text refers to, outside comments and quoted text that is no reference. */
function references(text: string, pattern: RegExp): Set<string> {
  const code = text.replaceAll(/^ *#.*$/gm, '');
  return new Set([...code.matchAll(pattern)].map((match) => match[1]!));
}

test('a fleet has a foundation, a root for each cluster, and a keeper where a schedule needs one', () => {
  assert.deepEqual(
    [...rootsOf(atlas()).keys()],
    ['foundation', 'clusters/mgmt', 'clusters/app1', 'clusters/app2', 'keeper'],
  );
  assert.ok(!rootsOf(atlas({ keeper: { run: 'none' } })).has('keeper'));
});

test('a resource is found in the file of its subject', () => {
  const files = (path: string): string[] => [...rootsOf(atlas()).get(path)!.files.keys()];
  assert.deepEqual(files('foundation'), [
    'versions.tf',
    'providers.tf',
    'variables.tf',
    'fleet.auto.tfvars.json',
    'backend.tf',
    'locals.tf',
    'groups.tf',
    'network.tf',
    'security.tf',
    'egress.tf',
    'vault.tf',
    'registry.tf',
    'identities.tf',
    'logs.tf',
    'alerts.tf',
    'budget.tf',
    'outputs.tf',
    'tests/network.tftest.hcl',
    'tests/vault.tftest.hcl',
    'tests/identities.tftest.hcl',
    'README.md',
  ]);
  assert.deepEqual(files('clusters/app1'), [
    'versions.tf',
    'providers.tf',
    'variables.tf',
    'fleet.auto.tfvars.json',
    'backend.tf',
    'locals.tf',
    'cluster.tf',
    'pools.tf',
    'access.tf',
    'identities.tf',
    'logs.tf',
    'alerts.tf',
    'outputs.tf',
    'tests/access.tftest.hcl',
    'tests/pools.tftest.hcl',
    'README.md',
  ]);
});

test("a root's README names every file that holds something, every input and every output", () => {
  everyRoot(({ path, files, blocks }) => {
    const readme = files.get('README.md')!;
    const named = new Set(blocks.filter(({ type }) => type === 'resource').map(({ file }) => file));
    for (const file of named) assert.ok(readme.includes(`| \`${file}\` |`), `${path}: ${file}`);
    for (const { type, labels } of blocks) {
      if (type !== 'variable' && type !== 'output') continue;
      assert.ok(readme.includes(`| \`${labels[0]}\` |`), `${path}: ${type} ${labels[0]}`);
    }
  });
});

test('each root keeps a state of its own', () => {
  const keys = [...rootsOf(atlas()).values()].map(
    ({ files }) => /key = "(.*)"/.exec(files.get('backend.tf')!)?.[1],
  );
  assert.deepEqual(keys, [
    'atlas/demo/foundation.tfstate',
    'atlas/demo/clusters/mgmt.tfstate',
    'atlas/demo/clusters/app1.tfstate',
    'atlas/demo/clusters/app2.tfstate',
    'atlas/demo/keeper.tfstate',
  ]);
});

test('the fleet file fills the variables that it knows, and no other file fills them', () => {
  const values = (data: FleetData, path: string): Record<string, unknown> =>
    JSON.parse(rootsOf(data).get(path)?.files.get('fleet.auto.tfvars.json') ?? '{}');
  assert.deepEqual(values(atlas(), 'clusters/app1'), {
    subscription_id: '00000000-0000-0000-0000-000000000000',
    tenant_id: '00000000-0000-0000-0000-000000000000',
    admin_group_ids: ['11111111-1111-1111-1111-111111111111'],
    operator_ip_ranges: ['203.0.113.0/24'],
  });
  const withoutAzure = { ...atlas(), azure: {} };
  assert.ok(!('subscription_id' in values(withoutAzure, 'foundation')));
  assert.deepEqual(values(withoutAzure, 'keeper'), {});
  const readme = synthesizeTerraform(platformOf(withoutAzure)).get('README.md')!;
  assert.match(readme, /`subscription_id` \(`foundation`, `clusters\/\*`, `keeper`\)/);
});

test('property: no address is taken twice, and every reference leads somewhere within its root', () => {
  everyRoot(({ path, blocks, files }) => {
    const addresses = blocks.filter(({ type }) => type === 'resource').map(({ labels }) => labels.join('.'));
    assert.equal(new Set(addresses).size, addresses.length, path);
    const text = [...files].flatMap(([file, content]) => (file.endsWith('.tf') ? [content] : [])).join('\n');
    for (const address of references(text, /\b(azurerm_[a-z0-9_]+\.[a-z0-9_]+)/g)) {
      assert.ok(addresses.includes(address), `${path}: ${address}`);
    }
    const declared = blocks.filter(({ type }) => type === 'variable').map(({ labels }) => labels[0]!);
    assert.deepEqual([...references(text, /\bvar\.([a-z_]+)/g)].toSorted(), declared.toSorted(), path);
    const locals = [...files.get('locals.tf')!.matchAll(/^  ([a-z_]+) +=/gm)].map((match) => match[1]!);
    assert.deepEqual([...references(text, /\blocal\.([a-z_]+)/g)].toSorted(), locals.toSorted(), path);
  });
});

test('property: values are given to declared variables alone', () => {
  everyRoot(({ files, blocks }) => {
    const declared = new Set(blocks.filter(({ type }) => type === 'variable').map(({ labels }) => labels[0]));
    const values = JSON.parse(files.get('fleet.auto.tfvars.json') ?? '{}') as object;
    for (const name of Object.keys(values)) assert.ok(declared.has(name), name);
  });
});

test('property: nothing looks like a secret, and no key is asked for', () => {
  everyRoot(({ files }) => {
    for (const text of files.values()) {
      assert.doesNotMatch(text, /(password|client_secret|shared_key|access_key|sas_token|workspace_key) +=/);
      assert.doesNotMatch(text, /BEGIN [A-Z ]*PRIVATE KEY|AccountKey=|[A-Za-z0-9+/]{40,}={1,2}/);
      assert.doesNotMatch(text, /provider "(helm|kubernetes|tls)"/);
    }
  });
});

test('property: the same fleet gives the same bytes, in whatever order its keys stand', () => {
  const written = (data: FleetData): string => JSON.stringify([...synthesizeTerraform(platformOf(data))]);
  fc.assert(
    fc.property(anyFleet, fc.nat(996), (data, seed) => {
      assert.equal(written(shuffledKeys(data, seed) as FleetData), written(data));
    }),
    { numRuns: 10 },
  );
});

test('a cluster more is a root more, and leaves the roots of the others as they were', () => {
  const few = synthesizeTerraform(platformOf(fleetWithApps(3)));
  const more = synthesizeTerraform(platformOf(fleetWithApps(4)));
  const inRoot = (tree: typeof few, root: string): [string, string][] =>
    [...tree].filter(([path]) => path.startsWith(`${root}/`));
  assert.equal(more.size - few.size, inRoot(more, 'clusters/app4').length);
  for (const name of ['app1', 'app2', 'app3']) {
    assert.deepEqual(inRoot(more, `clusters/${name}`), inRoot(few, `clusters/${name}`));
  }
});
