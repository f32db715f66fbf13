import type { StepError } from '../../base/step-error.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { clusterRoot } from '../roots.ts';
import type { Run } from '../run.ts';
import type { Step, StepContext, StepResult } from '../step.ts';
import { writeClusterCa } from './ca-secret.ts';
import { applyChart } from './chart.ts';
import { awaitMeshAddress } from './mesh-address.ts';
import { awaitNodes } from './nodes.ts';
import { awaitNothing, refusalOf } from './wait.ts';

/** The agents on every node: the network is theirs. */
const CILIUM = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  name: 'cilium',
  namespace: 'kube-system',
} as const;

/** One part of the bootstrap of a cluster, without what it needs: each comes after the one before. */
type Part = {
  readonly name: string;
  readonly title: string;
  /** Steps elsewhere that must have succeeded too. */
  readonly needs: readonly string[];
  readonly run: (context: StepContext) => Promise<StepResult>;
};

/**
 * What a cluster needs between Terraform and Argo CD: access, and with Cilium the CA of the mesh, the network, nodes
 * that are ready and the address that the peers know.
 */
export function bootstrapSteps(run: Run, cluster: ClusterPlan): readonly Step[] {
  const all = parts(run, cluster);
  return all.map(({ name, title, needs, run: bring }, index): Step => ({
    id: stepId(cluster, name),
    phase: 'bootstrap',
    title: `${title} ${cluster.name}`,
    cluster: cluster.name,
    after: [index === 0 ? clusterRoot(cluster.name) : stepId(cluster, all[index - 1]!.name), ...needs],
    run: bring,
  }));
}

/** The step after which Argo CD can work on the cluster. */
export function bootstrapped(run: Run, cluster: ClusterPlan): string {
  return stepId(cluster, parts(run, cluster).at(-1)!.name);
}

function parts(run: Run, cluster: ClusterPlan): readonly Part[] {
  const { mesh, components } = cluster;
  const part = (name: string, title: string, bring: Part['run'], needs: readonly string[] = []): Part => ({
    name,
    title,
    needs,
    run: bring,
  });
  const cilium = { component: 'cilium', values: {}, heart: CILIUM } as const;
  return [
    part('access', 'Access to', (context) => awaitAccess(run, cluster, context)),
    ...(mesh
      ? [part('mesh-ca', 'Mesh CA on', (context) => writeClusterCa(run, cluster, context), ['mesh-ca'])]
      : []),
    ...(components.some(({ id }) => id === 'cilium')
      ? [part('cilium', 'Cilium on', (context) => applyChart(run, cluster, cilium, context))]
      : []),
    part('nodes', 'Nodes of', (context) => awaitNodes(run, cluster, context)),
    ...(mesh && mesh.peers.length > 0
      ? [
          part('mesh-address', 'Mesh address of', (context) =>
            awaitMeshAddress(run, cluster, mesh.address, context),
          ),
        ]
      : []),
  ];
}

/** Waits until the API server is up and its role for the signed-in person has arrived: minutes after Terraform gave it. */
async function awaitAccess(run: Run, cluster: ClusterPlan, context: StepContext): Promise<StepResult> {
  const { signal } = context;
  let isAdmin = false;
  const lack = async (): Promise<string | StepError | undefined> => {
    const ask = async (): Promise<void> => {
      isAdmin = await (await run.world.kube(cluster.name, signal)).isAdmin(signal);
    };
    const refusal = await refusalOf(ask, signal);
    return refusal ?? (isAdmin ? undefined : 'the role has not arrived yet');
  };
  const wait = {
    unmet: `${cluster.name} does not let you in`,
    minutes: 5,
    everySeconds: 10,
    advice:
      'be a member of a group that the fleet file names as admins, at an address within its operators, and run the ' +
      'same command again',
  };
  await awaitNothing(lack, wait, run.world.clock, context);
  return { isChanged: false, note: 'allowed' };
}

function stepId({ name }: ClusterPlan, part: string): string {
  return `bootstrap/${name}/${part}`;
}
