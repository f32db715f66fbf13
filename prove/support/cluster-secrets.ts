import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileTree } from '../../src/base/file-tree.ts';
import type { ClusterPlan } from '../../src/model/platform.ts';
import type { ApiServer } from './api-server.ts';
import type { Kubectl } from './kubectl.ts';
import { runProgram } from './processes.ts';
import type { KubernetesObject } from './server-side-apply.ts';

/** A cluster as Argo CD knows it: what its Secret says, as the API server gives it back. */
export type ClusterSecret = {
  readonly name: string;
  readonly server: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

const SECRETS = '/api/v1/namespaces/argocd/secrets';

/** Answers what the README asks of Azure, and refuses all else. An identity's client id names the identity. */
const AZ = `#!/bin/sh
identity=
for word; do
  [ "$previous" = --name ] && identity=$word
  previous=$word
done
case "$*" in
  'account show '*'--query tenantId') echo 00000000-0000-4000-8000-000000000001 ;;
  'keyvault list '*'--query [0].name') echo kv-proof ;;
  'keyvault list '*'--query [0].properties.vaultUri') echo https://kv-proof.vault.azure.net/ ;;
  'identity show '*'--query clientId') echo "client-of-$identity" ;;
  'aks show '*'--query fqdn') echo "$identity.hcp.example.invalid" ;;
  *) echo "not asked by any README: az $*" >&2; exit 64 ;;
esac
`;

/** Runs the README's step that registers a cluster, word for word, against the API server. */
export async function registerCluster(
  tree: FileTree,
  { name }: ClusterPlan,
  kubectl: Kubectl,
  folder: string,
): Promise<void> {
  const readme = tree.get(`bootstrap/${name}/README.md`) ?? '';
  const script = /^## \d+\. Register with Argo CD\n[\s\S]*?```sh\n([\s\S]*?)```/m.exec(readme)?.[1];
  assert.ok(script, `bootstrap/${name}/README.md does not say how to register the cluster`);
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'az'), AZ, { mode: 0o755 });
  const env = { ...kubectl.env, PATH: `${bin}:${kubectl.env['PATH']}` };
  const { exitCode, stderr } = await runProgram('/bin/sh', ['-eu', '-c', script], { cwd: folder, env });
  assert.equal(exitCode, 0, `registration of ${name}: ${stderr}`);
}

/** The cluster Secrets that Argo CD's cluster generator would list, by the API server's own reading of the selector. */
export async function chosenClusters(
  server: ApiServer,
  selector: LabelSelector = {},
): Promise<readonly ClusterSecret[]> {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const terms = [
    'argocd.argoproj.io/secret-type=cluster',
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values }) => `${key} ${operator.toLowerCase()} (${values})`),
  ];
  const answer = await server.request(
    'GET',
    `${SECRETS}?${new URLSearchParams({ labelSelector: terms.join() })}`,
  );
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const { items } = answer.body as { items: readonly StoredSecret[] };
  return items.map(({ metadata: { labels, annotations }, data }) => ({
    name: decoded(data['name']),
    server: decoded(data['server']),
    labels,
    annotations,
  }));
}

/** Takes all cluster Secrets away, so that the next fleet has the API server to itself. */
export async function forgetClusters(server: ApiServer): Promise<void> {
  const { status } = await server.request('DELETE', SECRETS);
  assert.equal(status, 200);
}

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
};

type StoredSecret = KubernetesObject & {
  readonly metadata: Pick<ClusterSecret, 'labels' | 'annotations'>;
  readonly data: Readonly<Record<string, string>>;
};

function decoded(text: string | undefined): string {
  return Buffer.from(text ?? '', 'base64').toString('utf8');
}
