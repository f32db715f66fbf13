import type { Farewell, Loss, RootOutlook } from '../../src/deploy/ask.ts';
import { StepError } from '../../src/base/step-error.ts';
import type { Outcome } from '../../src/deploy/deploy.ts';
import { managedClusterPath } from '../../src/deploy/managed-cluster.ts';
import type { Deployment, Run } from '../../src/deploy/run.ts';
import { stateStoreOf } from '../../src/deploy/state-store.ts';
import type { Azure, World } from '../../src/deploy/world.ts';
import { synthesize } from '../../src/plan/synthesize.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { COMMIT, fakeFleet, type FakeFleet } from './fake-fleet.ts';
import { type FakeTerraform, fakeTerraform } from './fake-terraform.ts';
import { clustersThere, CLUSTERS, PROVIDERS, soundRun, SUBSCRIPTION, TENANT } from './preflight/sound-run.ts';

/** One cluster for the platform and one for workloads, and a keeper. */
export const SMALL: FleetData = {
  clusters: { mgmt: {}, app1: {} },
  workloads: { storefront: { clusters: ['app1'], image: 'ghcr.io/acme/storefront:1.4.2' } },
};

/** A subscription that a fleet is brought up in from nothing, all in memory. */
export type WholeFleet = {
  readonly deployment: Deployment;
  readonly world: World;
  readonly fleet: FakeFleet;
  readonly terraform: FakeTerraform;
  /** Every call that changes something outside of clusters, in order, the lease included. */
  readonly writes: string[];
  /** Resources that were written to Azure past Terraform, by path in lower case. */
  readonly stored: Map<string, object>;
  readonly lease: FakeLease;
  /** A run of its own, with what it asked. */
  readonly run: (answers?: Partial<Answers>, world?: World) => AskedRun;
};

export type FakeLease = {
  isHeld: boolean;
  /** Looks at the data plane until the role has arrived there. */
  looksUntilOpen: number;
  /** Told when it is taken; calling it is losing the lease. */
  lose: ((error: Error) => void) | undefined;
};

/** Thrown where the answer is no. */
type Answers = { readonly begin: Error; readonly lose: Error; readonly end: Error };

export type AskedRun = Run & {
  readonly asked: {
    readonly begin: (readonly RootOutlook[])[];
    readonly lose: (readonly Loss[])[];
    readonly end: Farewell[];
  };
};

const ROLE_ASSIGNMENTS = '/providers/microsoft.authorization/roleassignments';

export function wholeFleet(
  data: FleetData = SMALL,
  more: {
    readonly deployment?: Partial<Deployment>;
    readonly refusal?: (path: string) => Error | undefined;
  } = {},
): WholeFleet {
  const fleet = fakeFleet(data, {
    deployment: {
      subscription: SUBSCRIPTION,
      tenant: TENANT,
      keeperImage: 'ghcr.io/acme/keeper:1',
      checkout: '/checkout',
      ...planOf(data),
      ...more.deployment,
    },
  });
  const { platform, tree } = fleet.deployment;
  const isLocal = more.deployment?.stateStore?.kind === 'local';
  const stateStore = isLocal ? ({ kind: 'local' } as const) : stateStoreOf(platform.names, SUBSCRIPTION);
  const deployment: Deployment = { ...fleet.deployment, stateStore };
  const writes: string[] = [];
  const stored = new Map<string, object>();
  const terraform = fakeTerraform(platform, {
    onMade: (path) => void (path.startsWith('clusters/') && fleet.create(path.slice('clusters/'.length))),
    onGone: (path) => void fleet.clusters.delete(path.slice('clusters/'.length)),
    ...(more.refusal ? { refusal: more.refusal } : {}),
  });
  const lease: FakeLease = { isHeld: false, looksUntilOpen: 0, lose: undefined };
  const world: World = {
    ...fleet.world,
    azure: azureOf({ fleet, deployment, stored, writes }),
    terraform: loggedTerraform(terraform, writes),
    vault: {
      ...fleet.world.vault,
      set: (vaultUri, name, value, signal) => {
        writes.push(`vault ${name}`);
        return fleet.world.vault.set(vaultUri, name, value, signal);
      },
    },
    lease: leaseOf(lease, { isLocal, stored, writes }),
    git: { remoteRevision: async () => COMMIT, treeAt: async () => tree },
  };
  return {
    deployment,
    world,
    fleet,
    terraform,
    writes,
    stored,
    lease,
    run: (answers = {}, own = world) => askedRun(deployment, own, answers),
  };
}

/** What a run that ends well has none of. */
export function troubles({ ends }: Outcome): readonly string[] {
  return [...ends].flatMap(([id, end]) => {
    if (end.kind === 'changed' || end.kind === 'unchanged') return [];
    return [end.kind === 'failed' ? `${id}: ${end.error.stack}` : `${id}: ${end.kind}`];
  });
}

