import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformPods, type PlatformPod } from '../../src/catalog/platform-requests.ts';

type Part = PlatformPod['when'];

function total(
  placement: PlatformPod['placement'],
  parts: readonly Part[],
): [cpuMillis: number, memoryMiB: number] {
  const pods = platformPods().filter((pod) => pod.placement === placement && parts.includes(pod.when));
  let [cpuMillis, memoryMiB] = [0, 0];
  for (const pod of pods) {
    cpuMillis += pod.cpuMillis * (pod.replicas ?? 1);
    memoryMiB += pod.memoryMiB * (pod.replicas ?? 1);
  }
  return [cpuMillis, memoryMiB];
}

describe('platform requests', () => {
  it('add up to what public clusters show', () => {
    assert.deepEqual(total('system', ['always']), [772, 506]);
    assert.deepEqual(total('each-node', ['always']), [270, 226]);
  });

  it('add Container Insights at the most it may ask for', () => {
    const parts: Part[] = ['always', 'container-insights'];
    const [systemCpu, systemMemory] = total('system', parts);
    const [nodeCpu, nodeMemory] = total('each-node', parts);
    assert.deepEqual([nodeCpu, nodeMemory], [520, 876]);
    assert.deepEqual([systemCpu + nodeCpu, systemMemory + nodeMemory], [1442, 1632]);
  });

  it('add the Cilium agent and Crossplane as their charts come', () => {
    assert.deepEqual(total('each-node', ['cilium']), [100, 10]);
    assert.deepEqual(total('system', ['crossplane']), [200, 512]);
  });

  it('say how many pods there are, and who counted them when', () => {
    for (const pod of platformPods()) {
      assert.equal(pod.replicas === undefined, pod.placement === 'each-node', pod.name);
      assert.match(pod.date, /^20\d\d-\d\d-\d\d$/);
      assert.notEqual(pod.source, '');
    }
  });
});
