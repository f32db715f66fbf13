import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence, NodePoolEvidence } from '../../../src/contract/evidence.ts';
import { evidenceOfObjects, saidOf, undeterminedOf, verdictOf } from './object-under-test.ts';
import { soon } from '../../support/cpu.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64');

function secret(content: string, labels = ''): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: n${labels} }\n${content}\n`;
}

test('no-literal-secrets-in-git: content is found in both forms, and is never repeated', () => {
  const id = 'no-literal-secrets-in-git';
  const said = (content: string, labels?: string): readonly string[] => saidOf(id, secret(content, labels));
  assert.deepEqual(said('stringData: { password: hunter2, user: app }'), [
    'error no-literal-secrets-in-git a.yaml:3:19: Secret n/s stands here with its content: password and user',
  ]);
  assert.equal(said(`data: { password: ${encoded('hunter2')} }`).length, 1);
  assert.equal(
    said(
      `type: kubernetes.io/tls\ndata: { tls.crt: ${encoded('-----BEGIN CERTIFICATE-----\nx')}, tls.key: ${encoded('k')} }`,
    )[0]?.endsWith(': tls.key'),
    true,
  );
  for (const silent of [
    '',
    'data: {}',
    'stringData: { password: "" }',
    'stringData: { password: "${DB_PASSWORD}" }',
    'stringData: { password: <path:vault#db> }',
    'stringData: { password: "ENC[AES256_GCM,data:x,type:str]" }',
    'stringData: { password: "{{ .password }}" }',
    'data: { password: <path:vault#db> }',
    `data: { ca.crt: ${encoded('-----BEGIN CERTIFICATE-----\nx')} }`,
  ]) {
    assert.deepEqual(said(silent), [], silent);
  }
});

test("no-literal-secrets-in-git: Argo CD's own Secrets may name clusters and repositories", () => {
  const id = 'no-literal-secrets-in-git';
  const labels = (type: string): string => `, labels: { argocd.argoproj.io/secret-type: ${type} }`;
  const cluster = (config: string): string =>
    `stringData: { name: a, server: https://a, config: '${config}' }`;
  assert.deepEqual(
    saidOf(id, secret(cluster('{"tlsClientConfig":{"insecure":false}}'), labels('cluster'))),
    [],
  );
  assert.equal(saidOf(id, secret(cluster('{"bearerToken":"abc"}'), labels('cluster'))).length, 1);
  assert.deepEqual(
    saidOf(id, secret('stringData: { type: git, url: https://git.example/x }', labels('repository'))),
    [],
  );
  for (const content of [
    'stringData: { url: https://git.example/x, password: hunter2 }',
    'stringData: { url: "https://u:hunter2@git.example/x" }',
  ]) {
    assert.equal(saidOf(id, secret(content, labels('repository'))).length, 1, content);
  }
});

test('no-literal-secrets-in-git: Kustomize makes Secrets of literals, too', () => {
  const text =
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator: [{ name: db, literals: [password=hunter2] }]\n';
  assert.match(
    saidOf('no-literal-secrets-in-git', text)[0] ?? '',
    /Secret db stands here with its content: password$/,
  );
});