const plans = new Map<string, Pick<Deployment, 'platform' | 'tree'>>();

/** Nothing changes a plan: one serves all. */
function planOf(data: FleetData): Pick<Deployment, 'platform' | 'tree'> {
  // What is left out counts too.
  const key = JSON.stringify(Object.entries(data));
  const known = plans.get(key);
  if (known) return known;
  const platform = platformOf(atlas(data));
  const plan = { platform, tree: synthesize(platform) };
  plans.set(key, plan);
  return plan;
}

function askedRun(deployment: Deployment, world: World, answers: Partial<Answers>): AskedRun {
  const asked: AskedRun['asked'] = { begin: [], lose: [], end: [] };
  const ask =
    <Shown>(shown: Shown[], no: Error | undefined) =>
    async (what: Shown): Promise<void> => {
      shown.push(what);
      if (no) throw no;
    };
  return {
    deployment,
    world,
    asked,
    ask: {
      begin: ask(asked.begin, answers.begin),
      lose: ask(asked.lose, answers.lose),
      end: ask(asked.end, answers.end),
    },
    found: { plans: new Map() },
  };
}

const REGISTERED_STORAGE = { [`GET ${PROVIDERS}/Microsoft.Storage`]: { registrationState: 'Registered' } };
/** It is only read, and costs a whole plan to make. */
let emptyAzure: Azure | undefined;

function azureOf(whole: {
  readonly fleet: FakeFleet;
  readonly deployment: Deployment;
  readonly stored: Map<string, object>;
  readonly writes: string[];
}): Azure {
  const { fleet, deployment, stored, writes } = whole;
  const { platform } = deployment;
  const there = (): readonly object[] =>
    clustersThere(platform).filter((_, index) => fleet.clusters.has(platform.clusters[index]!.name));
  const azure = (emptyAzure ??= soundRun({ answers: REGISTERED_STORAGE }).world.azure);
  return {
    ...azure,
    get: async (path, apiVersion, signal) => {
      const cluster = platform.clusters.some((each) => managedClusterPath(deployment, each) === path);
      if (cluster) return fleet.world.azure.get(path, apiVersion, signal);
      return stored.get(path.toLowerCase()) ?? azure.get(path, apiVersion, signal);
    },
    list: async (path, apiVersion, signal) => {
      const [plain = ''] = path.toLowerCase().split('?');
      if (`LIST ${path}` === CLUSTERS) return there();
      if (!plain.endsWith(ROLE_ASSIGNMENTS)) return azure.list(path, apiVersion, signal);
      return [...stored].flatMap(([key, body]) => (key.startsWith(`${plain}/`) ? [body] : []));
    },
    put: async (path, _, body) => {
      writes.push(`put ${path.split('/').slice(-2).join('/')}`);
      stored.set(path.toLowerCase(), body);
      return body;
    },
    post: async (path, apiVersion, body, signal) => {
      if (path.endsWith('/register')) writes.push(`register ${path.split('/').at(-2)}`);
      return azure.post(path, apiVersion, body, signal);
    },
  };
}

function loggedTerraform({ terraform }: FakeTerraform, writes: string[]): World['terraform'] {
  return {
    ...terraform,
    apply: (root, planFile, call) => {
      writes.push(`apply ${root.path}`);
      return terraform.apply(root, planFile, call);
    },
    import: (root, address, id, call) => {
      writes.push(`import ${root.path}`);
      return terraform.import(root, address, id, call);
    },
    untaint: (root, address, call) => {
      writes.push(`untaint ${root.path}`);
      return terraform.untaint(root, address, call);
    },
  };
}

/** Open to whoever has a role, some looks after it was given. */
function leaseOf(
  lease: FakeLease,
  place: {
    readonly isLocal: boolean;
    readonly stored: ReadonlyMap<string, object>;
    readonly writes: string[];
  },
): World['lease'] {
  const hasRole = (): boolean => [...place.stored.keys()].some((key) => key.includes(ROLE_ASSIGNMENTS));
  const isOpen = (): boolean => {
    if (place.isLocal) return true;
    if (!hasRole()) return false;
    if (lease.looksUntilOpen === 0) return true;
    lease.looksUntilOpen -= 1;
    return false;
  };
  return {
    isReachable: async () => isOpen(),
    acquire: async (holder, onLost) => {
      if (!isOpen()) throw new StepError('taking the lease of the fleet: 403');
      if (lease.isHeld) throw new StepError(`somebody has the lease, and ${holder} has not`);
      place.writes.push('lease');
      lease.isHeld = true;
      lease.lose = onLost;
      return {
        release: async () => {
          place.writes.push('release');
          lease.isHeld = false;
        },
      };
    },
  };
}
