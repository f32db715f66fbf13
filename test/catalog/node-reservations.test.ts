import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allocatable } from '../../src/catalog/node-reservations.ts';
import { vmSize } from '../../src/catalog/vm-sizes.ts';

const D2S = { vcpus: 2, memoryGiB: 8 };
const D4S = { vcpus: 4, memoryGiB: 16 };

describe('node reservations', () => {
  it('leave what the worked table says', () => {
    const memory = (size: typeof D2S) => [30, 60, 110, 250].map((pods) => allocatable(size, pods).memoryMiB);
    assert.deepEqual(memory(D2S), [7442, 6842, 6044, 6044]);
    assert.deepEqual(memory(D4S), [15634, 15034, 14034, 12188]);
    assert.equal(allocatable(D2S, 60).cpuMillis, 1900);
    assert.equal(allocatable(D4S, 60).cpuMillis, 3860);
    assert.deepEqual(allocatable(vmSize('Standard_D2s_v3')!, 60), allocatable(D2S, 60));
  });

  it('reserve CPU as documented for each number of cores', () => {
    const documented = { 1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740 };
    for (const [cores, reserved] of Object.entries(documented)) {
      const vcpus = Number(cores);
      assert.equal(
        vcpus * 1000 - allocatable({ vcpus, memoryGiB: 4 * vcpus }, 30).cpuMillis,
        reserved,
        cores,
      );
    }
  });

  it('count on no more memory than a real node has shown', () => {
    const { usableMemoryMiB } = allocatable(D2S, 110);
    assert.equal(usableMemoryMiB, 5741);
    assert.ok(usableMemoryMiB <= Math.floor(5_927_350 / 1024));
  });

  it('never give more for more pods, nor less for a larger node', () => {
    const cores = fc.integer({ min: 1, max: 128 });
    const pods = fc.integer({ min: 10, max: 250 });
    fc.assert(
      fc.property(cores, cores, pods, pods, (vcpus, memoryGiB, maxPods, morePods) => {
        const here = allocatable({ vcpus, memoryGiB }, maxPods);
        const crowded = allocatable({ vcpus, memoryGiB }, Math.max(maxPods, morePods));
        const larger = allocatable({ vcpus: vcpus + 1, memoryGiB: memoryGiB + 1 }, maxPods);
        assert.ok(crowded.memoryMiB <= here.memoryMiB);
        assert.ok(larger.memoryMiB > here.memoryMiB && larger.cpuMillis > here.cpuMillis);
        assert.ok(here.usableMemoryMiB < here.memoryMiB && here.usableMemoryMiB > 0);
      }),
    );
  });
});
