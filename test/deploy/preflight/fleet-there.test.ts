import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import type { Refusal } from '../../../src/deploy/preflight/index.ts';
import { stateStoreOf } from '../../../src/deploy/state-store.ts';
import type { Git } from '../../../src/deploy/world.ts';
import {
  type Change,
  CLUSTERS,
  clustersThere,
  COMMIT,
  ids,
  platformUnderTest,
  soundRun,
  SUBSCRIPTION,
  told,
} from './sound-run.ts';

describe('Git', () => {
  const { tree } = soundRun().deployment;
  const git = (change: Partial<Git>): Change => ({
    ports: { git: { remoteRevision: async () => COMMIT, treeAt: async () => tree, ...change } },
  });
  const has = (change: (files: Map<string, string>) => void): Change => {
    const files = new Map(tree);
    change(files);
    return git({ treeAt: async () => files });
  };

  it('is compared at the commit of the revision, in the folder of the environment', async () => {
    const asked: unknown[] = [];
    const change = git({
      remoteRevision: async (repo, revision) => {
        asked.push(repo, revision);
        return COMMIT;
      },
      treeAt: async (folder, revision) => {
        asked.push(folder, revision);
        return tree;
      },
    });
    assert.deepEqual(await told(change), []);
    assert.deepEqual(asked, [
      'https://github.com/acme/platform.git',
      'main',
      '/checkout/platform/demo',
      COMMIT,
    ]);
    asked.length = 0;
    const gitops = { repo: 'https://github.com/acme/platform.git', revision: 'main' };
    // Another path changes what is planned.
    const run = soundRun({ fleet: { gitops } });
    const treeAt: Git['treeAt'] = async (folder) => {
      asked.push(folder);
      return run.deployment.tree;
    };
    await told({ fleet: { gitops }, ...git({ treeAt }) });
    assert.deepEqual(asked, ['/checkout/demo']);
  });

  it('is refused where files differ, which are named and counted', async () => {
    const paths = [...tree.keys()].filter((path) => path.startsWith('gitops/')).toSorted();
    const change = has((files) => {
      files.set(paths[0]!, 'other');
      for (const path of paths.slice(1, 7)) files.delete(path);
    });
    const [refusal, ...others] = await told(change);
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'error');
    const named = paths.slice(1, 5).map((path) => `${path} (missing)`);
    assert.equal(
      refusal!.message,
      '7 files of platform/demo at main (1a2b3c4) differ from the plan: ' +
        `${[`${paths[0]} (differs)`, ...named].join(', ')} and 2 more`,
    );
    assert.match(refusal!.advice, /bulkhead plan --out \/checkout\/platform`, commit, push to main/);
  });

  it('may have what Terraform reads otherwise, and files of people', async () => {
    const change = has((files) => {
      files.delete('terraform/README.md');
      files.set('gitops/ours/extra.yaml', 'a: 1');
      files.set('.bulkhead-manifest.json', '{"files": {"gitops/gone.yaml": "x"}}');
    });
    assert.deepEqual(await told(change), []);
    assert.deepEqual(await told(has((files) => files.set('.bulkhead-manifest.json', 'no json'))), []);
  });

  it('is refused where it keeps what an earlier plan wrote', async () => {
    const change = has((files) => {
      files.set('gitops/gone.yaml', 'a: 1');
      files.set('.bulkhead-manifest.json', '{"files": {"gitops/gone.yaml": "x"}}');
    });
    const [refusal] = await told(change);
    assert.match(refusal!.message, /^1 file of .*: gitops\/gone\.yaml \(no longer planned\)$/);
  });

  it('is refused where revision, folder or commit are missing', async () => {
    const stale = new StepError('the checkout has no commit 1a2b', { advice: 'fetch it: git fetch' });
    const cases: [Partial<Git>, RegExp, RegExp][] = [
      [{ remoteRevision: async () => undefined }, /has no branch or tag main/, /bulkhead plan --out/],
      [{ treeAt: async () => undefined }, /^platform\/demo is not in Git at main/, /commit, push/],
      [{ treeAt: () => Promise.reject(stale) }, /has no commit 1a2b/, /git fetch/],
    ];
    for (const [change, message, advice] of cases) {
      const refusals = await told(git(change));
      assert.deepEqual(ids(refusals), ['error git-revision']);
      assert.match(refusals[0]!.message, message);
      assert.match(refusals[0]!.advice, advice);
    }
  });

  it('is a warning where nobody can look', async () => {
    const unread = git({ remoteRevision: () => Promise.reject(new StepError('cannot be read')) });
    assert.deepEqual(ids(await told(unread)), ['warning git-revision']);
    const refusals = await told({ deployment: { checkout: undefined as never } });
    assert.deepEqual(ids(refusals), ['warning git-revision']);
    assert.match(refusals[0]!.message, /no checkout of it was named/);
  });
});

describe('clusters that are there', () => {
  const platform = platformUnderTest();
  const state = async (properties: object): Promise<readonly Refusal[]> => {
    const refusals = await told({
      answers: { [CLUSTERS]: clustersThere(platform, { properties }).slice(1, 2) },
    });
    return refusals.filter(({ id }) => id === 'cluster-state');
  };

  it('are refused where they take no change', async () => {
    const [stopped] = await state({ powerState: { code: 'Stopped' } });
    assert.equal(stopped!.severity, 'error');
    assert.match(stopped!.message, /^the cluster app1 \(\S+\) is stopped, and takes no change$/);
    assert.match(stopped!.advice, /^wake it first: az aks start --resource-group \S+ --name \S+$/);
    for (const provisioningState of ['Deleting', 'Stopping']) {
      const [refusal] = await state({ provisioningState });
      assert.equal(refusal!.severity, 'error', provisioningState);
    }
  });

  it('are told of where something is at work, or has failed', async () => {
    const waking = await state({ powerState: { code: 'Stopped' }, provisioningState: 'Starting' });
    assert.deepEqual(ids(waking), ['warning cluster-state']);
    for (const provisioningState of ['Creating', 'Updating', 'Upgrading', 'Failed', 'Canceled']) {
      const [refusal, ...others] = await state({ provisioningState });
      assert.deepEqual(others, []);
      assert.equal(refusal!.severity, 'warning', provisioningState);
      assert.match(refusal!.message, new RegExp(provisioningState));
    }
    assert.deepEqual(await state({}), []);
  });
});

describe('a cluster that the file no longer names', () => {
  const [first, ...rest] = clustersThere(platformUnderTest()) as readonly { readonly id: string }[];
  const tags = { fleet: 'atlas', environment: 'demo', cluster: 'app9' };
  const stranger = { ...first!, id: `${first!.id}9`, name: 'aks-atlas-demo-app9' };

  it('is refused, with the command that takes it down', async () => {
    const [refusal, ...others] = await told({
      answers: { [CLUSTERS]: [first, ...rest, { ...stranger, tags }] },
    });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'error');
    assert.match(refusal!.message, /^app9 is in Azure and no longer in the fleet file$/);
    assert.match(refusal!.advice, /bulkhead down --clusters app9 -e demo;/);
  });

  it("is nobody's affair in another fleet or environment", async () => {
    for (const other of [{ ...tags, fleet: 'borealis' }, { ...tags, environment: 'production' }, {}]) {
      const answers = { [CLUSTERS]: [first, ...rest, { ...stranger, tags: other }] };
      assert.deepEqual(await told({ answers }), []);
    }
  });
});

describe('states on this machine', () => {
  it('are refused where Azure has some', async () => {
    const deployment = { stateStore: { kind: 'local' as const } };
    assert.deepEqual(await told({ deployment }), []);
    const { names } = platformUnderTest();
    const { account, container, resourceGroup } = stateStoreOf(names, SUBSCRIPTION);
    const store = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${account}`;
    const answers = { [`GET ${store}/blobServices/default/containers/${container}`]: {} };
    assert.deepEqual(ids(await told({ deployment, answers })), ['error state-place']);
  });
});

