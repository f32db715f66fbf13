import fc from 'fast-check';
import type { FleetData } from './fleets.ts';

/** Sizes that most regions sell, from families of their own, as Spot too. */
const SIZES = [
  'Standard_D2s_v3',
  'Standard_D2ds_v5',
  'Standard_E2s_v3',
  'Standard_D4ads_v5',
  'Standard_E2ds_v5',
  'Standard_D2as_v5',
];
const REGIONS = ['koreacentral', 'eastus', 'westeurope', 'japaneast', 'swedencentral'];
const UUID = '22222222-2222-4222-8222-222222222222';

const appName = fc
  .stringMatching(/^[a-z]{2,8}(-[a-z0-9]{1,6})?$/)
  .filter((name) => name !== 'mgmt' && name !== 'services');
// Made once: fast-check takes longer to make these than to draw from them.
const fleetName = fc.stringMatching(/^[a-z][a-z0-9]{1,6}(-[a-z0-9]{1,5})?$/);
const workloadName = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
/** Ends in a digit, as no setting does: the two never become one variable. */
const secretName = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[0-9]$/);
const setting = fc.stringMatching(/^[A-Z][A-Z_]{0,12}$/);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const nodes = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
  .map(([least, more]) => `${least}..${least + more}`);

const userPool = fc.record(
  {
    vmSizes: fc.uniqueArray(fc.constantFrom(...SIZES), { minLength: 2, maxLength: 3 }),
    nodes,
    maxPods: fc.integer({ min: 30, max: 250 }),
    osDiskGB: fc.constantFrom(48, 64, 128),
  },
  { requiredKeys: ['vmSizes'] },
);
/** The mgmt pool carries the platform itself, so it is never too small for it. */
const mgmtPool = fc.record({
  vmSizes: fc.constantFrom(
    ['Standard_D4s_v3', 'Standard_D4ads_v5'],
    ['Standard_D4ads_v5', 'Standard_D4s_v3'],
  ),
  nodes: fc.constantFrom('2..4', '3', '2..6'),
});
const cluster = fc.record(
  {
    kubernetes: fc.constantFrom('1.34', '1.35', '1.36'),
    sku: fc.constantFrom('Free', 'Standard', 'Premium'),
    user: userPool,
    system: fc.record({
      vmSize: fc.constantFrom('Standard_D4s_v3', 'Standard_D4ds_v5'),
      nodes: fc.integer({ min: 2, max: 3 }),
    }),
  },
  { requiredKeys: ['user', 'system'] },
);

const workload = (clusters: readonly string[]) =>
  fc.record(
    {
      clusters: fc.subarray([...clusters], { minLength: 1 }),
      image: fc.constantFrom(
        'ghcr.io/acme/web:1.4.2',
        'acme.azurecr.io/api@sha256:0123456789abcdef',
        'nginx',
      ),
      replicas: fc.integer({ min: 2, max: 9 }),
      port: fc.constantFrom(80, 8080, 65535),
      requests: fc.record({
        cpu: fc.constantFrom('50m', '0.1'),
        memory: fc.constantFrom('64Mi', '0.1Gi', '200M'),
      }),
      critical: fc.boolean(),
      env: fc.dictionary(
        setting,
        fc.constantFrom('info', 'on', 'no', '0775', '12:30', ' spaced ', 'a: b', '#x', '한글', ''),
      ),
      secrets: fc.uniqueArray(secretName, { maxLength: 3 }),
      callers: fc.constantFrom([], ['internet']),
      reaches: fc.subarray(['api.example.com:443', '*.example.com:587', '10.200.0.0/16:5432']),
    },
    { requiredKeys: ['clusters', 'image'] },
  );

