import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  aksVersions,
  aksVersionsProvenance,
  aksVersionStatus,
  defaultAksVersion,
  isPastEndOfLife,
} from '../../src/catalog/aks-versions.ts';

describe('AKS versions', () => {
  it('are the three minors of 2026-08 with their ends', () => {
    assert.deepEqual(aksVersions(), [
      { minor: '1.34', endOfLife: '2026-11' },
      { minor: '1.35', endOfLife: '2027-03' },
      { minor: '1.36', endOfLife: '2027-06' },
    ]);
  });

  it('default to a supported one', () => {
    assert.equal(defaultAksVersion(), '1.35');
    assert.equal(aksVersionStatus(defaultAksVersion()), 'supported');
  });

  it('tell supported from LTS-only and from what is not known', () => {
    const status = {
      '1.36.3': 'supported',
      '1.34': 'supported',
      '1.33': 'lts-only',
      '1.9': 'lts-only',
    } as const;
    for (const [version, expected] of Object.entries(status))
      assert.equal(aksVersionStatus(version), expected);
    for (const version of ['1.37', '2.0', '1.035', 'latest', '1.35-rc1']) {
      assert.equal(aksVersionStatus(version), 'unknown', version);
    }
  });

  it('end with their month, not before', () => {
    assert.equal(isPastEndOfLife('1.35.2', '2027-03'), false);
    assert.equal(isPastEndOfLife('1.35.2', '2027-04'), true);
    assert.equal(isPastEndOfLife('1.99', '2030-01'), false);
  });

  it('say when they were read', () => {
    assert.equal(aksVersionsProvenance().date, '2026-08-21');
    assert.match(aksVersionsProvenance().source, /supported-kubernetes-versions/);
  });
});
