import type { Fleet } from '../../fleet/fleet.ts';
import type { LogAlert } from './alert.ts';

const WINDOW_MINUTES = 30;

const FAILURES: Readonly<Record<Fleet['secrets']['sync'], readonly string[]>> = {
  'external-secrets': [
    '| where ObjectKind in ("ExternalSecret", "SecretStore", "ClusterSecretStore")',
    '| where Reason in ("UpdateFailed", "InvalidProviderConfig")',
  ],
  csi: [
    '| where ObjectKind == "Pod"',
    '| where Reason in ("MountRotationFailed", "SecretRotationFailed")',
    '    or (Reason == "FailedMount" and Message has "secrets store objects")',
  ],
};

const SOURCES: Readonly<Record<Fleet['secrets']['sync'], string>> = {
  'external-secrets': 'github.com/external-secrets/external-secrets v2.9.0, externalsecret_controller.go',
  csi: 'github.com/kubernetes-sigs/secrets-store-csi-driver, pkg/rotation/reconciler.go',
};

export function secretsNotSynced(sync: Fleet['secrets']['sync']): LogAlert {
  return {
    kind: 'log',
    id: 'secrets-not-synced',
    description: 'A secret does not come from Key Vault, more than once: what is there stays as it was (C5).',
    severity: 2,
    watches: 'clusters',
    query: [
      'KubeEvents',
      `| where LastSeen > ago(${WINDOW_MINUTES}m)`,
      ...FAILURES[sync],
      '| summarize Failures = sum(Count) by ClusterName, ObjectKind, Namespace, Name',
      '| where Failures > 1',
    ].join('\n'),
    tables: ['KubeEvents'],
    splitBy: 'ClusterName',
    rowsAbove: 0,
    frequencyMinutes: 15,
    windowMinutes: WINDOW_MINUTES,
    rangeMinutes: 1440,
    why:
      'Each recurrence of an event is a record with a higher count, but under the time of the first: LastSeen tells ' +
      'whether it goes on. A single failure is retried at once.',
    source: `${SOURCES[sync]}; github.com/microsoft/Docker-Provider, in_kube_events.rb`,
  };
}
