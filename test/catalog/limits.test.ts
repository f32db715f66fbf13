import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCidr } from '../../src/base/cidr.ts';
import {
  clusterLimits,
  identityLimits,
  meshLimits,
  networkLimits,
  nodePoolLimits,
  sharedServiceLimits,
  systemPoolLimits,
} from '../../src/catalog/limits.ts';

const GROUPS = [
  clusterLimits,
  identityLimits,
  meshLimits,
  networkLimits,
  nodePoolLimits,
  sharedServiceLimits,
  systemPoolLimits,
];

describe('limits', () => {
  it('all name their source', () => {
    for (const group of GROUPS) {
      for (const [name, { source }] of Object.entries(group)) assert.ok(source.length > 10, name);
    }
  });

  it('hold the documented numbers', () => {
    assert.deepEqual([nodePoolLimits.maxPods.min, nodePoolLimits.maxPods.max], [10, 250]);
    assert.equal(nodePoolLimits.osDiskGiB.min, 30);
    assert.equal(nodePoolLimits.spotMaxPrice.decimals, 5);
    assert.equal(identityLimits.federatedCredentials.maxPerIdentity, 20);
    assert.equal(clusterLimits.authorizedIpRanges.max, 200);
    assert.deepEqual([meshLimits.clusterId.min, meshLimits.clusterId.max], [1, 255]);
    const { min, max } = sharedServiceLimits.logRetentionDays;
    assert.deepEqual([min, max], [30, 730]);
    assert.deepEqual(clusterLimits.forbiddenRanges.ranges.map(formatCidr), [
      '169.254.0.0/16',
      '172.30.0.0/16',
      '172.31.0.0/16',
      '192.0.2.0/24',
    ]);
  });

  it('accept and refuse names as Azure does', () => {
    const accepted: [RegExp, string][] = [
      [nodePoolLimits.name.pattern, 'spotd2sv3'],
      [nodePoolLimits.name.pattern, 'a23456789012'],
      [sharedServiceLimits.vaultName.pattern, 'kv-atlas-demo-0a1b2c'],
      [sharedServiceLimits.registryName.pattern, 'acrAtlas01'],
      [meshLimits.clusterName.pattern, 'app-1'],
      [identityLimits.federatedCredentialName.pattern, 'eso_app1-kv'],
    ];
    const refused: [RegExp, string][] = [
      [nodePoolLimits.name.pattern, 'a234567890123'],
      [nodePoolLimits.name.pattern, '1spot'],
      [nodePoolLimits.name.pattern, 'spot-d2s'],
      [sharedServiceLimits.vaultName.pattern, 'kv'],
      [sharedServiceLimits.vaultName.pattern, '1vault'],
      [sharedServiceLimits.vaultName.pattern, 'v'.repeat(25)],
      [sharedServiceLimits.registryName.pattern, 'acr-1'],
      [sharedServiceLimits.registryName.pattern, 'acr1'],
      [meshLimits.clusterName.pattern, 'App1'],
      [meshLimits.clusterName.pattern, 'a'.repeat(33)],
      [identityLimits.federatedCredentialName.pattern, 'ab'],
    ];
    for (const [pattern, name] of accepted) assert.match(name, pattern);
    for (const [pattern, name] of refused) assert.doesNotMatch(name, pattern);
  });
});
