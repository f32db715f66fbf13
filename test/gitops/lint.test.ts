import assert from 'node:assert/strict';
import test from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { forEachPlatform, type Loose, objectsOf } from './any-platform.ts';
import { chartPods, examplePlatforms, probesOf, securityOf, valueAt } from './chart-pods.ts';

/** A container as Kubernetes will see it, whoever wrote it down. */
type Container = {
  /** `<pod>/<container>`, or `workload/container` for every workload of the fleet file. */
  readonly name: string;
  /** Neither an init container nor one of a Job: somebody waits for its answers. */
  readonly serves: boolean;
  readonly resources: Loose;
  /** The pod's and its own, together. */
  readonly security: Loose;
  readonly probes: readonly string[];
};

const RULES = {
  requests: ({ resources }) => Boolean(resources?.requests?.cpu && resources.requests.memory),
  'memory limit': ({ resources }) => Boolean(resources?.limits?.memory),
  probe: ({ serves, probes }) => !serves || probes.length > 0,
  'non-root user': ({ security }) => security.runAsNonRoot === true,
  'read-only root': ({ security }) => security.readOnlyRootFilesystem === true,
  'no new privileges': ({ security }) => security.allowPrivilegeEscalation === false && !security.privileged,
  'no capabilities': ({ security }) =>
    security.capabilities?.drop?.includes('ALL') && !security.capabilities.add?.length,
  'seccomp profile': ({ security }) => security.seccompProfile?.type === 'RuntimeDefault',
} satisfies Record<string, (container: Container) => boolean>;

type Rule = keyof typeof RULES;

type Exception = { readonly containers: RegExp; readonly rules: readonly Rule[]; readonly why: string };

/** Reviewed one by one. What is not in here holds for every container of every fleet. */
const EXCEPTIONS: readonly Exception[] = [
  {
    containers: /^cilium-agent\//,
    rules: ['non-root user', 'read-only root', 'no new privileges', 'no capabilities', 'seccomp profile'],
    why: 'it is the network of the node: it loads eBPF programs, mounts file systems and writes CNI files there',
  },
  {
    containers: /^cilium-operator\//,
    rules: ['non-root user', 'read-only root'],
    why:
      'its image names no user, and its diagnostic agent must write a port file below /home/gops or the ' +
      'operator does not start; neither was tried, and without it no node gets a network',
  },
  {
    containers: /^clustermesh-apiserver\//,
    rules: ['read-only root'],
    why: 'the same diagnostic agent, in the folder that its image names; not tried',
  },
  {
    containers: /^clustermesh-apiserver\/etcd$/,
    rules: ['probe'],
    why: 'the chart has no key for one; the two containers beside it are ready only while they reach it',
  },
  {
    containers: /-generate-certs\/certgen$/,
    rules: ['non-root user', 'read-only root'],
    why: 'the chart has no key for it; a Job of seconds without capabilities or new privileges',
  },
  {
    containers: /^grafana\/grafana-sc-dashboard$/,
    rules: ['probe'],
    why: 'it answers nobody: it copies ConfigMaps to a folder, and ends when it cannot',
  },
];

function complaints(platform: Platform): string[] {
  return [...chartContainers(platform), ...ownContainers(platform)].flatMap((container) =>
    (Object.keys(RULES) as Rule[])
      .filter((rule) => !RULES[rule](container))
      .map((rule) => `${container.name}: ${rule}`),
  );
}

function chartContainers(platform: Platform): Container[] {
  return chartPods(platform).flatMap((pod) =>
    pod.workload.containers.map((container) => ({
      name: `${pod.planned.name}/${container.name}`,
      serves: !container.init && pod.workload.kind !== 'Job',
      resources: valueAt(pod.values, container.resources),
      security: securityOf(pod, container),
      probes: probesOf(pod, container),
    })),
  );
}

/** Containers of whatever the tree holds as plain objects, found by their shape, so that no kind is forgotten. */
function ownContainers(platform: Platform): Container[] {
  return objectsOf(platform).flatMap(({ object }) =>
    podSpecsIn(object).flatMap((spec) =>
      [...(spec.initContainers ?? []), ...spec.containers].map((container: Loose) => ({
        name: `workload/${object.kind}`,
        serves: spec.containers.includes(container) && !object.kind.endsWith('Job'),
        resources: container.resources,
        security: { ...spec.securityContext, ...container.securityContext },
        probes: ['startupProbe', 'livenessProbe', 'readinessProbe'].filter((probe) => container[probe]),
      })),
    ),
  );
}

function podSpecsIn(value: Loose): Loose[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value.containers) ? [value] : Object.values(value).flatMap(podSpecsIn);
}

function isExcepted(complaint: string): boolean {
  const [name, rule] = complaint.split(': ');
  return EXCEPTIONS.some(
    ({ containers, rules }) => containers.test(name!) && (rules as readonly string[]).includes(rule!),
  );
}

test('no workload lacks requests, a memory limit, a probe, a non-root user or a read-only root', () => {
  for (const { name, platform } of examplePlatforms()) {
    assert.deepEqual(
      complaints(platform).filter((each) => !isExcepted(each)),
      [],
      name,
    );
  }
  forEachPlatform((platform) =>
    assert.deepEqual(
      complaints(platform).filter((each) => !isExcepted(each)),
      [],
    ),
  );
});

test('every exception is still needed, and none of them is about requests or memory', () => {
  const { platform } = examplePlatforms()[0]!;
  const seen = complaints(platform);
  for (const { containers, rules } of EXCEPTIONS) {
    for (const rule of rules) {
      const needed = seen.some((each) => containers.test(each.split(': ')[0]!) && each.endsWith(`: ${rule}`));
      assert.ok(needed, `${containers} no longer needs to be excepted from: ${rule}`);
    }
    assert.ok(!rules.includes('requests') && !rules.includes('memory limit'));
  }
});

test('the lint sees a container that lacks everything', () => {
  const bare = { name: 'x', serves: true, resources: undefined, security: {}, probes: [] };
  assert.deepEqual(
    Object.values(RULES).filter((rule) => rule(bare)),
    [],
  );
});
