import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultOsDiskGiB, diskTier } from '../../src/catalog/disk-tiers.ts';
import { metersIn } from '../../src/catalog/meters.ts';

describe('disk tiers', () => {
  it('are the smallest that holds the disk', () => {
    const names = [1, 32, 33, 50, 64, 128, 129, 1024].map(
      (sizeGiB) => diskTier('premium-ssd', sizeGiB)?.name,
    );
    assert.deepEqual(names, ['P4', 'P4', 'P6', 'P6', 'P6', 'P10', 'P15', 'P30']);
    assert.equal(diskTier('standard-ssd', 64)?.name, 'E6');
    assert.equal(diskTier('standard-ssd', 1025), undefined);
  });

  it('are billed by a meter of their own name', () => {
    const meters = metersIn('eastus');
    for (const kind of ['standard-ssd', 'standard-ssd-zrs', 'premium-ssd'] as const) {
      const redundancy = kind.endsWith('-zrs') ? 'ZRS' : 'LRS';
      for (const sizeGiB of [32, 64, 128, 256, 512, 1024]) {
        const tier = diskTier(kind, sizeGiB);
        assert.ok(tier);
        assert.equal(tier.sizeGiB, sizeGiB);
        assert.equal(meters[tier.meter].meterName, `${tier.name} ${redundancy} Disk`);
      }
    }
  });

  it('know the disk that AKS chooses by itself', () => {
    assert.deepEqual([2, 7, 8, 15, 16, 63, 64].map(defaultOsDiskGiB), [128, 128, 256, 256, 512, 512, 1024]);
  });
});
