import assert from 'node:assert/strict';
import { clusterBase } from '../../../src/gitops/cluster-base.ts';
import { renderManifests } from '../../../src/gitops/manifest.ts';
import type { Platform } from '../../../src/model/platform.ts';
import { parseAllDocuments } from 'yaml';
import { passes, type Place, type Policies } from '../../support/cilium-policy.ts';
import type { Loose } from '../any-platform.ts';

/** One row of a table: who calls whom on which ports, and whether that is to pass. */
export type Flow = {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly (number | `${number}/UDP`)[];
  readonly isLet: boolean;
};

type Ports = Flow['ports'];

export function needed(from: string, to: string, ...ports: Ports): Flow {
  return { from, to, ports, isLet: true };
}

export function forbidden(from: string, to: string, ...ports: Ports): Flow {
  return { from, to, ports, isLet: false };
}

/** The generated policies of every cluster, as they are read back. */
export function policiesOf(platform: Platform): Map<string, readonly Loose[]> {
  return new Map(
    platform.clusters.map((cluster) => {
      const [, objects = []] =
        clusterBase(platform, cluster).find(([name]) => name === 'policies.yaml') ?? [];
      const documents = parseAllDocuments(renderManifests('', objects));
      return [cluster.name, documents.map((document) => document.toJS() as Loose)];
    }),
  );
}

/** The rows whose verdict is another one. */
export function wrong(policies: Policies, flows: readonly Flow[]): readonly string[] {
  return flows.flatMap((flow) =>
    flow.ports
      .filter((port) => isLet(policies, flow, port) !== flow.isLet)
      .map((port) => `${flow.from} ${flow.isLet ? 'reaches' : 'must not reach'} ${flow.to} on ${port}`),
  );
}

function isLet(policies: Policies, { from, to }: Flow, port: Ports[number]): boolean {
  const [number, protocol] =
    typeof port === 'number' ? [port, 'TCP' as const] : [Number.parseInt(port), 'UDP' as const];
  return passes(policies, { from: place(from), to: place(to), port: number, protocol });
}

/** Labels of pods that are not told apart by their name, as AKS and the Cilium chart set them. */
const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kube-dns': { 'k8s-app': 'kube-dns' },
  'konnectivity-agent': { app: 'konnectivity-agent' },
  'clustermesh-apiserver': { 'k8s-app': 'clustermesh-apiserver' },
  'hubble-relay': { 'k8s-app': 'hubble-relay' },
};
const API_SERVER: Place = { kind: 'outside', address: '20.249.1.1', isApiServer: true };

/** `app1/storefront/storefront`, a pod; `own-node`; `api-server`; an address; or a name of the internet. */
function place(text: string): Place {
  if (text === 'own-node' || text === 'other-node') return { kind: 'node', isOwn: text === 'own-node' };
  if (text === 'api-server') return API_SERVER;
  if (/^[\d.]+$/.test(text)) return { kind: 'outside', address: text };
  if (!text.includes('/')) return { kind: 'outside', address: '20.60.7.8', name: text };
  const [cluster, namespace, name] = text.split('/');
  assert.ok(cluster && namespace && name, text);
  return { kind: 'pod', cluster, namespace, labels: LABELS[name] ?? { 'app.kubernetes.io/name': name } };
}

/** Each part of the policies, a rule, a peer or a port of one, without which all rows come out as they do with it. */
export function superfluousParts(policies: Policies, flows: readonly Flow[]): readonly string[] {
  return [...policies].flatMap(([cluster, own]) =>
    own.flatMap((policy, index) => {
      const { namespace, name } = policy.metadata;
      const prefix = `${cluster}/${namespace}/`;
      // A policy speaks of flows from and to its own pods alone.
      const touched = flows.filter(({ from, to }) => from.startsWith(prefix) || to.startsWith(prefix));
      return partsOf(policy.spec).flatMap((path) => {
        const less = structuredClone(policy);
        remove(less.spec, path);
        const rest = new Map(policies).set(cluster, own.with(index, less));
        return touched.some((flow) => wrong(rest, [flow]).length > 0)
          ? []
          : [`${cluster} ${namespace}/${name} ${path.join('.')}: ${JSON.stringify(at(policy.spec, path))}`];
      });
    }),
  );
}

type Path = readonly (string | number)[];

function partsOf(spec: Loose): readonly Path[] {
  return ['ingress', 'egress', 'egressDeny'].flatMap((direction) =>
    (spec[direction] ?? []).flatMap((rule: Loose, index: number) => {
      const [peers = ''] = Object.keys(rule);
      const items = (list: readonly unknown[], path: Path): Path[] =>
        list.length < 2 ? [] : list.map((_, item) => [...path, item]);
      return [
        [direction, index],
        ...items(rule[peers], [direction, index, peers]),
        ...items(rule.toPorts?.[0].ports ?? [], [direction, index, 'toPorts', 0, 'ports']),
        ...(rule.toPorts?.[0].rules ? [[direction, index, 'toPorts', 0, 'rules']] : []),
      ];
    }),
  );
}

function at(value: Loose, path: Path): Loose {
  return path.reduce((inner, step) => inner[step], value);
}

function remove(spec: Loose, path: Path): void {
  const parent = at(spec, path.slice(0, -1));
  const step = path.at(-1)!;
  if (typeof step === 'number') parent.splice(step, 1);
  else delete parent[step];
}
