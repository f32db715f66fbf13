import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '../../../src/contract/evidence.ts';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { filesBelow, hold, verdictsOf } from './tree-under-test.ts';

/** Parts that objects and charts fill. */
const PARTS = [
  'podSets',
  'nodeChoices',
  'storedSecrets',
  'externalSecretObjects',
  'webhooks',
  'applicationSets',
  'applications',
  'ciliums',
  'expanders',
  'globalServices',
  'secretSyncs',
  'clusters',
  'workloads',
  'tokenUsers',
] as const;

type Part = (typeof PARTS)[number];

/** The evidence with one property taken from the items of one part: from all of them, the first, or the last. */
function* incomplete(evidence: Evidence): Iterable<readonly [what: string, less: Evidence]> {
  for (const part of PARTS) {
    const items: readonly object[] = evidence[part] ?? [];
    const properties = new Set(items.flatMap((item) => Object.keys(item)));
    for (const property of properties) {
      if (property === 'path' || property === 'places') continue;
      for (const index of new Set([undefined, 0, items.length - 1])) {
        const rest = items.map((item, position) => {
          if (index !== undefined && index !== position) return item;
          return Object.fromEntries(Object.entries(item).filter(([key]) => key !== property));
        });
        yield [`${part}[${index ?? '*'}].${property}`, { ...evidence, [part]: rest } as Evidence];
      }
    }
  }
}

/** The orchard with a fault of every invariant of its own, so that each has something to take back. */
function faulty(): Evidence {
  const { evidence } = evidenceFromTree(filesBelow('test/fixtures/gitops/orchard'), 'production');
  const all = <P extends Part>(part: P, change: object): object[] =>
    (evidence[part] as readonly object[]).map((item) => ({ ...item, ...change }));
  const peers = evidence.ciliums!.map(({ cluster, peers: own }) => ({
    peers: cluster === 'hub' ? own!.slice(1) : own,
  }));
  const network = {
    maxConnectedClusters: 100,
    generatesCa: true,
    hubbleCertificates: 'helm',
    replacesKubeProxy: true,
    operatorToleratesSystem: false,
    podRanges: [],
  };
  const pods = {
    isPlatform: false,
    isCritical: true,
    replicas: 3,
    toleratesSpot: true,
    spotChoice: 'none',
    graceSeconds: 60,
    spreadOver: [],
    containersWithoutRequests: ['x'],
    budgets: [],
  };
  return {
    ...evidence,
    ciliums: all('ciliums', network).map((item, index) => ({ ...item, ...peers[index] })),
    podSets: all('podSets', pods),
    nodeChoices: all('nodeChoices', { key: 'scalesetpriority' }),
    storedSecrets: [{ path: ['a.yaml', 0], name: 'Secret a', keys: ['x'] }],
    externalSecretObjects: all('externalSecretObjects', {
      apiVersion: 'external-secrets.io/v1beta1',
      isAzureStore: true,
      authType: 'ServicePrincipal',
    }),
    webhooks: all('webhooks', { failurePolicy: 'Fail', replicas: 1 }),
    applicationSets: all('applicationSets', {
      applicationsSync: 'sync',
      preservesResources: false,
      stopsOnMissingKey: false,
    }),
    applications: all('applications', { prunes: true, isNetwork: true }),
    expanders: all('expanders', {
      levels: [
        { priority: 1, patterns: ['spot'] },
        { priority: 2, patterns: ['.*'] },
      ],
    }),
    globalServices: all('globalServices', { shares: false }),
    secretSyncs: all('secretSyncs', { creationPolicy: 'Owner', isPruned: true, deletionPolicy: 'Delete' }),
  } as unknown as Evidence;
}

test('a fact that is missing breaks nothing that holds', () => {
  const { evidence } = evidenceFromTree(filesBelow('test/fixtures/gitops/orchard'), 'production');
  const before = new Set(hold(evidence).map(({ id, severity }) => `${id} ${severity}`));
  for (const [what, less] of incomplete(evidence)) {
    const added = hold(less).filter(
      ({ id, severity, isUndetermined }) => !isUndetermined && !before.has(`${id} ${severity}`),
    );
    assert.deepEqual(
      added.map(({ id, message }) => `${id} ${message}`),
      [],
      `without ${what}`,
    );
  }
});

test('a fact that is missing makes nothing hold that is broken', () => {
  const evidence = faulty();
  const before = verdictsOf(evidence);
  const brokenIds = [...before].filter(([, verdict]) => verdict === 'broken').map(([id]) => id);
  assert.ok(brokenIds.length >= 20, brokenIds.join(' '));
  for (const [what, less] of incomplete(evidence)) {
    const after = verdictsOf(less);
    for (const id of brokenIds) assert.notEqual(after.get(id), 'held', `${id} without ${what}`);
  }
});

test('a part that is missing leaves what needs it undetermined', () => {
  const { evidence } = evidenceFromTree(filesBelow('test/fixtures/gitops/orchard'), 'production');
  const before = verdictsOf(evidence);
  for (const part of PARTS) {
    const { [part]: _, ...rest } = evidence;
    const after = verdictsOf(rest as Evidence);
    for (const [id, verdict] of after) {
      if (verdict === 'broken') assert.equal(before.get(id), 'broken', `${id} without ${part}`);
      if (verdict === 'held') assert.equal(before.get(id), 'held', `${id} without ${part}`);
    }
  }
});
