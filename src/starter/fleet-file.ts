import type { Environment } from '../fleet/fleet.ts';

/** What a new fleet is made from. Names must be plain words: they are put into YAML as they are. */
export type StarterFleet = {
  readonly name: string;
  readonly region: string;
  /** The environment that the fleet is mostly for; the file holds both. */
  readonly environment: Environment;
  /** Names of the app clusters. */
  readonly apps: readonly string[];
};

/**
 * Sizes of two families, so that one that runs out does not take every Spot node along. Both have a temporary disk
 * that the OS disk fits on, which is free, and every region of the catalogue offers them (Resource SKUs API,
 * 2026-08-01).
 */
const SIZES = '[Standard_D2ds_v5, Standard_D2ads_v5]';

/**
 * The text of a first fleet file. It keeps the contract in both environments as it stands; what only its owner can
 * know is a placeholder, marked `replace`.
 */
export function starterFleetFile(fleet: StarterFleet): string {
  return [
    head(fleet),
    access(),
    tiers(fleet),
    network(),
    clusters(fleet),
    platform(fleet),
    overrides(fleet),
    workloads(fleet),
  ].join('\n');
}

function head({ name, region, environment }: StarterFleet): string {
  return `# A fleet of AKS clusters, for ${environment === 'demo' ? 'a demo' : 'production'} first. What is left out has a default:
#   bulkhead plan             what this file means, what it costs, whether it keeps its contract
#   bulkhead plan --explain   which rule made each default
#   bulkhead schema           the whole grammar, as JSON Schema, for completion in an editor
# Lines marked "replace" hold examples of what only you can know.
name: ${name} # part of every Azure name
region: ${region}
`;
}

function access(): string {
  return `# azure: # an apply needs it, a plan does not
#   subscription: 00000000-0000-0000-0000-000000000000
#   tenant: 00000000-0000-0000-0000-000000000000
admins: [11111111-1111-1111-1111-111111111111] # replace: the Entra group that administers every cluster
operators: { ipRanges: [203.0.113.0/24] } # replace: public addresses of people and CI; nobody else reaches the API servers
gitops: { repo: https://github.com/acme/platform.git, revision: main, path: platform } # replace: where Argo CD reads
alerts: { email: platform@acme.example } # replace: who is told
`;
}

function tiers({ environment }: StarterFleet): string {
  const live =
    environment === 'demo'
      ? '# live: true # before an audience: mgmt moves to On-Demand nodes, so that no eviction takes the dashboards away\n'
      : '';
  return `# A pool does not say Spot or On-Demand: tier and environment do (docs/adr/ADR-A01). Tier 0 is the AKS control plane,
# which is Azure's and never listed here.
tiers:
  1: { demo: Spot, production: OnDemand } # the platform: Prometheus, Argo CD, Grafana
  2: { demo: Spot, production: Spot } # workloads; in production with On-Demand nodes to fall back on
${live}`;
}

function network(): string {
  return `# Subnets, pod ranges and mesh addresses are derived from the cluster ids, and never overlap. By default mgmt talks with
# every app cluster, and app clusters not with each other; \`peers: [[app1, app2]]\` would say otherwise.
network:
  cni: cilium # docs/adr/ADR-A02; azure-overlay has Microsoft's support, and no mesh
  egress: nat-gateway
`;
}

function clusters({ environment, apps }: StarterFleet): string {
  const [mgmtNodes, appNodes] = environment === 'demo' ? ['1..3', '2..5'] : ['2..4', '3..9'];
  const lines = apps.map(
    (name, index) => `  ${name}: { id: ${index + 2}, user: { vmSizes: ${SIZES}, nodes: ${appNodes} } }\n`,
  );
  return `# Exactly one mgmt cluster, any number of others. Addresses follow from the id: it must not change once a cluster runs.
# Each size is a node pool of its own, the first preferred; nodes are counted over all of them. A size of a second family
# is there when Azure takes the first one back.
clusters:
  mgmt: { id: 1, user: { vmSizes: ${SIZES}, nodes: ${mgmtNodes} } }
${lines.join('')}`;
}

function platform({ environment }: StarterFleet): string {
  const capGB = environment === 'demo' ? 1 : 5;
  return `secrets: { sync: external-secrets } # docs/adr/ADR-A03: what is synced outlives an outage of the vault
observability:
  stack: self # Prometheus and Grafana on mgmt; azure: the managed ones
  logs: { dailyCapGB: ${capGB}, retentionDays: 30 } # the cap is a fuse, not a budget: \`bulkhead cost\` prices it
`;
}

function overrides({ environment }: StarterFleet): string {
  const [demoUSD, productionUSD] = environment === 'demo' ? [600, 3000] : [1000, 4000];
  const critical =
    environment === 'production'
      ? '    workloads: { storefront: { critical: true } } # off Spot nodes: its clusters keep an On-Demand node always\n'
      : '';
  return `# Laid over the rest in one environment: maps merge, everything else replaces. A budget sends a message when it is
# reached, and stops nothing; \`bulkhead cost\` says what the fleet takes.
environments:
  demo:
    schedule: { timezone: Asia/Seoul, awake: Mon-Fri 08:00-20:00, asleep: stop } # replace
    budget: { monthlyUSD: ${demoUSD} } # replace
  production: # never sleeps
    budget: { monthlyUSD: ${productionUSD} } # replace
${critical}`;
}

function workloads({ apps }: StarterFleet): string {
  return `workloads:
  storefront: # replace
    clusters: [${apps.join(', ')}]
    image: ghcr.io/acme/storefront:1.4.2
    replicas: 3
    requests: { cpu: 250m, memory: 256Mi }
    env: { LOG_LEVEL: info }
    secrets: [db-password] # names of Key Vault secrets, never values

# A finding that you accept for a time is a waiver, with a reason, an owner and a last day:
# waivers:
#   - { invariant: system-pool-size, reason: a demo, owner: platform team, expires: 2027-01-31 }
`;
}