function expander(levels: string, cluster?: string): Evidence {
  const evidence = evidenceOfObjects(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cluster-autoscaler-priority-expander }\ndata:\n  priorities: |-\n${levels.replaceAll(/^/gm, '    ')}\n`,
  );
  if (cluster === undefined) return evidence;
  return { ...evidence, expanders: evidence.expanders!.map((item) => ({ ...item, cluster })) };
}

function withPools(evidence: Evidence, ...pools: readonly Partial<NodePoolEvidence>[]): Evidence {
  return {
    ...evidence,
    nodePools: pools.map((pool) => ({ path: ['x.json'], cluster: 'a', mode: 'User', ...pool })),
  };
}

test('priority-expander-prefers-spot', () => {
  const id = 'priority-expander-prefers-spot';
  const verdict = (levels: string): string | undefined => verdictOf(id, expander(levels));
  assert.equal(verdict('10: [".*"]\n50: [".*spot.*"]'), 'held');
  assert.equal(verdict('10: [".*spot.*"]\n50: [".*ondemand.*"]'), 'broken');
  assert.equal(verdict('10: [".*spot.*"]\n10: [".*"]'), 'undetermined');
  assert.equal(verdict('10: [".*spot.*", ".*"]'), 'broken');
  assert.equal(verdict('10: [".*cheap.*"]\n5: [".*"]'), 'undetermined');
  assert.equal(verdict('high: [x]'), 'undetermined');
  assert.equal(verdict('['), 'undetermined');
});

test('priority-expander-prefers-spot: known pools decide whatever they are called', () => {
  const id = 'priority-expander-prefers-spot';
  const pools = [
    { name: 'cheap', capacityType: 'Spot' },
    { name: 'steady', capacityType: 'OnDemand' },
    { name: 'system', capacityType: 'OnDemand', mode: 'System' },
  ] as const;
  const verdict = (levels: string): string | undefined =>
    verdictOf(id, withPools(expander(levels, 'a'), ...pools));
  assert.equal(verdict('50: [".*cheap.*"]\n10: [".*"]'), 'held');
  assert.equal(verdict('50: ["^aks-cheap-.*-vmss$"]\n10: [steady]'), 'held');
  assert.equal(verdict('50: ["cheap$"]\n10: [".*"]'), 'broken');
  assert.equal(verdict('10: [".*cheap.*"]\n50: [".*"]'), 'broken');
  assert.equal(verdict('10: [".*steady.*"]'), 'broken');
  assert.equal(verdict('50: [".*spot.*"]\n10: [".*"]'), 'broken');
  assert.equal(verdict('50: ["(cheap|spot)+"]\n10: [".*"]'), 'undetermined');
  const lost = withPools(
    expander('50: [".*"]', 'a'),
    { name: 'cheap', capacityType: 'Spot' },
    { name: 'steady' },
  );
  assert.equal(verdictOf(id, lost), 'undetermined');
});

test('a pattern of a stranger is never run', () => {
  const evidence = withPools(expander(`50: ["${'(a+)+'.repeat(10)}$"]`, 'a'), {
    name: 'aaaa',
    capacityType: 'Spot',
  });
  soon('the pattern', () => verdictOf('priority-expander-prefers-spot', evidence));
});

test('webhook-survives-a-lost-pod: of configurations, the pods behind their Service count', () => {
  const id = 'webhook-survives-a-lost-pod';
  const hook = (policy: string, replicas: number): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: guard }
webhooks:
  - name: a.b.c
    ${policy}
    clientConfig: { service: { name: guard, namespace: shop } }
---
apiVersion: v1
kind: Service
metadata: { name: guard, namespace: shop }
spec: { selector: { app: guard } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: guard, namespace: shop }
spec: { replicas: ${replicas}, template: { metadata: { labels: { app: guard, x: y } }, spec: {} } }
`;
  assert.match(
    saidOf(id, hook('failurePolicy: Fail', 1))[0] ?? '',
    /^error .* must answer every write, and has one pod/,
  );
  assert.equal(saidOf(id, hook('sideEffects: None', 1)).length, 1);
  assert.deepEqual(saidOf(id, hook('failurePolicy: Fail', 2)), []);
  assert.deepEqual(saidOf(id, hook('failurePolicy: Ignore', 1)), []);
  const [alone] = hook('failurePolicy: Fail', 1).split('---');
  assert.equal(verdictOf(id, evidenceOfObjects(alone!)), 'undetermined');
  const azure = hook('failurePolicy: Fail', 1).replaceAll('namespace: shop', 'namespace: kube-system');
  assert.equal(verdictOf(id, evidenceOfObjects(azure)), 'not applicable');
});

test('global-services-have-backends: whose cluster is not known could be any', () => {
  const service = (annotation: string, selector = ''): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: n, annotations: { ${annotation} } }\nspec: { ${selector} }\n`;
  const id = 'global-services-have-backends';
  assert.match(
    undeterminedOf(id, evidenceOfObjects(service('service.cilium.io/global: "true"')))[0] ?? '',
    /does not say cluster/,
  );
  assert.equal(
    verdictOf(id, evidenceOfObjects(service('service.cilium.io/global: "true"', 'selector: { a: b }'))),
    'held',
  );
  assert.match(saidOf(id, service('service.cilium.io/global: "on"'))[0] ?? '', /its annotation is not true/);
  assert.equal(
    verdictOf(id, evidenceOfObjects(service('service.cilium.io/global: "false"'))),
    'not applicable',
  );
});

test('templates-stop-on-a-missing-fact: the older templates leave what they cannot fill', () => {
  const set =
    'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: a }\nspec: { generators: [{ clusters: {} }] }\n';
  assert.match(
    saidOf('templates-stop-on-a-missing-fact', set)[0] ?? '',
    /deploys placeholders that nothing fills/,
  );
});

test('secrets-outlive-the-tree: who deletes an ExternalSecret is asked before it is said to be safe', () => {
  const id = 'secrets-outlive-the-tree';
  const sync = (target: string, annotation = ''): Evidence =>
    evidenceOfObjects(
      `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: a, annotations: { x: y${annotation} } }\nspec: { target: { ${target} } }\n`,
    );
  assert.equal(verdictOf(id, sync('')), 'undetermined');
  assert.equal(verdictOf(id, sync('creationPolicy: Orphan')), 'held');
  assert.equal(
    verdictOf(id, sync('', ', argocd.argoproj.io/sync-options: "Delete=false,Prune=false"')),
    'held',
  );
  assert.equal(verdictOf(id, sync('creationPolicy: Sometimes')), 'undetermined');
  const csi = evidenceOfObjects(
    'apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: { name: a }\n',
  );
  assert.equal(verdictOf(id, csi), 'not applicable');
  assert.equal(verdictOf('vault-outage-keeps-secrets', csi), 'broken');
});
