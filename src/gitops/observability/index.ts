import type { ComponentId, Platform } from '../../model/platform.ts';
import type { Manifest } from '../manifest.ts';
import { type Dashboard, dashboardConfigMap } from './dashboard.ts';
import { deployments } from './dashboards/deployments.ts';
import { fleet } from './dashboards/fleet.ts';
import { mesh } from './dashboards/mesh.ts';
import { secrets } from './dashboards/secrets.ts';
import { spot } from './dashboards/spot.ts';
import { prometheusRule } from './prometheus-rules.ts';

/** Whether the fleet has a Prometheus of its own, with rules and dashboards to give it. */
export function hasObservability({ fleet: { observability }, clusters }: Platform): boolean {
  return observability.stack === 'self' && clusters.some(({ role }) => role === 'mgmt');
}

/** What Prometheus and Grafana on mgmt read, by file name. */
export function observabilityFiles(platform: Platform): readonly (readonly [string, Manifest])[] {
  return [
    ['alert-rules.yaml', prometheusRule(platform)],
    ...dashboards(platform).map((dashboard): readonly [string, Manifest] => [
      `dashboard-${dashboard.id}.yaml`,
      dashboardConfigMap(dashboard),
    ]),
  ];
}

/** The dashboards that have something to show. */
function dashboards({ clusters }: Platform): readonly Dashboard[] {
  const runs = (id: ComponentId): boolean =>
    clusters.some(({ components }) => components.some((component) => component.id === id));
  const hasMesh = clusters.some((cluster) => cluster.mesh && cluster.mesh.peers.length > 0);
  return [
    fleet,
    spot,
    ...(hasMesh ? [mesh] : []),
    ...(runs('external-secrets') ? [secrets] : []),
    ...(runs('argo-cd') ? [deployments] : []),
  ];
}
