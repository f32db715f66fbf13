import type { Path } from '../base/finding.ts';
import { compareText } from '../base/order.ts';
import type { Fleet, Workload } from '../fleet/fleet.ts';
import { isMeshed, peersOf } from './nsg-rules.ts';

/** One workload of the fleet calls another one. */
export type Call = {
  readonly from: Workload;
  readonly to: Workload;
  /** The list of the file that says so; the caller's own where both ends do. */
  readonly path: Path;
};

const callsByFleet = new WeakMap<Fleet, readonly Call[]>();

/** Every call between workloads, once, by the names of both. Names of no workload are left out. */
export function callsOf(fleet: Fleet): readonly Call[] {
  // Asked for each cluster and each workload: kept, as a fleet never changes.
  const known = callsByFleet.get(fleet) ?? findCalls(fleet);
  callsByFleet.set(fleet, known);
  return known;
}

function findCalls({ workloads }: Fleet): readonly Call[] {
  const byName = new Map(workloads.map((workload) => [workload.name, workload]));
  const calls = new Map<string, Call>();
  const add = (from: Workload | undefined, to: Workload | undefined, path: Path): void => {
    if (from && to) calls.set(`${from.name} ${to.name}`, { from, to, path });
  };
  for (const to of workloads) {
    for (const name of to.callers) add(byName.get(name), to, ['workloads', to.name, 'callers']);
  }
  for (const from of workloads) {
    for (const destination of from.reaches) {
      if (destination.kind !== 'workload') continue;
      add(from, byName.get(destination.name), ['workloads', from.name, 'reaches']);
    }
  }
  return [...calls].toSorted(([a], [b]) => compareText(a, b)).map(([, call]) => call);
}

/**
 * The clusters whose pods answer what calls a workload from a cluster. Its Service is global where somebody
 * needs it from a cluster without it; then every peer's pods stand behind it, own ones first.
 */
export function answeringFrom(fleet: Fleet, cluster: string, callee: Workload): readonly string[] {
  const isShared = isGlobal(fleet, callee);
  return callee.clusters.filter(
    (other) => other === cluster || (isShared && areMeshed(fleet, cluster, other)),
  );
}

/** Whether a workload is called over the mesh: from a cluster that does not run it and has a peer that does. */
export function isGlobal(fleet: Fleet, callee: Workload): boolean {
  return callsOf(fleet).some(
    ({ from, to }) =>
      to === callee &&
      from.clusters.some(
        (cluster) =>
          !callee.clusters.includes(cluster) &&
          callee.clusters.some((other) => areMeshed(fleet, cluster, other)),
      ),
  );
}

/** The workloads that are called from a cluster and answer in others alone, by name. */
export function calledElsewhere(fleet: Fleet, cluster: string): readonly Workload[] {
  const called = callsOf(fleet)
    .filter(({ from, to }) => from.clusters.includes(cluster) && !to.clusters.includes(cluster))
    .map(({ to }) => to);
  return [...new Set(called)].filter((callee) => answeringFrom(fleet, cluster, callee).length > 0);
}

function areMeshed(fleet: Fleet, a: string, b: string): boolean {
  return isMeshed(fleet, a) && peersOf(fleet, a).includes(b);
}