/** A sound fleet of one mgmt cluster and up to six others, with most fields there or not. */
export const anyFleet: fc.Arbitrary<FleetData> = fc
  .tuple(fc.uniqueArray(appName, { maxLength: 6 }), fc.constantFrom(...REGIONS))
  .chain(([apps, region]) => {
    const ids = fc.uniqueArray(fc.integer({ min: 2, max: 255 }), {
      minLength: apps.length,
      maxLength: apps.length,
    });
    const names = ['mgmt', ...apps];
    // Metrics flow from every app cluster to mgmt; pairs of app clusters are a choice.
    const star = apps.map((app) => ['mgmt', app]);
    const pairs = apps.flatMap((app, index) => apps.slice(index + 1).map((other) => [app, other]));
    return fc.record({
      name: fleetName,
      region: fc.constant(region),
      azure: optional(
        fc.record({ subscription: fc.constant(UUID), tenant: fc.constant(UUID) }, { requiredKeys: [] }),
      ),
      admins: fc.constant([UUID]),
      operators: fc.constantFrom(
        { ipRanges: ['203.0.113.0/24'] },
        { ipRanges: ['198.51.100.7/32', '203.0.113.0/25'] },
      ),
      gitops: optional(
        fc.record(
          {
            repo: fc.constant('https://github.com/acme/platform.git'),
            revision: fc.constantFrom('main', 'v1'),
            path: fc.constantFrom('', 'platform', 'a/b'),
          },
          { requiredKeys: ['repo'] },
        ),
      ),
      alerts: fc.constantFrom({ email: 'platform@acme.example' }),
      live: fc.boolean(),
      spot: optional(fc.constant({ maxPrice: -1 })),
      network: fc.record(
        {
          cni: fc.constantFrom('cilium', 'azure-overlay'),
          egress: fc.constantFrom('nat-gateway', 'load-balancer'),
          apiServer: fc.constantFrom('public', 'private'),
          peers: fc.subarray(pairs).map((chosen) => [...star, ...chosen]),
          subnets: fc.constantFrom({ mgmt: '10.1.0.0/16' }, { services: '192.168.7.0/24' }, {}),
        },
        { requiredKeys: [] },
      ),
      clusters: fc
        .tuple(ids, fc.array(cluster, { minLength: apps.length, maxLength: apps.length }), mgmtPool, cluster)
        .map(([numbers, clusters, user, mgmt]) =>
          Object.fromEntries([
            ['mgmt', { ...mgmt, user }],
            ...apps.map((app, index) => [app, { ...clusters[index], id: numbers[index] }]),
          ]),
        ),
      secrets: fc.constant({ sync: 'external-secrets' }),
      observability: fc.record({
        stack: fc.constantFrom('self', 'azure'),
        logs: fc.record({ dailyCapGB: fc.constantFrom(0, 0.16, 5), retentionDays: fc.constantFrom(30, 90) }),
      }),
      registry: optional(fc.record({ sku: fc.constantFrom('Basic', 'Standard', 'Premium') })),
      schedule: optional(
        fc.record({
          timezone: fc.constantFrom('Asia/Seoul', 'UTC'),
          awake: fc.constantFrom('Mon-Fri 08:00-20:00', 'Sat-Mon 09:30-18:00'),
          asleep: fc.constantFrom('stop', 'destroy'),
        }),
      ),
      keeper: fc.record({ run: fc.constantFrom('container-instance', 'container-apps-job') }),
      budget: optional(fc.constant({ monthlyUSD: 80 })),
      workloads: fc.dictionary(workloadName, workload(apps.length > 0 ? apps : names), { maxKeys: 4 }),
      teams: fc.record({ count: fc.integer({ min: 0, max: 2 }), haveLabs: fc.boolean() }),
    });
  })
  .map(({ schedule, teams: { count, haveLabs }, ...fleet }) => {
    // Without a mesh nothing carries metrics to mgmt; and production never sleeps.
    const isMeshed = fleet.network.cni !== 'azure-overlay';
    const observability = isMeshed ? fleet.observability : { ...fleet.observability, stack: 'azure' };
    const environments = schedule && { demo: { schedule } };
    const teams = count === 0 ? undefined : teamsOf(Object.keys(fleet.workloads), count, haveLabs);
    const workloads = withCalls(fleet.workloads, isMeshed ? (fleet.network.peers ?? []) : []);
    const whole = { ...fleet, observability, environments, teams, workloads };
    return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  });

type Called = { readonly clusters: readonly string[]; readonly reaches?: readonly string[] };

/** Each workload calls all that answer on every one of its clusters, or on a peer of it. */
function withCalls(
  workloads: Readonly<Record<string, Called>>,
  peers: readonly (readonly string[])[],
): Readonly<Record<string, Called>> {
  const arePeers = (a: string, b: string): boolean =>
    peers.some((pair) => pair.includes(a) && pair.includes(b));
  return Object.fromEntries(
    Object.entries(workloads).map(([name, workload]) => {
      const callees = Object.keys(workloads).filter((callee) =>
        workload.clusters.every((cluster) =>
          workloads[callee]!.clusters.some((other) => other === cluster || arePeers(cluster, other)),
        ),
      );
      return [name, { ...workload, reaches: [...(workload.reaches ?? []), ...callees] }];
    }),
  );
}

/** Teams with groups of their own, between which the workloads are dealt out. */
function teamsOf(workloads: readonly string[], count: number, haveLabs: boolean): object {
  const teams = Array.from({ length: count }, (_, index) => {
    const own = workloads.filter((_workload, position) => position % count === index);
    const namespaces = haveLabs || own.length === 0 ? [`lab-${index}`] : [];
    const group = `3333333${index}-3333-4333-8333-333333333333`;
    return [`team-${index}`, { group, ...(own.length > 0 ? { workloads: own } : {}), namespaces }] as const;
  });
  return Object.fromEntries(teams);
}

/** The same data with the keys of every map in another order. */
export function shuffledKeys(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffledKeys(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffledKeys(inner, seed)] as const);
  const rank = (key: string): number =>
    [...key].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0) + seed) % 997, seed);
  return Object.fromEntries(entries.toSorted(([a], [b]) => rank(a) - rank(b)));
}
