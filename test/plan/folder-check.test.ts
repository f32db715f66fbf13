import assert from 'node:assert/strict';
import test from 'node:test';
import type { Finding } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import type { FolderLoad } from '../../src/plan/folder-check.ts';
import { othersOf } from '../../src/plan/other-evidence.ts';
import { type Plan, planFleet, planWithoutFleet } from '../../src/plan/plan.ts';
import { filesBelow, type Files, replaced } from '../contract/gitops/tree-under-test.ts';

const atlas = filesBelow('corpus/trees/atlas/production');
const TREE = 'out/production';
const APP1 = 'bootstrap/app1/cilium.values.yaml';
const STORE = 'gitops/secret-store/cluster-secret-store.yaml';

function load(kind: FolderLoad['kind'], folder: string, files: Files): FolderLoad {
  return { kind, folder, files, findings: [] };
}

function planOf(
  folders: readonly FolderLoad[],
  fleet?: string,
  environments: readonly Environment[] = ['production'],
): Plan {
  const inputs = { environments, today: '2026-11-22', priceBook: builtInPriceBook };
  const checkOthers = othersOf({ folders });
  if (fleet === undefined) return planWithoutFleet(checkOthers, inputs);
  const bytes = new TextEncoder().encode(fleet);
  return planFleet(loadFleetFile('fleet.yaml', bytes), { ...inputs, checkOthers });
}

const fleetFile = filesBelow('examples/atlas').get('fleet.yaml')!;

function lineOf({ severity, id, span, message }: Finding): string {
  return `${severity} ${id} ${span?.file}:${span?.start.line}: ${message}`;
}

function errors({ findings }: Plan): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(lineOf);
}

function verdict(plan: Plan, id: string, column = 0): string | undefined {
  return plan.evidence?.[column]?.contract.results.find(({ invariant }) => invariant.id === id)?.verdict;
}

test('the tree of a fleet is held against its file, and fits it', () => {
  const plan = planOf([load('gitops', TREE, atlas)], fleetFile);
  assert.deepEqual(errors(plan), []);
  assert.equal(plan.evidence?.[0]?.title, 'GitOps, production');
  for (const id of [
    'workload-identity-is-wired',
    'cilium-pool-is-the-pod-range',
    'priority-expander-prefers-spot',
    'mesh-peers-are-let-in',
  ]) {
    assert.equal(verdict(plan, id), 'held', id);
  }
});

test('a binding of the tree gives a team no more than the file does', () => {
  const id = 'teams-stay-in-their-namespaces';
  const group = '22222222-2222-2222-2222-222222222222';
  const teams = `${fleetFile}teams: { sales: { group: ${group}, workloads: [storefront], clusters: [app1] } }\n`;
  const binding = (namespace: string): Files =>
    new Map([
      ...atlas,
      [
        'gitops/binding.yaml',
        `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: sales, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
subjects: [{ kind: Group, name: ${group} }]
`,
      ],
    ]);
  assert.deepEqual(errors(planOf([load('gitops', TREE, binding('cart'))], teams)), [
    `error ${id} ${TREE}/gitops/binding.yaml:3:` +
      ' the team sales has the role edit in cart, a namespace that it was not given',
  ]);
  // The file alone says that the group is a team's and which namespaces are its own.
  assert.deepEqual(errors(planOf([load('gitops', TREE, binding('cart'))])), []);
});

test('without the file, what only Azure knows is undetermined', () => {
  const plan = planOf([load('gitops', TREE, atlas)]);
  assert.deepEqual(errors(plan), []);
  for (const id of ['workload-identity-is-wired', 'cilium-pool-is-the-pod-range', 'mesh-peers-are-let-in']) {
    assert.equal(verdict(plan, id), 'undetermined', id);
  }
  // What nothing in the tree could decide is no finding about a place in it.
  assert.ok(plan.findings.every(({ path, span }) => path.length > 0 && span?.file.startsWith(`${TREE}/`)));
});

test('an account that the tree renames is one that no credential trusts', () => {
  const files = replaced(atlas, STORE, 'name: eso-kv', 'name: eso-key');
  const lines = errors(planOf([load('gitops', TREE, files)], fleetFile));
  assert.ok(
    lines.includes(
      `error workload-identity-is-wired ${TREE}/${STORE}:20: no federated credential trusts ` +
        'system:serviceaccount:external-secrets:eso-key of app1',
    ),
    lines.join('\n'),
  );
});

test('a range of Cilium that AKS does not know is shown in both files', () => {
  const files = replaced(atlas, APP1, '10.202.0.0/16', '10.212.0.0/16');
  const plan = planOf([load('gitops', TREE, files)], fleetFile);
  assert.deepEqual(errors(plan), [
    `error cilium-pool-is-the-pod-range ${TREE}/${APP1}:15: Cilium on app1 takes pods from 10.212.0.0/16, AKS ` +
      'knows 10.202.0.0/16',
  ]);
  const finding = plan.findings.find(({ id }) => id === 'cilium-pool-is-the-pod-range');
  assert.equal(finding?.related?.[0]?.span?.file, 'fleet.yaml');
});

test('a tree of one environment is not held against another', () => {
  const files = replaced(atlas, APP1, '10.202.0.0/16', '10.212.0.0/16');
  assert.deepEqual(errors(planOf([load('gitops', TREE, files)], fleetFile, ['demo'])).length > 0, true);
  const both = planOf([load('gitops', TREE, files)], fleetFile, ['demo', 'production']);
  assert.equal(both.evidence?.[0]?.environment, 'production');
});

test('a tree and a snapshot speak of the same clusters', () => {
  const orchard = filesBelow('test/fixtures/gitops/orchard');
  const live = filesBelow('test/fixtures/live/orchard');
  const loads = (files: Files) => [load('gitops', 'tree', files), load('live', 'dump', live)];
  const plan = planOf(loads(orchard));
  assert.deepEqual(errors(plan), []);
  assert.deepEqual(
    plan.evidence?.map(({ title }) => title),
    ['GitOps, production', 'live, production'],
  );
  // Nobody asked Azure for the third cluster, nor for its credentials.
  assert.equal(verdict(plan, 'workload-identity-is-wired'), 'undetermined');
  assert.equal(verdict(plan, 'workload-identity-is-wired', 1), 'held');
  const EAST = 'clusters/east/network/values.yaml';
  const drifted = planOf(loads(replaced(orchard, EAST, '10.222.0.0/16', '10.229.0.0/16')));
  assert.deepEqual(errors(drifted), [
    `error cilium-pool-is-the-pod-range tree/${EAST}:7: Cilium on east takes pods from 10.229.0.0/16, AKS ` +
      'knows 10.222.0.0/16',
  ]);
});

test('what cannot be read is told, and the rest is judged', () => {
  const files = new Map([...atlas, ['gitops/broken.yaml', 'a: [']]);
  const plan = planOf([
    {
      ...load('gitops', `${TREE}/`, files),
      findings: [{ id: 'objects/left-out', severity: 'warning', message: 'x', path: [], file: 'large.yaml' }],
    },
  ]);
  assert.deepEqual(
    plan.findings
      .filter(({ id }) => id.startsWith('objects/'))
      .map(({ id, file, span }) => `${id} ${file} ${span?.file}`),
    [
      `objects/left-out ${TREE}/large.yaml undefined`,
      `objects/unreadable ${TREE}/gitops/broken.yaml ${TREE}/gitops/broken.yaml`,
    ],
  );
});
