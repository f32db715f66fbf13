import type { Environment } from '../../fleet/fleet.ts';
import type { ClusterPlan, PlannedPods } from '../../model/platform.ts';
import { copiesOf, podsOf, resourcesOf, SPREAD, SYSTEM_NODES, TOLERATES_SYSTEM } from '../placement.ts';
import { because, type YamlMap } from '../yaml.ts';

/** The chart has probes of every part, and turns off all but the readiness of two. */
const PROBED = { livenessProbe: { enabled: true } };

/** Values of the External Secrets chart (ADR-A03). */
export function externalSecretsValues(environment: Environment, cluster: ClusterPlan): YamlMap {
  const pods = (name: string): PlannedPods => podsOf(cluster, 'external-secrets', name)!;
  const controller = pods('external-secrets');
  const webhook = pods('external-secrets-webhook');
  const isPair = copiesOf(webhook) >= 2;
  return {
    global: because('On the system pool, where no eviction reaches the webhook.', {
      nodeSelector: SYSTEM_NODES,
      tolerations: [TOLERATES_SYSTEM],
      ...(isPair ? { topologySpreadConstraints: SPREAD } : {}),
    }),
    replicaCount: copiesOf(controller),
    ...(copiesOf(controller) >= 2 ? { leaderElect: true } : {}),
    resources: resourcesOf('external-secrets', 'external-secrets'),
    ...PROBED,
    readinessProbe: { enabled: true },
    ...budget(controller),
    webhook: {
      replicaCount: copiesOf(webhook),
      failurePolicy:
        environment === 'demo'
          ? because(
              'One pod: while it is away, secrets and stores can still be written and deleted.',
              'Ignore',
            )
          : because('Refuses what is malformed; two pods and a budget keep it there.', 'Fail'),
      resources: resourcesOf('external-secrets-webhook', 'webhook'),
      ...PROBED,
      ...budget(webhook),
    },
    certController: {
      resources: resourcesOf('external-secrets-cert-controller', 'cert-controller'),
      ...PROBED,
    },
    serviceMonitor: because(
      'The monitoring stack brings a monitor of its own, with the CRDs that it needs.',
      {
        enabled: false,
      },
    ),
  };
}

/** The chart sets `minAvailable: 1`; a second bound beside it would be refused. */
function budget(pods: PlannedPods): YamlMap {
  return copiesOf(pods) >= 2 ? { podDisruptionBudget: { enabled: true, minAvailable: 1 } } : {};
}
