import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, said, verdictOf } from './fleet-under-test.ts';

type Part = 'clusters' | 'nodePools' | 'peers' | 'ranges' | 'securityRules' | 'tokenUsers';

/** The evidence with one property taken from every item of a part. */
function without(evidence: Evidence, part: Part, property: string): Evidence {
  const items = evidence[part]!.map((item) => ({ ...item, [property]: undefined }));
  return { ...evidence, [part]: items } as Evidence;
}

function isUndetermined(id: string, evidence: Evidence, message: RegExp): void {
  assert.equal(verdictOf(id, evidence), 'undetermined', id);
  assert.match(said(id, evidence).join('\n'), message, id);
}

test('who is in a mesh, and with whom, is asked before it is said that something is cut off', () => {
  const evidence = evidenceOf();
  const id = 'dependencies-are-peered';
  isUndetermined(id, without(evidence, 'clusters', 'isMeshed'), /whether app1 and mgmt are peers in a mesh/);
  isUndetermined(id, without(evidence, 'clusters', 'cni'), /whether app1 and mgmt are peers in a mesh/);
  isUndetermined(id, without(evidence, 'clusters', 'name'), /whether app1 and mgmt are peers in a mesh/);
  isUndetermined(id, without(evidence, 'peers', 'pair'), /whether app1 and mgmt are peers in a mesh/);
  isUndetermined(
    'mesh-peers-are-let-in',
    without(evidence, 'clusters', 'isMeshed'),
    /whether mgmt and app1 are in a mesh/,
  );
  isUndetermined(
    'only-peers-are-let-in',
    without(evidence, 'peers', 'pair'),
    /whether app1 is a peer of mgmt/,
  );
});

test('names that are not said could be the ones that are missed', () => {
  const workloads = { shop: { clusters: ['app9'], image: 'shop:1' } };
  const evidence = evidenceOf({ workloads, network: { peers: [['mgmt', 'app9']] } });
  const nameless = without(evidence, 'clusters', 'name');
  isUndetermined('peers-name-clusters', nameless, /whether a cluster is called "mgmt"/);
  isUndetermined('workloads-name-clusters', nameless, /whether a cluster is called "app9"/);
  const roleless = without(
    evidenceOf({ workloads: { shop: { clusters: ['app1'], image: 'x' } } }),
    'clusters',
    'role',
  );
  isUndetermined('workloads-name-clusters', roleless, /does not say role/);
  isUndetermined('system-pool-is-regular', without(evidence, 'clusters', 'name'), /does not say name/);
});

test('a range that does not say what it is for could be any', () => {
  const evidence = evidenceOf({ network: { vnet: ['10.0.0.0/12'] } });
  for (const id of [
    'node-subnet-holds-the-nodes',
    'only-peers-are-let-in',
    'pods-and-cluster-ips-outside-the-vnet',
    'subnets-lie-in-the-vnet',
    'subnet-is-of-a-cluster',
    'ranges-are-disjoint',
    'ranges-avoid-reserved',
    'services-subnet-is-big-enough',
  ]) {
    isUndetermined(id, without(evidence, 'ranges', 'use'), /does not say use/);
  }
  isUndetermined(
    'mesh-peers-are-let-in',
    without(evidence, 'ranges', 'range'),
    /whether the security rules of/,
  );
});

test('a pool that does not say whose it is could be of any cluster', () => {
  const workloads = { shop: { clusters: ['app1'], image: 'shop:1', critical: true } };
  const evidence = without(evidenceOf({ workloads }, 'production'), 'nodePools', 'cluster');
  isUndetermined('node-subnet-holds-the-nodes', evidence, /how many nodes mgmt may have/);
  isUndetermined('pod-range-holds-the-nodes', evidence, /how many nodes and pods mgmt may have/);
  isUndetermined('critical-needs-on-demand', evidence, /whether shop has On-Demand nodes/);
  isUndetermined('spot-has-two-families', evidence, /does not say cluster/);
  isUndetermined('spot-has-on-demand-fallback', evidence, /does not say cluster/);
  isUndetermined('system-pool-is-regular', evidence, /does not say cluster/);
});

test('a pool that does not say what it runs on could be Spot', () => {
  const evidence = without(evidenceOf(), 'nodePools', 'capacityType');
  isUndetermined('spot-price-limit', evidence, /does not say capacityType/);
  const live = evidenceOf({ live: true });
  isUndetermined('demo-user-pools-are-spot', without(live, 'nodePools', 'role'), /does not say role/);
});

test('a row that does not say which subnet it is of could be in any', () => {
  const evidence = without(evidenceOf(), 'securityRules', 'subnet');
  for (const id of [
    'only-peers-are-let-in',
    'subnets-deny-by-default',
    'load-balancer-probes-are-let-in',
    'security-rule-priorities',
    'mesh-peers-are-let-in',
  ]) {
    assert.equal(verdictOf(id, evidence), 'undetermined', id);
  }
});

test('one address decides, and it is not said whether the mesh takes it', () => {
  // Eight Spot nodes, one system node that an upgrade doubles: ten of the eleven addresses, or all.
  const network = { subnets: { app1: '10.1.0.0/28' } };
  const clusters = { app1: { user: { nodes: '0..4' }, system: { nodes: 2 } } };
  const evidence = evidenceOf({ network, clusters });
  assert.equal(verdictOf('node-subnet-holds-the-nodes', evidence), 'broken');
  isUndetermined(
    'node-subnet-holds-the-nodes',
    without(evidence, 'clusters', 'isMeshed'),
    /whether app1 needs an address for the mesh/,
  );
});

test('a ServiceAccount that is not fully known could be the one that a credential trusts', () => {
  isUndetermined(
    'workload-identity-is-wired',
    without(evidenceOf(), 'tokenUsers', 'cluster'),
    /whether system:serviceaccount:external-secrets:eso-kv of mgmt asks for a token/,
  );
});