describe('private API servers', () => {
  const fleet = { network: { cni: 'cilium', clusterMesh: true, apiServer: 'private' } };
  const there = { [CLUSTERS]: clustersThere(platformUnderTest({ fleet })) };
  const kube = { isAdmin: async () => false };

  it('are told of before there is one', async () => {
    const [refusal, ...others] = await told({ fleet });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'warning');
    assert.match(refusal!.message, /will be private: nobody reaches them from outside vnet-atlas-demo$/);
  });

  it('are silent where all answer', async () => {
    assert.deepEqual(await told({ fleet, answers: there, ports: { kube: async () => kube as never } }), []);
  });

  it('are told of where one does not answer in time', async () => {
    const [refusal, ...others] = await told({
      fleet,
      answers: there,
      ports: {
        kube: (cluster, signal) =>
          cluster === 'app1'
            ? new Promise((_, reject) => {
                signal.addEventListener('abort', () => reject(new StepError('stopped')));
              })
            : Promise.resolve(kube as never),
      },
    });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'error');
    assert.match(refusal!.message, /^the private API server of app1 did not answer here within 10 s$/);
  });

  it('are not asked while Azure still makes them', async () => {
    const creating = clustersThere(platformUnderTest({ fleet }), {
      properties: { provisioningState: 'Creating' },
    });
    const refusals = await told({ fleet, answers: { [CLUSTERS]: creating } });
    assert.ok(ids(refusals).includes('warning private-api-server'));
    assert.ok(!ids(refusals).includes('error private-api-server'));
  });
});

describe('a keeper that the file no longer has', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-atlas-demo/providers`;
  const kinds = ['Microsoft.ContainerInstance/containerGroups', 'Microsoft.App/jobs'];
  const answers = kinds.map((kind) => ({ [`GET ${group}/${kind}/keeper-atlas-demo`]: {} }));

  it('stands in the way while it runs, whatever it runs in', async () => {
    for (const there of answers) {
      const [refusal, ...others] = await told({ fleet: { keeper: { run: 'none' } }, answers: there });
      assert.deepEqual(others, []);
      assert.deepEqual(ids([refusal!]), ['error forgotten-keeper']);
      assert.match(refusal!.advice, /bulkhead down --keeper -e demo; then take it out$/);
    }
  });

  it('is nothing where Azure knows nothing of what it would run in', async () => {
    const unregistered = new StepError(
      'reading was refused (409 MissingSubscriptionRegistration): register first',
    );
    const answers = { [`GET ${group}/${kinds[1]}/keeper-atlas-demo`]: unregistered };
    assert.deepEqual(await told({ fleet: { keeper: { run: 'none' } }, answers }), []);
  });

  it('is nothing where it is gone, or where the file has it', async () => {
    assert.deepEqual(await told({ fleet: { keeper: { run: 'none' } } }), []);
    for (const there of answers) assert.deepEqual(await told({ answers: there }), []);
  });
});
