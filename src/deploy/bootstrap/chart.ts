import { chart } from '../../catalog/charts.ts';
import { valuesFile } from '../../gitops/component-sets.ts';
import type { ClusterPlan, ComponentId } from '../../model/platform.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { KubeRef } from '../world.ts';
import { applyObjects, isTracked } from './objects.ts';

/** A chart of a cluster that has to run before Argo CD can keep it. */
export type BootstrapChart = {
  readonly component: ComponentId;
  /** Values that only the running fleet gives. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What the chart is there for: once Argo CD keeps this, the chart is Argo CD's. */
  readonly heart: KubeRef;
};

/**
 * Renders a chart with the very values file that its Application goes on using and applies it as Argo CD would. Once
 * Argo CD has taken it over nothing is rendered: it may be at a newer revision than we are. What is lost is put back
 * even then where its heart is, since Argo CD itself may stand on it.
 */
export async function applyChart(
  run: Run,
  cluster: ClusterPlan,
  { component, values, heart }: BootstrapChart,
  context: StepContext,
): Promise<StepResult> {
  const { world, deployment } = run;
  const kube = await world.kube(cluster.name, context.signal);
  const there = await kube.get(heart, context.signal);
  if (there && isTracked(there)) return { isChanged: false, note: 'Argo CD keeps it' };
  const { release, namespace, repo, version } = chart(component);
  context.report(`rendering ${component} ${version}`);
  const objects = await world.helm.template(
    {
      release,
      namespace,
      name: component,
      repo,
      version,
      valuesFiles: [`${deployment.folder}/bootstrap/${cluster.name}/${valuesFile(component)}`],
      values,
      kubernetesVersion: cluster.kubernetesVersion,
      // None beside what Helm takes for granted: the kinds that charts look for are the monitoring stack's, which the
      // values leave out until Argo CD has brought it.
      apiVersions: [],
    },
    context.signal,
  );
  const result = await applyObjects({ kube, clock: world.clock }, objects, {}, context);
  return { ...result, note: `${component} ${version}: ${result.note}` };
}
