import assert from 'node:assert/strict';
import test from 'node:test';
import { synthesizeBootstrap } from '../../src/gitops/bootstrap.ts';
import { synthesizeGitops } from '../../src/gitops/tree.ts';
import { atlas, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOfKind } from './any-platform.ts';

const steps = (readme: string): string[] =>
  [...readme.matchAll(/^## \d+\. (.*)$/gm)].map(([, title]) => title!);

test('a person brings a cluster up in the order in which it works', () => {
  const files = synthesizeBootstrap(platformOf(atlas()));
  assert.deepEqual(steps(files.get('mgmt/README.md')!), [
    'Sign in',
    'The CA of the mesh',
    'The network',
    'The address of the mesh',
    'Secrets in the vault',
    'What Argo CD needs first',
    'Argo CD',
    'Register with Argo CD',
    'Hand over to Argo CD',
    'Look at it',
  ]);
  assert.deepEqual(steps(files.get('app1/README.md')!), [
    'Sign in',
    'The CA of the mesh',
    'The network',
    'The address of the mesh',
    'Register with Argo CD',
  ]);
  const overlay = platformOf(atlas({ network: { cni: 'azure-overlay', clusterMesh: false } }));
  assert.deepEqual(steps(synthesizeBootstrap(overlay).get('app1/README.md')!), [
    'Sign in',
    'Register with Argo CD',
  ]);
});

test('what the README renders is what Argo CD adopts: chart, version, release, namespace and values', () => {
  forEachPlatform((platform) => {
    const readme = synthesizeBootstrap(platform).get('mgmt/README.md')!;
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      const [{ repoURL, chart, targetRevision, helm }] = set.spec.template.spec.sources;
      if (!['cilium', 'argo-cd'].includes(chart)) continue;
      const { namespace } = set.spec.template.spec.destination;
      const from = `--repo ${repoURL} --version ${targetRevision}`;
      const command = `helm template ${helm.releaseName} ${chart} ${from}`;
      assert.ok(
        readme.includes(`${command} --namespace ${namespace} \\\n  --values ${chart}.values.yaml `),
        command,
      );
      for (const part of Object.keys((helm.valuesObject as Loose) ?? {})) {
        const key = 'serviceAccount.annotations.azure\\.workload\\.identity/client-id';
        const flag = `--set-string "${part}.${key}=$CLIENT_ID"`;
        assert.ok(readme.includes(flag), flag);
      }
    }
    const gitops = synthesizeGitops(platform);
    for (const [, path] of readme.matchAll(/\.\.\/\.\.\/gitops\/(\S+)/g)) assert.ok(gitops.has(path!), path);
  });
});

test("a repository's name cannot end the command that it stands in", () => {
  const gitops = { repo: "https://x/';reboot;'", revision: 'main', path: '' };
  const readme = synthesizeBootstrap(platformOf(atlas({ gitops }))).get('mgmt/README.md')!;
  assert.ok(readme.includes(`url='https://x/'\\'';reboot;'\\'''`));
});
