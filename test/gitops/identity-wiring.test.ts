import assert from 'node:assert/strict';
import test from 'node:test';
import { chartFacts } from '../../src/catalog/chart-facts.ts';
import type { ComponentId, Platform } from '../../src/model/platform.ts';
import { synthesizeTerraform } from '../../src/terraform/tree.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind, treeOf, valuesOf } from './any-platform.ts';
import { examplePlatforms, valueAt } from './chart-pods.ts';

const CLIENT_ID = 'azure.workload.identity/client-id';
const USES_TOKENS = { 'azure.workload.identity/use': 'true' };

/** `<cluster> <namespace>/<ServiceAccount>`: the subject of a token, and the cluster that issued it. */
type Subject = string;

const subject = (cluster: string, namespace: string, account: string): Subject =>
  `${cluster} ${namespace}/${account}`;

function forEveryFleet(property: (platform: Platform) => void): void {
  for (const { platform } of examplePlatforms()) property(platform);
  forEachPlatform(property);
}

/** Who gets a token that Azure would take, by what the tree says, with the identity that it then is. */
function wired(platform: Platform): Map<Subject, string> {
  return new Map([...storeAccounts(platform), ...argoCdAccounts(platform), ...mountingAccounts(platform)]);
}

function storeAccounts(platform: Platform): [Subject, string][] {
  const accounts = objectsOfKind(platform, 'ServiceAccount');
  return objectsOfKind(platform, 'ClusterSecretStore').flatMap(({ spec }) => {
    const { name, namespace } = spec.provider.azurekv.serviceAccountRef;
    const account = accounts.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    assert.ok(account.metadata.annotations[CLIENT_ID], 'the store signs in as the account that it names');
    return platform.clusters.map(({ name: cluster }): [Subject, string] => [
      subject(cluster, namespace, name),
      'vault-reader',
    ]);
  });
}

/** The parts of Argo CD whose pods ask for a token, under the name that the values pin. */
function argoCdAccounts(platform: Platform): [Subject, string][] {
  return platform.clusters.flatMap(({ name, components }) =>
    components
      .filter(({ id }) => id === 'argo-cd')
      .flatMap(({ namespace }) => {
        const values = valuesOf(platform, name, 'argo-cd');
        return chartFacts('argo-cd').serviceAccounts.flatMap(({ namePath }): [Subject, string][] => {
          const [part] = namePath.split('.');
          const isLabelled = JSON.stringify(values[part!]?.podLabels) === JSON.stringify(USES_TOKENS);
          return isLabelled ? [[subject(name, namespace, valueAt(values, namePath)), 'argo-cd']] : [];
        });
      }),
  );
}

/** With the CSI driver, the pods that mount a volume of the vault. */
function mountingAccounts(platform: Platform): [Subject, string][] {
  return platform.clusters.flatMap((cluster) => {
    const own = cluster.workloads.flatMap(({ name }) => {
      const pod = objectsOf(platform).find(
        ({ object }) => object.kind === 'Deployment' && object.metadata.namespace === name,
      )?.object.spec.template.spec;
      return isMounting(pod?.volumes) ? [subject(cluster.name, name, pod.serviceAccountName)] : [];
    });
    const grafana = valuesOf(platform, cluster.name, 'kube-prometheus-stack')?.grafana;
    if (isMounting(grafana?.extraSecretMounts)) {
      own.push(subject(cluster.name, 'monitoring', grafana.serviceAccount.name));
    }
    return own.map((each): [Subject, string] => [each, 'vault-reader']);
  });
}

function isMounting(volumes: Loose[] = []): boolean {
  return volumes.some(({ csi }) => csi?.driver === 'secrets-store.csi.k8s.io');
}

test('every federated credential is the subject of a ServiceAccount of the tree, and the reverse', () => {
  forEveryFleet((platform) => {
    const federated = platform.identities.flatMap(({ purpose, federations }) =>
      federations.map(
        ({ cluster, namespace, serviceAccount }) =>
          `${purpose}: ${subject(cluster, namespace, serviceAccount)}`,
      ),
    );
    const inTree = [...wired(platform)].map(([who, purpose]) => `${purpose}: ${who}`);
    assert.deepEqual(federated.toSorted(), inTree.toSorted());
  });
});

