import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atlas } from '../../support/fleets.ts';
import { APP1, APP2, before, fires, logAlert, MGMT } from './fleet-records.ts';

test('node-not-ready', () => {
  const alert = logAlert('node-not-ready');
  const lost = {
    TimeGenerated: before(2),
    ClusterName: APP1!,
    Computer: 'aks-user-vmss000001',
    Status: '',
    LastTransitionTimeReady: before(9),
  };
  assert.deepEqual(fires(alert, [lost]), [APP1]);
  assert.deepEqual(fires(alert, [{ ...lost, Status: 'MemoryPressure,DiskPressure' }]), [APP1]);
  assert.deepEqual(fires(alert, [lost, { ...lost, ClusterName: APP2! }]), [APP1, APP2], 'one each');
  for (const Status of ['Ready', 'MemoryPressure,Ready', 'VMEventScheduled,Ready']) {
    assert.deepEqual(fires(alert, [{ ...lost, Status }]), [], Status);
  }
  const earlier = { ...lost, TimeGenerated: before(7) };
  assert.deepEqual(fires(alert, [earlier, { ...lost, Status: 'Ready' }]), [], 'it came back');
  const joining = { ...lost, LastTransitionTimeReady: before(4) };
  assert.deepEqual(fires(alert, [joining]), [], 'two minutes old, like a node that joins');
  const reclaimed = { ...lost, TimeGenerated: before(12), LastTransitionTimeReady: before(13) };
  assert.deepEqual(fires(alert, [reclaimed]), [], 'a Spot node that is gone since');
});

test('pods-pending', () => {
  const alert = logAlert('pods-pending');
  const pod = {
    TimeGenerated: before(2),
    ClusterName: APP1!,
    Namespace: 'storefront',
    Name: 'storefront-7d9f-x2k4q',
    PodUid: '1',
    PodStatus: 'Pending',
    PodCreationTimeStamp: before(13),
  };
  assert.deepEqual(fires(alert, [pod]), [APP1]);
  assert.deepEqual(fires(alert, [{ ...pod, PodCreationTimeStamp: before(9) }]), [], 'seven minutes');
  for (const PodStatus of ['Running', 'Succeeded', 'Terminating', 'Failed']) {
    assert.deepEqual(fires(alert, [{ ...pod, PodStatus }]), [], PodStatus);
  }
  const started = { ...pod, TimeGenerated: before(1), PodStatus: 'Running' };
  assert.deepEqual(fires(alert, [{ ...pod, TimeGenerated: before(6) }, started]), []);
});

test('spot-preempt-burst', () => {
  const alert = logAlert('spot-preempt-burst');
  const notice = (node: number, change: object = {}) => ({
    TimeGenerated: before(node + 1),
    ClusterName: APP1!,
    ObjectKind: 'Node',
    Name: `aks-user-vmss00000${node}`,
    Reason: 'PreemptScheduled',
    KubeEventType: 'Warning',
    Message: 'Preempt Scheduled: Mon, 23 Nov 2026 02:58:13 GMT. DurationInSeconds: -1.',
    ...change,
  });
  const burst = (change: object = {}) => [1, 2, 3].map((node) => notice(node, change));
  assert.deepEqual(fires(alert, burst()), [APP1]);
  const ofCondition = {
    Reason: 'VMEventScheduled',
    Message: 'Node condition VMEventScheduled is now: True, message: "Preempt Scheduled: Mon, 23 Nov 2026"',
  };
  assert.deepEqual(fires(alert, burst(ofCondition)), [APP1]);
  assert.deepEqual(fires(alert, [notice(1), notice(2)]), [], 'two');
  assert.deepEqual(fires(alert, [notice(1), notice(1), notice(1), notice(2)]), [], 'two, one of them thrice');
  assert.deepEqual(fires(alert, [notice(1), notice(2), notice(3, { ClusterName: APP2! })]), [], 'apart');
  assert.deepEqual(fires(alert, [...burst({ TimeGenerated: before(31) }), notice(1)]), [], 'long ago');
  const unanswered = { Message: 'IMDS query failed, exit code: 28\nConnection timed out after 24 seconds.' };
  assert.deepEqual(fires(alert, burst(unanswered)), [], 'nodes that have just joined');
  const frozen = { Reason: 'VMEventScheduled', Message: 'message: "Freeze Scheduled: Mon, 23 Nov 2026"' };
  assert.deepEqual(fires(alert, burst(frozen)), []);
});

