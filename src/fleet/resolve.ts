import { usd } from '../base/money.ts';
import { compareText, sortedEntries } from '../base/order.ts';
import { compact } from '../base/record.ts';
import { parseCpuMillis, parseMemoryMiB } from '../base/quantity.ts';
import { parseAwakeHours } from './awake-hours.ts';
import { type Destination, parseDestination } from './destination.ts';
import type { Explanation } from './explanation.ts';
import {
  type CapacityType,
  type Cluster,
  type Environment,
  type Fleet,
  GENERATED_LENGTH,
  type Workload,
} from './fleet.ts';
import { resolveClusters } from './resolve-clusters.ts';
import { resolveTeams } from './resolve-teams.ts';
import { type DeepPartial, type Fill, present, range, rangeIn, type SoundFile } from './sound-file.ts';

/**
 * Turns the file of one environment into a `Fleet`: texts become values, gaps become defaults, lists are sorted.
 * Each default that was used is explained. Pure; never fails: what is missing and has no default gets a placeholder
 * that the loader has already reported.
 */
export function resolveFleet(
  file: SoundFile,
  environment: Environment,
): { readonly fleet: Fleet; readonly explanations: readonly Explanation[] } {
  const explanations: Explanation[] = [];
  const fill: Fill = (path, written, fallback, rule, inputs = []) => {
    if (written !== undefined) return written;
    const value = typeof fallback === 'object' ? JSON.stringify(fallback) : String(fallback);
    explanations.push({ path, value, rule, inputs });
    return fallback;
  };
  const inEnvironment = [{ name: 'environment', value: environment }];
  const clusters = resolveClusters(file, environment, fill);
  const network = file.network ?? {};
  const cni = fill(
    ['network', 'cni'],
    network.cni,
    'cilium',
    'the mesh needs Cilium installed by the fleet itself (ADR-A02)',
  );
  const clusterMesh = fill(
    ['network', 'clusterMesh'],
    network.clusterMesh,
    cni === 'cilium',
    'a Cilium fleet is meshed (ADR-A02)',
    [{ name: 'network.cni', value: cni }],
  );
  const logs = file.observability?.logs ?? {};
  const workloads = resolveWorkloads(file, fill);
  const fleet: Fleet = {
    name: file.name ?? 'fleet',
    region: file.region ?? '',
    environment,
    azure: compact({ subscription: file.azure?.subscription, tenant: file.azure?.tenant }),
    admins: present(file.admins).toSorted(compareText),
    operators: { ipRanges: present(file.operators?.ipRanges).map(range) },
    ...compact({ gitops: resolveGitops(file, fill), schedule: resolveSchedule(file, fill) }),
    alerts: compact({ email: file.alerts?.email }),
    live: environment === 'demo' && file.live === true,
    tiers: resolveTiers(file, environment, fill),
    listedTiers: Object.keys(file.tiers ?? {})
      .map(Number)
      .toSorted(),
    spot: {
      maxPrice: fill(
        ['spot', 'maxPrice'],
        file.spot?.maxPrice,
        -1,
        'pay at most the on-demand price and never be evicted for price (ADR-A01)',
      ),
    },
    network: {
      cni,
      clusterMesh,
      ...compact({
        vnet: network.vnet && present(network.vnet).map(range),
        serviceCidr: rangeIn(network.serviceCidr),
      }),
      subnets: Object.fromEntries(
        sortedEntries(network.subnets ?? {}).flatMap(([name, text]) =>
          text === undefined ? [] : [[name, range(text)]],
        ),
      ),
      peers: resolvePeers(network.peers, clusters, clusterMesh, fill),
      egress: fill(
        ['network', 'egress'],
        network.egress,
        'nat-gateway',
        'one static egress address that every API server can allow beforehand; cheaper from two clusters on',
      ),
      apiServer: fill(
        ['network', 'apiServer'],
        network.apiServer,
        'public',
        'people and CI come from outside the VNet; a list of addresses is the door (ADR-0005)',
      ),
    },
    clusters,
    secrets: {
      sync: fill(
        ['secrets', 'sync'],
        file.secrets?.sync,
        'external-secrets',
        'keeps secrets through a vault outage (ADR-A03, C5)',
      ),
      vault: resolveVaultMarks(file, fill),
    },
    observability: {
      stack: fill(
        ['observability', 'stack'],
        file.observability?.stack,
        'self',
        'Prometheus and Grafana run on mgmt (source design, 1.2)',
      ),
      logs: {
        dailyCapGB: fill(
          ['observability', 'logs', 'dailyCapGB'],
          logs.dailyCapGB,
          5,
          'source design, section 4',
        ),
        retentionDays: fill(
          ['observability', 'logs', 'retentionDays'],
          logs.retentionDays,
          30,
          '30 days cost nothing beyond ingestion (source design, section 4)',
        ),
      },
    },
    registry: {
      sku: fill(
        ['registry', 'sku'],
        file.registry?.sku,
        environment === 'demo' ? 'Basic' : 'Standard',
        'the cheapest registry that carries the environment',
        inEnvironment,
      ),
    },
    keeper: {
      run: fill(
        ['keeper', 'run'],
        file.keeper?.run,
        file.schedule ? 'container-instance' : 'none',
        'a schedule needs something outside the clusters to run it',
        [{ name: 'schedule', value: file.schedule ? 'set' : 'none' }],
      ),
    },
    ...compact({
      budget: file.budget?.monthlyUSD === undefined ? undefined : { monthlyUsd: usd(file.budget.monthlyUSD) },
    }),
    workloads,
    teams: resolveTeams(file, workloads, clusters, fill),
    waivers: present(file.waivers).flatMap(({ invariant, at, reason, owner, expires }) =>
      invariant && reason && owner && expires
        ? [{ invariant, reason, owner, expires, ...compact({ at }) }]
        : [],
    ),
  };
  return { fleet, explanations };
}

