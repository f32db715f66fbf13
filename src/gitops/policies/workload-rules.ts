import { INTERNET } from '../../fleet/destination.ts';
import type { Workload } from '../../fleet/fleet.ts';
import { answeringFrom, callsOf } from '../../model/calls.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { answers, asks, between, everyPod, type Pods, podsNamed, type Rule, tcp } from './rule.ts';

/** What the fleet file opens for workloads that run on the cluster, and what teams have between their own pods. */
export function workloadRules(
  platform: Platform,
  cluster: ClusterPlan,
  teamNamespaces: readonly string[],
): readonly Rule[] {
  return [
    ...callRules(platform, cluster),
    ...cluster.workloads.flatMap(outsideRules),
    ...teamNamespaces.flatMap((name) =>
      between(
        everyPod(name),
        everyPod(name),
        [],
        "A team's own pods, among each other. What needs more is a workload of the fleet file.",
      ),
    ),
  ];
}

/** Each end of a call has its own rule: they may stand in different clusters. */
function callRules({ fleet, clusters }: Platform, cluster: ClusterPlan): readonly Rule[] {
  const places = (names: readonly string[]): readonly string[] =>
    clusters.map(({ name }) => name).filter((name) => names.includes(name));
  return callsOf(fleet).flatMap(({ from, to }): Rule[] => {
    const port = tcp(to.port);
    const why = `${from.name} calls ${to.name}, says the fleet file.`;
    const isCaller = cluster.workloads.includes(from);
    const answering = isCaller ? places(answeringFrom(fleet, cluster.name, to)) : [];
    const calling = cluster.workloads.includes(to)
      ? places(from.clusters).filter((other) => answeringFrom(fleet, other, to).includes(cluster.name))
      : [];
    return [
      ...(answering.length > 0 ? [asks(podsOf(from), podsOf(to, answering), port, why)] : []),
      ...(calling.length > 0 ? [answers(podsOf(to), podsOf(from, calling), port, why)] : []),
    ];
  });
}

function outsideRules(workload: Workload): readonly Rule[] {
  const pods = podsOf(workload);
  return [
    ...(workload.callers.includes(INTERNET)
      ? [
          answers(
            pods,
            { kind: 'outside' },
            tcp(workload.port),
            'The fleet file lets the internet call it. What a load balancer passes on may bear the address of a node.',
          ),
        ]
      : []),
    ...workload.reaches.flatMap((destination): Rule[] => {
      if (destination.kind === 'workload') return [];
      const why = 'The fleet file says that it calls this.';
      const port = tcp(destination.port);
      return destination.kind === 'host'
        ? [asks(pods, { kind: 'hosts', hosts: [destination.host] }, port, why)]
        : [asks(pods, { kind: 'ranges', ranges: [destination.range] }, port, why)];
    }),
  ];
}

function podsOf({ name }: Workload, clusters?: readonly string[]): Pods {
  return podsNamed(name, name, clusters);
}
