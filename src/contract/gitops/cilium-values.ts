import { type Cidr, parseCidr } from '../../base/cidr.ts';
import type { ClusterEvidence, RangeEvidence } from '../evidence.ts';
import type { CiliumEvidence, MeshPeer } from '../kubernetes-evidence.ts';
import { tolerates } from '../kubernetes/pod-spec.ts';
import { booleanOf, listOf, mapOf, numberOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import { nameText } from '../wording.ts';
import { filled } from './rows.ts';
import {
  filledValue,
  type LayeredValues,
  valuesFact,
  type ValuesFact,
  valuesKeys,
} from './layered-values.ts';

/**
 * Defaults of the Cilium chart, 1.20.0. Its pool of pods, 10.0.0.0/8, stands as an empty list: nobody wrote
 * it.
 */
const DEFAULTS = {
  name: 'default',
  id: 0,
  isMeshed: false,
  maxConnectedClusters: 255,
  generatesCa: true,
  certificates: 'helm',
  replacesKubeProxy: false,
  blockPrefix: 24,
} as const;

const ADDRESS_ANNOTATIONS = [
  'service.beta.kubernetes.io/azure-load-balancer-ipv4',
  'service.beta.kubernetes.io/azure-load-balancer-ip',
];

/** What the values of one installation of Cilium say of the cluster and its mesh. */
export type CiliumFacts = {
  readonly cilium: CiliumEvidence;
  readonly cluster: ClusterEvidence;
  readonly ranges: readonly RangeEvidence[];
};

/**
 * Reads the values of a release of the Cilium chart. Where they do not name the cluster, it is the one that
 * the release goes to.
 */
export function ciliumFacts(values: LayeredValues, destination: string | undefined): CiliumFacts {
  const name = valuesFact(values, ['cluster', 'name'], textOf, DEFAULTS.name);
  const id = valuesFact(values, ['cluster', 'id'], numberOf, DEFAULTS.id);
  const meshed = valuesFact(values, ['clustermesh', 'useAPIServer'], booleanOf, DEFAULTS.isMeshed);
  // Cilium's own name counts in the mesh; without one, it may stay as the chart has it.
  const isNamed = name.value !== undefined && (name.value !== DEFAULTS.name || meshed.value === true);
  const cluster = isNamed && name.value !== undefined ? nameText(name.value) : destination;
  const ranges = podRanges(values);
  const max = maxClusters(values);
  const mask = valuesFact(
    values,
    ['ipam', 'operator', 'clusterPoolIPv4MaskSize'],
    numberOf,
    DEFAULTS.blockPrefix,
  );
  const known = cluster === undefined ? {} : { cluster };
  return {
    cilium: ciliumOf(values, { cluster, meshed, ranges }),
    cluster: {
      path: name.path,
      places: { id: id.path, isMeshed: meshed.path, podMaskPerNode: mask.path },
      ...(cluster === undefined ? {} : { name: cluster }),
      // Outside of a mesh nothing reads the id, and 0 is how the chart says that there is none.
      ...(id.value === undefined || (id.value === 0 && meshed.value === false) ? {} : { id: id.value }),
      ...(max.value === 511 ? { idMax: 511 } : {}),
      cni: 'cilium',
      ...(mask.value === undefined ? {} : { podMaskPerNode: mask.value }),
      ...(meshed.value === undefined ? {} : { isMeshed: meshed.value }),
    },
    ranges: (ranges.value ?? []).map((range) => ({
      path: ranges.path,
      name: `${cluster ?? 'a cluster'}'s pods`,
      range,
      use: 'pods',
      ...known,
      ...(meshed.value === undefined ? {} : { isRouted: meshed.value }),
      isUsed: true,
    })),
  };
}

function ciliumOf(
  values: LayeredValues,
  known: {
    readonly cluster: string | undefined;
    readonly meshed: ValuesFact<boolean>;
    readonly ranges: ValuesFact<readonly Cidr[]>;
  },
): CiliumEvidence {
  const max = maxClusters(values);
  const ca = valuesFact(values, ['certgen', 'generateCA'], booleanOf, DEFAULTS.generatesCa);
  const mesh = certificates(values, ['clustermesh', 'apiserver', 'tls', 'auto']);
  const hubble = certificates(values, ['hubble', 'tls', 'auto']);
  const proxy = valuesFact(values, ['kubeProxyReplacement'], booleanOf, DEFAULTS.replacesKubeProxy);
  const operator = valuesFact(values, ['operator', 'tolerations'], toleratesSystem, false);
  const address = meshAddress(values);
  const peers = peersIn(values);
  return {
    path: values.layers[0]?.path ?? values.path,
    places: {
      isMeshed: known.meshed.path,
      maxConnectedClusters: max.path,
      generatesCa: ca.path,
      meshCertificates: mesh.path,
      hubbleCertificates: hubble.path,
      replacesKubeProxy: proxy.path,
      operatorToleratesSystem: operator.path,
      podRanges: known.ranges.path,
      ...(address === undefined ? {} : { meshAddress: address.path }),
    },
    ...(known.cluster === undefined ? {} : { cluster: known.cluster }),
    ...said('isMeshed', known.meshed),
    ...said('maxConnectedClusters', max),
    ...said('generatesCa', ca),
    ...said('meshCertificates', mesh),
    ...said('hubbleCertificates', hubble),
    ...said('replacesKubeProxy', proxy),
    ...said('operatorToleratesSystem', operator),
    ...said('podRanges', known.ranges),
    ...(address?.value === undefined ? {} : { meshAddress: nameText(address.value) }),
    ...(peers === undefined ? {} : { peers }),
  };
}

function maxClusters(values: LayeredValues): ValuesFact<number> {
  return valuesFact(values, ['clustermesh', 'maxConnectedClusters'], numberOf, DEFAULTS.maxConnectedClusters);
}

/** How certificates come to be; `none` where the part that needs them is off, or they are given. */
function certificates(values: LayeredValues, auto: readonly string[]): ValuesFact<string> {
  const method = valuesFact(values, [...auto, 'method'], textOf, DEFAULTS.certificates);
  const isOn = valuesFact(values, [...auto, 'enabled'], booleanOf, true);
  const isPartOn = auto[0] === 'hubble' ? valuesFact(values, ['hubble', 'enabled'], booleanOf, true) : isOn;
  const isTls =
    auto[0] === 'hubble' ? valuesFact(values, ['hubble', 'tls', 'enabled'], booleanOf, true) : isOn;
  if ([isOn, isPartOn, isTls].some(({ value }) => value === false)) return { value: 'none', path: isOn.path };
  const isSaid = [isOn, isPartOn, isTls].every(({ value }) => value !== undefined);
  return isSaid ? method : { value: undefined, path: method.path };
}

function toleratesSystem(value: unknown): boolean {
  return tolerates(value, 'CriticalAddonsOnly', 'true', 'NoSchedule');
}

/** The pool from which Cilium gives pods their addresses; empty where the chart's default stands. */
function podRanges(values: LayeredValues): ValuesFact<readonly Cidr[]> {
  return valuesFact(
    values,
    ['ipam', 'operator', 'clusterPoolIPv4PodCIDRList'],
    (value) => {
      const texts = textsOf(value) ?? (textOf(value) ?? '').split(/[\s,]+/).filter((text) => text !== '');
      const ranges = texts.flatMap((text) => {
        const parsed = parseCidr(text);
        return parsed.ok ? [parsed.value] : [];
      });
      return ranges.length === texts.length ? ranges : undefined;
    },
    [],
  );
}

/** The fixed address of the mesh API, where its Service asks a load balancer for one. */
function meshAddress(values: LayeredValues): ValuesFact<string> | undefined {
  const service = ['clustermesh', 'apiserver', 'service'];
  for (const keys of [
    ...ADDRESS_ANNOTATIONS.map((name) => [...service, 'annotations', name]),
    [...service, 'loadBalancerIP'],
  ]) {
    const fact = valuesFact(values, keys, textOf);
    if (fact.value !== undefined && fact.value !== '') return fact;
  }
  return undefined;
}

/** The other clusters that this one connects to; undefined where the list cannot be read. */
function peersIn(values: LayeredValues): readonly MeshPeer[] | undefined {
  const config = ['clustermesh', 'config'];
  const isOn = valuesFact(values, [...config, 'enabled'], booleanOf, false).value;
  if (isOn === undefined) return undefined;
  if (!isOn) return [];
  const clusters = [...config, 'clusters'];
  const last = values.layers.findLast(({ value }) => valueAt(value, ...clusters) !== undefined);
  const list = listOf(valueAt(last?.value, ...clusters));
  if (list) {
    return list.map((peer, index) =>
      peerOf(values, textOf(valueAt(peer, 'name')) ?? '', peer, [...last!.path, ...clusters, index]),
    );
  }
  if (last === undefined && !values.isWhole) return undefined;
  return [...valuesKeys(values, clusters)]
    .filter(([, { value }]) => booleanOf(valueAt(value, 'enabled')) !== false)
    .map(([name, { value, path }]) => peerOf(values, name, value, path));
}

function peerOf({ row }: LayeredValues, name: string, peer: unknown, path: MeshPeer['path']): MeshPeer {
  const written =
    valueAt(peer, 'ips') ?? (mapOf(peer)?.address === undefined ? undefined : [valueAt(peer, 'address')]);
  const addresses = written === undefined ? undefined : textsOf(filledValue(written, row))?.map(nameText);
  const port = numberOf(filledValue(valueAt(peer, 'port'), row));
  return { cluster: nameText(filled(name, row)), path, addresses, ...(port === undefined ? {} : { port }) };
}

function said<Key extends string, Fact>(
  key: Key,
  { value }: ValuesFact<Fact>,
): { readonly [K in Key]?: Fact } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Fact };
}