function resolveVaultMarks(file: SoundFile, fill: Fill): Fleet['secrets']['vault'] {
  return sortedEntries(file.secrets?.vault ?? {}).map(([name, mark = {}]) => {
    const length =
      mark.generate === true
        ? fill(
            ['secrets', 'vault', name, 'length'],
            mark.length,
            GENERATED_LENGTH,
            `${GENERATED_LENGTH} letters and digits at random are 190 bits: nobody guesses them`,
          )
        : mark.length;
    return { name, ...compact({ isGenerated: mark.generate, length }) };
  });
}

function resolveTiers(file: SoundFile, environment: Environment, fill: Fill): Fleet['tiers'] {
  const tier = (number: 1 | 2, fallback: CapacityType, rule: string): CapacityType =>
    fill(['tiers', number, environment], file.tiers?.[number]?.[environment], fallback, rule, [
      { name: 'tier', value: String(number) },
      { name: 'environment', value: environment },
    ]);
  const isDemo = environment === 'demo';
  const workloads = tier(
    2,
    'Spot',
    isDemo
      ? 'a demo shows what an eviction does (ADR-A01, C2)'
      : 'workloads have replicas, and On-Demand nodes behind their Spot nodes (ADR-A01)',
  );
  if (isDemo && file.live === true) {
    const live = [
      { name: 'tier', value: '1' },
      { name: 'environment', value: environment },
      { name: 'live', value: 'true' },
    ];
    const rule =
      'before an audience no eviction may take the platform services away, whatever the tier says (ADR-A01)';
    return { 1: fill(['tiers', 1, environment], undefined, 'OnDemand', rule, live), 2: workloads };
  }
  const platform = isDemo
    ? tier(1, 'Spot', 'a demo shows what an eviction does, to the platform services too (ADR-A01, C2)')
    : tier(1, 'OnDemand', 'an eviction would take the platform services of all clusters away (ADR-A01, C3)');
  return { 1: platform, 2: workloads };
}

