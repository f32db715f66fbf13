import fc from 'fast-check';
import type { Patch } from './fleet-under-test.ts';

/** Fleet files that the schema accepts, mostly wrong ones. */
const name = fc.constantFrom('mgmt', 'app1', 'app2', 'app1-nodes', 'services', 'default', 'argocd');
const size = fc.constantFrom(
  'Standard_D2s_v3',
  'Standard_D4s_v3',
  'Standard_D2as_v5',
  'Standard_B2s',
  'Standard_B2s_v2',
  'Standard_E16s_v5',
  'standard_d2s_v3',
  '__proto__',
  'a size\u001b[2J',
);
const prefix = fc.integer({ min: 4, max: 32 });
const range = fc
  .tuple(fc.constantFrom(10, 100, 169, 172, 192, 8), fc.nat(255), prefix)
  .map(([first, second, bits]) => {
    const block = 2 ** (32 - bits);
    const address = Math.floor((first * 2 ** 24 + second * 2 ** 16) / block) * block;
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return `${octets.join('.')}/${bits}`;
  });
const capacity = fc.constantFrom('Spot', 'OnDemand');
const nodes = fc
  .tuple(fc.nat(9), fc.integer({ min: 1, max: 90 }))
  .map(([min, more]) => `${min}..${min + more}`);

function some<T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const pool = {
  zones: fc.uniqueArray(fc.constantFrom(1, 2, 3), { maxLength: 3 }),
  maxPods: fc.integer({ min: 1, max: 1000 }),
  osDiskGB: fc.integer({ min: 1, max: 2048 }),
};
const cluster = some({
  role: fc.constantFrom('mgmt', 'app'),
  tier: fc.constantFrom(0, 1, 2),
  id: fc.integer({ min: 0, max: 1000 }),
  kubernetes: fc.constantFrom('1.35', '1.33', '1.99', '2.0', '1.34.1'),
  sku: fc.constantFrom('Free', 'Standard', 'Premium'),
  pods: range,
  user: some({ vmSizes: fc.array(size, { minLength: 1, maxLength: 4 }), nodes, capacity, ...pool }),
  system: some({ vmSize: size, nodes: fc.integer({ min: 1, max: 9 }), ...pool }),
});
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('hunter2', 'https://a:b@c', '$(X)', '3600'),
);
const tier = some({ demo: capacity, production: capacity });

export const anyFile: fc.Arbitrary<Patch> = some({
  region: fc.constantFrom('koreacentral', 'koreasouth', 'westus', 'moon', 'toString'),
  operators: some({ ipRanges: fc.array(range, { maxLength: 4 }) }),
  alerts: fc.constantFrom(null, { email: 'a@b.example' }),
  live: fc.boolean(),
  tiers: some({ 0: tier, 1: tier, 2: tier }),
  spot: some({ maxPrice: fc.oneof(fc.double({ noNaN: true, min: -2, max: 2 }), fc.constantFrom(-1, 0.04)) }),
  gitops: some({ repo: text }).map((gitops) => (gitops.repo ? gitops : { repo: 'x' })),
  network: some({
    cni: fc.constantFrom('cilium', 'azure-overlay'),
    clusterMesh: fc.boolean(),
    vnet: fc.array(range, { minLength: 1, maxLength: 3 }),
    subnets: fc.dictionary(name, range, { maxKeys: 4 }),
    serviceCidr: range,
    peers: fc.array(fc.tuple(fc.oneof(name, text), name), { maxLength: 4 }),
    egress: fc.constantFrom('nat-gateway', 'load-balancer'),
  }),
  clusters: fc.dictionary(name, cluster, { maxKeys: 5 }),
  secrets: some({ sync: fc.constantFrom('external-secrets', 'csi') }),
  observability: some({
    stack: fc.constantFrom('self', 'azure'),
    logs: some({
      dailyCapGB: fc.integer({ min: 0, max: 100 }),
      retentionDays: fc.integer({ min: 1, max: 1000 }),
    }),
  }),
  schedule: fc.record(
    {
      awake: fc.constant('Mon-Fri 08:00-20:00'),
      timezone: fc.constantFrom('Asia/Seoul', 'moon', '+09:00'),
      asleep: fc.constantFrom('stop', 'destroy'),
    },
    { requiredKeys: ['awake'] },
  ),
  keeper: fc.record({ run: fc.constantFrom('container-instance', 'container-apps-job', 'none') }),
  budget: fc.record({ monthlyUSD: fc.integer({ min: 1, max: 1000 }) }),
  workloads: fc.dictionary(
    fc.constantFrom('shop', 'api', 'job'),
    fc.record(
      {
        clusters: fc.array(fc.oneof(name, text), { minLength: 1, maxLength: 3 }),
        image: text,
        replicas: fc.nat(50),
        requests: some({ cpu: fc.constantFrom('10m', '4'), memory: fc.constantFrom('64Mi', '9Gi') }),
        critical: fc.boolean(),
        env: fc.dictionary(fc.oneof(text, fc.constantFrom('DB_PASSWORD', 'TOKEN_TTL')), text, { maxKeys: 3 }),
        secrets: fc.constant(['db-password']),
      },
      { requiredKeys: ['clusters', 'image'] },
    ),
    { maxKeys: 3 },
  ),
});

/** The same value with the keys of its maps in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const turn = entries.length === 0 ? 0 : Math.abs(seed) % entries.length;
  const turned = [...entries.slice(turn), ...entries.slice(0, turn)];
  return Object.fromEntries(
    (seed % 2 === 0 ? turned : turned.toReversed()).map(([key, item]) => [key, shuffled(item, seed)]),
  );
}
