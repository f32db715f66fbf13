import type { HealthAlert } from './alert.ts';

export function clusterUnavailable(cluster: string): HealthAlert {
  return {
    kind: 'health',
    id: 'cluster-unavailable',
    cluster,
    description:
      'Azure says that the cluster is unavailable: its API server or its core services do not answer.',
    severity: 1,
    watches: 'clusters',
    current: ['Unavailable'],
    reasons: ['PlatformInitiated', 'Unknown'],
    why: "Azure's own view of the control plane, which is free. Degraded would tell of every Spot node that goes.",
    source: 'learn.microsoft.com, service-health/resource-health-checks-resource-types',
  };
}