test('mesh-endpoint-down', () => {
  const alert = logAlert('mesh-endpoint-down');
  const pod = {
    TimeGenerated: before(3),
    ClusterName: APP1!,
    Namespace: 'kube-system',
    Name: 'clustermesh-apiserver-6c5d-abcde',
    PodUid: '1',
    PodStatus: 'Running',
    ContainerName: '1/apiserver',
    ContainerStatus: 'running',
  };
  const other = { ...pod, Name: 'cilium-x1', PodUid: '2', ContainerName: '2/cilium-agent' };
  const init = { ...pod, ContainerName: '1/etcd-init', ContainerStatus: 'terminated' };
  const crashed = { ...pod, ContainerName: '1/kvstoremesh', ContainerStatus: 'waiting' };
  const pending = { ...pod, PodStatus: 'Pending', ContainerName: '', ContainerStatus: '' };
  assert.deepEqual(fires(alert, [pod, init, other]), []);
  assert.deepEqual(fires(alert, [pending, other]), [APP1]);
  assert.deepEqual(fires(alert, [pod, crashed, other]), [APP1]);
  assert.deepEqual(fires(alert, [other]), [APP1], 'there is none');
  assert.deepEqual(fires(alert, [pending, { ...pod, PodUid: '3' }]), [], 'another copy serves');
  const earlier = { ...pod, TimeGenerated: before(8) };
  assert.deepEqual(fires(alert, [earlier, pending, other]), [], 'since one collection alone');
  assert.deepEqual(fires(alert, []), [], 'a silent cluster is told of by cluster-silent');
  assert.deepEqual(fires(alert, [{ ...other, ClusterName: 'aks-borealis-demo-app1' }]), []);
});

test('secrets-not-synced, by External Secrets', () => {
  const alert = logAlert('secrets-not-synced');
  const failure = {
    TimeGenerated: before(200),
    LastSeen: before(6),
    ClusterName: MGMT!,
    ObjectKind: 'ExternalSecret',
    Namespace: 'storefront',
    Name: 'db-password',
    Reason: 'UpdateFailed',
    Count: 14,
  };
  assert.deepEqual(fires(alert, [failure]), [MGMT], 'it began hours ago and goes on');
  const store = {
    ObjectKind: 'ClusterSecretStore',
    Namespace: '',
    Reason: 'InvalidProviderConfig',
    Count: 1,
  };
  const twice = [1, 2].map((minute) => ({ ...failure, ...store, LastSeen: before(minute) }));
  assert.deepEqual(fires(alert, twice), [MGMT], 'two messages, once each');
  assert.deepEqual(fires(alert, [{ ...failure, Count: 1 }]), [], 'once');
  assert.deepEqual(fires(alert, [{ ...failure, LastSeen: before(31) }]), [], 'it is over');
  assert.deepEqual(fires(alert, [{ ...failure, Reason: 'ParameterDeprecated' }]), []);
  assert.deepEqual(fires(alert, [{ ...failure, ObjectKind: 'Pod' }]), []);
});

test('secrets-not-synced, by the CSI driver', () => {
  const alert = logAlert('secrets-not-synced', atlas({ secrets: { sync: 'csi' } }));
  const failure = {
    TimeGenerated: before(20),
    LastSeen: before(2),
    ClusterName: APP1!,
    ObjectKind: 'Pod',
    Namespace: 'storefront',
    Name: 'storefront-7d9f-x2k4q',
    Reason: 'FailedMount',
    Message:
      'MountVolume.SetUp failed: rpc error: failed to mount secrets store objects for pod storefront/x, err: 403',
    Count: 5,
  };
  assert.deepEqual(fires(alert, [failure]), [APP1]);
  assert.deepEqual(fires(alert, [{ ...failure, Reason: 'SecretRotationFailed', Message: '' }]), [APP1]);
  assert.deepEqual(
    fires(alert, [{ ...failure, Message: 'Unable to attach or mount volumes' }]),
    [],
    'a disk',
  );
  assert.deepEqual(fires(alert, [{ ...failure, Count: 1 }]), [], 'once');
  assert.deepEqual(fires(alert, [{ ...failure, LastSeen: before(31) }]), [], 'it is over');
});
