import assert from 'node:assert/strict';
import test from 'node:test';
import { parseCpuMillis, parseMemoryMiB } from '../../../src/base/quantity.ts';
import { chartFacts, INSTALLED_CHARTS } from '../../../src/catalog/chart-facts.ts';
import {
  containerOf,
  containersOf,
  podRequest,
  podRequests,
  type PodName,
} from '../../../src/model/container-requests.ts';
import { forEachPlatform } from '../any-platform.ts';
import { chartPods, valueAt } from '../chart-pods.ts';

const workloads = INSTALLED_CHARTS.flatMap((name) => chartFacts(name).workloads);

test('the table has every container of every pod of the charts, and no other', () => {
  const inTable = podRequests().flatMap(({ pod }) =>
    containersOf(pod).map(({ name, init }) => `${pod} ${name} ${init}`),
  );
  const inCharts = workloads.flatMap(({ pod, containers }) =>
    containers.map(({ name, init = false }) => `${pod} ${name} ${init}`),
  );
  assert.deepEqual(inTable.toSorted(), inCharts.toSorted());
});

test('every number says where it comes from', () => {
  for (const { basis } of podRequests()) assert.match(basis, /assumed|the chart suggests/);
});

test('our values give each container what the table says, so that the scheduler counts what we added up', () => {
  forEachPlatform((platform) => {
    for (const { cluster, planned, workload, values } of chartPods(platform)) {
      for (const { name, resources } of workload.containers) {
        const { requests, limits } = valueAt(values, resources);
        const { cpuMillis, memoryMiB, memoryLimitMiB } = containerOf(workload.pod as PodName, name);
        assert.deepEqual(
          [parseCpuMillis(requests.cpu), parseMemoryMiB(requests.memory), parseMemoryMiB(limits.memory)],
          [cpuMillis, memoryMiB, memoryLimitMiB],
          `${cluster.name} ${planned.name} ${name}`,
        );
        assert.deepEqual(Object.keys(limits), ['memory'], 'no CPU limit');
      }
      const { cpuMillis, memoryMiB } = planned;
      assert.deepEqual({ cpuMillis, memoryMiB }, podRequest(planned.name));
    }
  });
});

test('a limit leaves room above the request, and a pod asks for its largest init container at least', () => {
  for (const { pod } of podRequests()) {
    for (const { memoryMiB, memoryLimitMiB, cpuMillis, init } of containersOf(pod)) {
      assert.ok(memoryLimitMiB >= 4 * memoryMiB);
      if (init) assert.ok(podRequest(pod).cpuMillis >= cpuMillis && podRequest(pod).memoryMiB >= memoryMiB);
    }
  }
  assert.deepEqual(podRequest('clustermesh-apiserver'), { cpuMillis: 100, memoryMiB: 256 });
  assert.deepEqual(podRequest('cilium-agent'), { cpuMillis: 100, memoryMiB: 256 });
});
