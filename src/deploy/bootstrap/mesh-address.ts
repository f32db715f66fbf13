import { StepError } from '../../base/step-error.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { KubeObject } from '../world.ts';
import { awaitNothing } from './wait.ts';

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  name: 'clustermesh-apiserver',
  namespace: 'kube-system',
} as const;

/** Waits until the cluster's end of the mesh is where its peers look for it. Throws a StepError where it is elsewhere. */
export async function awaitMeshAddress(
  run: Run,
  cluster: ClusterPlan,
  planned: string,
  context: StepContext,
): Promise<StepResult> {
  const kube = await run.world.kube(cluster.name, context.signal);
  let addresses: readonly string[] = [];
  const lack = async (): Promise<string | undefined> => {
    const service = await kube.get(SERVICE, context.signal);
    if (!service) return `there is no Service ${SERVICE.name}`;
    addresses = addressesOf(service);
    return addresses.length === 0 ? 'Azure has given its load balancer no address' : undefined;
  };
  const wait = {
    unmet: `the mesh of ${cluster.name} has no address`,
    minutes: 10,
    everySeconds: 5,
    advice:
      `read the events of Service ${SERVICE.name} in ${SERVICE.namespace} on ${cluster.name}: Azure says there why it ` +
      `does not give ${planned}`,
  };
  await awaitNothing(lack, wait, run.world.clock, context);
  if (!addresses.includes(planned)) {
    throw new StepError(
      `the mesh of ${cluster.name} is at ${addresses.join(', ')}, and its peers look for it at ${planned}`,
      {
        advice:
          `see what holds ${planned} in the subnet ${cluster.subnet}, and free it; then delete the Service ` +
          `${SERVICE.name} in ${SERVICE.namespace} and run the same command again`,
      },
    );
  }
  return { isChanged: false, note: planned };
}

function addressesOf({ status }: KubeObject): readonly string[] {
  const { loadBalancer } = (status ?? {}) as {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  };
  return (loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}