test('the credentials in Terraform say issuer, subject and audience of the same accounts', () => {
  forEveryFleet((platform) => {
    const written = [...synthesizeTerraform(platform)].flatMap(([path, text]) =>
      [...text.matchAll(/^resource "azurerm_federated_identity_credential"[^]*?^}/gm)].map(([block]) => {
        const [, cluster] = /clusters\/([^/]+)\//.exec(path)!;
        const issuer = /issuer +=.*azurerm_kubernetes_cluster\.(\w+)\.oidc_issuer_url/.exec(block);
        assert.equal(
          issuer?.[1],
          cluster!.replaceAll('-', '_'),
          `${path}: the issuer is the cluster of the root`,
        );
        assert.match(block, /audience +=.*\["api:\/\/AzureADTokenExchange"\]/);
        const [, namespace, account] = /"system:serviceaccount:([^:]+):([^"]+)"/.exec(block)!;
        return subject(cluster!, namespace!, account!);
      }),
    );
    assert.deepEqual(written.toSorted(), [...wired(platform).keys()].toSorted());
  });
});

test('each credential is for tokens of its own cluster, and for the audience that Entra takes', () => {
  forEveryFleet((platform) => {
    const clusters = platform.clusters.map(({ name }) => name);
    for (const { cluster, federations, purpose } of platform.identities) {
      for (const federation of federations) {
        assert.equal(federation.audience, 'api://AzureADTokenExchange');
        assert.ok(clusters.includes(federation.cluster));
        // The identity serves one cluster, so a token of any other is refused.
        assert.equal(federation.cluster, cluster, purpose);
      }
    }
  });
});

test('the client id reaches each account from the fact of its own cluster', () => {
  forEveryFleet((platform) => {
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      const text = JSON.stringify(set);
      const reads = [...text.matchAll(/bulkhead_(\w+)_client_id/g)].map(([, whose]) => whose);
      const expected = set.metadata.name === 'argo-cd' ? 'argocd' : 'secrets';
      assert.ok(
        reads.every((whose) => whose === expected),
        `${set.metadata.name} reads ${reads.join(', ')}`,
      );
    }
    const argoCd = objectsOfKind(platform, 'ApplicationSet').find(
      ({ metadata }) => metadata.name === 'argo-cd',
    );
    const { valuesObject } = argoCd.spec.template.spec.sources[0].helm;
    const annotated = chartFacts('argo-cd').serviceAccounts.flatMap(({ name, annotationsPath }) =>
      annotationsPath && valueAt(valuesObject, annotationsPath)?.[CLIENT_ID] ? [name] : [],
    );
    const trusted = platform.identities
      .filter(({ purpose }) => purpose === 'argo-cd')
      .flatMap(({ federations }) => federations.map(({ serviceAccount }) => serviceAccount));
    assert.deepEqual(annotated.toSorted(), trusted.toSorted());
  });
});

test('no federated name is left to a chart: the values or the tree write it down', () => {
  const pinned: readonly (readonly [ComponentId, string])[] = [
    ['argo-cd', 'controller.serviceAccount.name'],
    ['argo-cd', 'server.serviceAccount.name'],
  ];
  forEveryFleet((platform) => {
    const mgmt = platform.clusters.find(({ role }) => role === 'mgmt')!;
    for (const [id, path] of pinned) {
      assert.equal(typeof valueAt(valuesOf(platform, mgmt.name, id), path), 'string', path);
    }
  });
});

test('what signs nobody in is in no tree: neither a client secret nor a token of a ServiceAccount', () => {
  forEveryFleet((platform) => {
    for (const [path, text] of treeOf(platform)) {
      assert.doesNotMatch(text, /AADClientSecret|client-secret:|clientSecret:/i, path);
    }
    for (const { object } of objectsOf(platform)) assert.notEqual(object.kind, 'Secret');
  });
});
