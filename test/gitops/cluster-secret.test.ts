import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from 'yaml';
import { synthesizeBootstrap } from '../../src/gitops/bootstrap.ts';
import { annotationValue, clusterFacts } from '../../src/gitops/cluster-facts.ts';
import { clusterSecret, type LateFacts } from '../../src/gitops/cluster-secret.ts';
import { forEachPlatform } from './any-platform.ts';

const late: LateFacts = {
  valueOf: ({ key }) => `value of ${key}`,
  host: 'app1.hcp.example.org',
  ca: 'Q0E=',
  clientId: '00000000-0000-4000-8000-000000000003',
};

test('the README writes the very Secret that bootstrap writes', () => {
  forEachPlatform((platform) => {
    const files = synthesizeBootstrap(platform);
    for (const cluster of platform.clusters) {
      const readme = files.get(`${cluster.name}/README.md`)!;
      const [, document] = /<<EOF\n([\s\S]*?)EOF\n/.exec(readme)!;
      const variables: Record<string, string> = {
        SERVER: late.host,
        CA: late.ca,
        CLIENT_ID: late.clientId,
      };
      for (const fact of clusterFacts(platform, cluster)) {
        if (fact.kind === 'annotation') variables[fact.key.toUpperCase()] = late.valueOf(fact);
      }
      const text = document!.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => variables[name]!);
      assert.deepEqual(parse(text), clusterSecret(platform, cluster, late), cluster.name);
    }
  });
});

test('annotations take their values from what Terraform tells', () => {
  const known = {
    tenant: 'the-tenant',
    vaultUri: 'https://kv-atlas.vault.azure.net/',
    clientIds: { 'id-one': 'client-one' },
  };
  const of = (source: Parameters<typeof annotationValue>[0]['source']): string | undefined =>
    annotationValue({ kind: 'annotation', key: 'k', meaning: 'm', command: 'c', source }, known);
  assert.equal(of({ kind: 'tenant' }), 'the-tenant');
  assert.equal(of({ kind: 'vault-url' }), 'https://kv-atlas.vault.azure.net');
  assert.equal(of({ kind: 'vault-name' }), 'kv-atlas');
  assert.equal(of({ kind: 'client-id', identity: 'id-one' }), 'client-one');
  assert.equal(of({ kind: 'client-id', identity: 'id-two' }), undefined);
});