function resolveGitops(file: SoundFile, fill: Fill): Fleet['gitops'] {
  const written = file.gitops;
  if (written?.repo === undefined) return undefined;
  return {
    repo: written.repo,
    revision: fill(
      ['gitops', 'revision'],
      written.revision,
      'main',
      'the usual name of the branch that is deployed',
    ),
    path: fill(['gitops', 'path'], written.path, '', 'the tree starts at the root of the repository').replace(
      /^\/+|\/+$/g,
      '',
    ),
  };
}

function resolveSchedule(file: SoundFile, fill: Fill): Fleet['schedule'] {
  const awakeText = file.schedule?.awake;
  if (!file.schedule || awakeText === undefined) return undefined;
  const awake = parseAwakeHours(awakeText);
  if (typeof awake === 'string') return undefined;
  return {
    timezone: fill(['schedule', 'timezone'], file.schedule.timezone, 'UTC', 'no time zone was named'),
    awake,
    awakeText,
    asleep: fill(['schedule', 'asleep'], file.schedule.asleep, 'stop', 'a stopped fleet keeps its data'),
  };
}

function resolvePeers(
  written: DeepPartial<[string, string][]> | undefined,
  clusters: readonly Cluster[],
  clusterMesh: boolean,
  fill: Fill,
): Fleet['network']['peers'] {
  const mgmt = clusters.find(({ role }) => role === 'mgmt');
  const star = clusters.flatMap(({ name, role }) =>
    mgmt && role === 'app' ? [[mgmt.name, name] as const] : [],
  );
  const pairs =
    written &&
    present(written).flatMap(([a, b]) => (a !== undefined && b !== undefined ? [[a, b] as const] : []));
  return fill(
    ['network', 'peers'],
    pairs,
    clusterMesh ? star : [],
    clusterMesh
      ? 'mgmt talks with every app cluster, app clusters not with each other (source design, 3.2)'
      : 'without a mesh, no cluster talks with another',
    [{ name: 'network.clusterMesh', value: String(clusterMesh) }],
  );
}

function resolveWorkloads(file: SoundFile, fill: Fill): readonly Workload[] {
  return sortedEntries(file.workloads ?? {}).map(([name, workload = {}]) => {
    const at = ['workloads', name];
    const cpu = fill(
      [...at, 'requests', 'cpu'],
      workload.requests?.cpu,
      '100m',
      'a pod without a request cannot be placed honestly',
    );
    const memory = fill(
      [...at, 'requests', 'memory'],
      workload.requests?.memory,
      '128Mi',
      'a pod without a request cannot be placed honestly',
    );
    return {
      name,
      clusters: [...new Set(present(workload.clusters))].toSorted(compareText),
      image: workload.image ?? 'unknown',
      replicas: fill(
        [...at, 'replicas'],
        workload.replicas,
        2,
        'one replica alone cannot survive an eviction (source design, 6.1)',
      ),
      port: fill([...at, 'port'], workload.port, 8080, 'the usual port of a container that is not root'),
      requests: { cpuMillis: parseCpuMillis(cpu) ?? 100, memoryMiB: parseMemoryMiB(memory) ?? 128 },
      critical: workload.critical ?? false,
      env: Object.fromEntries(
        sortedEntries(workload.env ?? {}).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        ),
      ),
      secrets: [...new Set(present(workload.secrets))].toSorted(compareText),
      callers: fill(
        [...at, 'callers'],
        workload.callers && [...new Set(present(workload.callers))].toSorted(compareText),
        [],
        'nobody calls it unless the file says so, here or under `reaches` of the caller',
      ),
      reaches: fill(
        [...at, 'reaches'],
        workload.reaches && destinations(present(workload.reaches)),
        [],
        'it calls nothing but DNS unless the file says so, here or under `callers` of what is called',
      ),
    };
  });
}

function destinations(texts: readonly string[]): readonly Destination[] {
  return [...new Set(texts)].toSorted(compareText).flatMap((text) => {
    const parsed = parseDestination(text);
    return typeof parsed === 'string' ? [] : [parsed];
  });
}
