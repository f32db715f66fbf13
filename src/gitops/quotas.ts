import { formatCpu, formatMemory } from '../base/quantity.ts';
import type { Workload } from '../fleet/fleet.ts';
import { type Resources, roomOn } from '../model/fit.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import { KEPT, type Manifest } from './manifest.ts';
import { closedNamespaces } from './policies/namespaces.ts';
import { because, type Yaml } from './yaml.ts';

/** What a container of a team's own gets that asks for nothing. An assumption: enough for a shell, too little to matter. */
const UNASKED: Resources = { cpuMillis: 100, memoryMiB: 128 };

type Share = {
  readonly namespace: string;
  readonly pods: number;
  /** What they may ask for together; undefined where nothing is known to derive it from. */
  readonly room: Resources | undefined;
  /** What a container gets that asks for nothing. */
  readonly unasked: Resources;
  readonly why: string;
};

/**
 * How much each namespace of workloads and teams may take of its cluster. They share nodes, and who may write in a
 * namespace could fill them all; *RBAC Writer* of Azure may read these objects and not change them. They stay as long as
 * the namespace does, which Argo CD deletes never.
 */
export function quotas(platform: Platform, cluster: ClusterPlan): readonly Manifest[] {
  const ofTeams = closedNamespaces(platform, cluster).filter(({ use }) => use === 'team');
  const shares = [
    ...cluster.workloads.map(shareOfWorkload),
    ...ofTeams.map(({ name }) => shareOfTeam(cluster, name)),
  ];
  return shares.flatMap((share) => [quota(share), limitRange(share)]);
}

/**
 * Twice its replicas and one: when its nodes are lost, pods that end still count until the API server forgets them,
 * next to all those that take their place; one more is the surge of a rollout.
 */
function shareOfWorkload({ name, replicas, requests }: Workload): Share {
  const pods = 2 * replicas + 1;
  return {
    namespace: name,
    pods,
    room: { cpuMillis: pods * requests.cpuMillis, memoryMiB: pods * requests.memoryMiB },
    unasked: requests,
    why: `Room to replace all ${replicas} pods at once, while the old ones still count, and for one of a rollout.`,
  };
}

/** One node: what a team tries out costs one more at most, whatever it asks for. */
function shareOfTeam(cluster: ClusterPlan, namespace: string): Share {
  const pool = cluster.pools.find(({ use }) => use === 'preferred');
  return {
    namespace,
    pods: pool?.maxPods ?? 0,
    room: pool && roomOn({ vmSize: pool.vmSize, nodes: 1, maxPods: pool.maxPods }),
    unasked: UNASKED,
    why: `What a node of ${pool?.vmSize ?? 'the cluster'} gives to pods: what is tried out here costs one more at most.`,
  };
}

function quota({ namespace, pods, room, why }: Share): Manifest {
  const hard: Yaml = {
    pods: String(pods),
    ...(room
      ? {
          'requests.cpu': formatCpu(room.cpuMillis),
          'requests.memory': formatMemory(room.memoryMiB),
          'limits.memory': formatMemory(room.memoryMiB),
        }
      : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'share', namespace, annotations: KEPT },
    spec: { hard: because(why, hard) },
  };
}

/** With a quota the API server refuses a container that asks for nothing: this asks in its place. No CPU limit. */
function limitRange({ namespace, unasked }: Share): Manifest {
  const memory = formatMemory(unasked.memoryMiB);
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'unasked', namespace, annotations: KEPT },
    spec: {
      limits: [
        {
          type: 'Container',
          defaultRequest: { cpu: formatCpu(unasked.cpuMillis), memory },
          default: { memory },
        },
      ],
    },
  };
}
