import assert from 'node:assert/strict';
import { StepError } from '../../src/base/step-error.ts';
import type { Change, RootFolder, Terraform } from '../../src/deploy/world.ts';
import type { Platform } from '../../src/model/platform.ts';
import { type DeclaredResource, declaredResources } from '../../src/terraform/resources.ts';
import { VAULT_URI } from './fake-fleet.ts';

type Stored = { readonly id: string; readonly isTainted: boolean };
type Plan = { readonly path: string; readonly changes: readonly Change[] };

export type FakeTerraform = {
  readonly terraform: Terraform;
  /** Every call but those that only read a state: `plan foundation`, `apply clusters/app1`. */
  readonly log: string[];
  /** By root and address. */
  readonly states: ReadonlyMap<string, ReadonlyMap<string, Stored>>;
  /** What a root plans beside what is missing, until it is applied. */
  readonly pending: Map<string, readonly Change[]>;
  /** Variables that a root was last planned with. */
  readonly variables: Map<string, RootFolder['variables']>;
  /** More in the outputs of the foundation. */
  readonly outputs: Record<string, unknown>;
  /** An apply that is killed: Azure has what it made, the state has not. */
  readonly cutOff: (planFile: string) => void;
  /** How many plans are made at once, at most so far. */
  readonly atOnceMax: () => number;
};

/** A Terraform over an Azure in memory, whose roots declare what those of the platform do. */
export function fakeTerraform(
  platform: Platform,
  hooks: {
    readonly onMade?: (path: string) => void;
    readonly onGone?: (path: string) => void;
    /** Thrown by an apply of that root, before it does anything. */
    readonly refusal?: (path: string) => Error | undefined;
  } = {},
): FakeTerraform {
  const declared = declaredIn(platform);
  const paths = [...new Set(declared.map(({ root }) => root))];
  const states = new Map(paths.map((path) => [path, new Map<string, Stored>()]));
  const inAzure = new Set<string>();
  const plans = new Map<string, Plan>();
  const ready = new Set<string>();
  const log: string[] = [];
  const pending: FakeTerraform['pending'] = new Map();
  const variables: FakeTerraform['variables'] = new Map();
  const outputs: Record<string, unknown> = {};
  let [made, planning, atOnceMax] = [0, 0, 0];

  const changesOf = (path: string, isDestroy: boolean): readonly Change[] => {
    const state = states.get(path)!;
    if (isDestroy) return [...state.keys()].map((address) => change(address, 'delete'));
    return [
      ...declared.flatMap(({ root, address }) =>
        root === path && !state.has(address) ? [change(address, 'create')] : [],
      ),
      ...[...state].flatMap(([address, { isTainted }]) => (isTainted ? [change(address, 'replace')] : [])),
      ...(pending.get(path) ?? []),
    ];
  };
  const make = (path: string, address: string): void => {
    inAzure.add(`${path} ${address}`);
    hooks.onMade?.(path);
  };
  const applyChange = (path: string, { address, action }: Change): void => {
    const state = states.get(path)!;
    if (action === 'delete') {
      state.delete(address);
      inAzure.delete(`${path} ${address}`);
      if (state.size === 0) hooks.onGone?.(path);
    } else {
      make(path, address);
      state.set(address, { id: idOf(path, address), isTainted: false });
    }
  };
  const serve = (planFile: string, path: string): Plan => {
    const plan = plans.get(planFile);
    assert.ok(plan?.path === path, `${planFile} is no plan of ${path}, or was applied before`);
    plans.delete(planFile);
    return plan;
  };

  const terraform: Terraform = {
    version: async () => ({ program: 'terraform', version: '1.11.4' }),
    init: async ({ path }) => void ready.add(path),
    plan: async (root, { signal, isDestroy = false }) => {
      const { path } = root;
      assert.ok(ready.has(path), `${path} was planned before its init`);
      signal.throwIfAborted();
      planning += 1;
      atOnceMax = Math.max(atOnceMax, planning);
      await new Promise((resolve) => setImmediate(resolve));
      planning -= 1;
      log.push(`plan ${isDestroy ? '-destroy ' : ''}${path}`);
      variables.set(path, root.variables);
      const planFile = `${path}#${(made += 1)}`;
      plans.set(planFile, { path, changes: changesOf(path, isDestroy) });
      return { changes: plans.get(planFile)!.changes, planFile };
    },
    apply: async ({ path }, planFile, { report }) => {
      log.push(`apply ${path}`);
      const { changes } = serve(planFile, path);
      const refusal = hooks.refusal?.(path);
      if (refusal) throw refusal;
      const isLost = ({ address, action }: Change): boolean =>
        action === 'create' && inAzure.has(`${path} ${address}`) && !states.get(path)!.has(address);
      const lost = changes.filter(isLost);
      for (const each of changes) {
        if (lost.includes(each)) continue;
        if (path === 'foundation' && each.action === 'delete') refuseInUse(states);
        report(`${each.address}: working`);
        applyChange(path, each);
      }
      if (lost.length === 0) return void pending.delete(path);
      const told = lost.map(({ address }) => existsText(address, idOf(path, address)));
      throw new StepError(`terraform apply of ${path} failed:\n${told.join('\n\n')}`);
    },
    outputs: async ({ path }) => {
      if (path !== 'foundation' || states.get(path)!.size === 0) return {};
      const inputs = platform.clusters.map(({ name }) => [name, { egress_ip_addresses: ['198.51.100.7'] }]);
      const clients = platform.identities.map(({ name }) => [name, `client-of-${name}`]);
      return {
        cluster_inputs: Object.fromEntries(inputs),
        keeper_inputs: { identity_client_id: 'client-of-keeper' },
        identity_client_ids: Object.fromEntries(clients),
        vault_uri: VAULT_URI,
        ...outputs,
      };
    },
    resources: async ({ path }) =>
      [...states.get(path)!].map(([address, { id, isTainted }]) => ({ address, id, isTainted })),
    untaint: async ({ path }, address) => {
      log.push(`untaint ${path} ${address}`);
      states.get(path)!.set(address, { id: idOf(path, address), isTainted: false });
    },
    import: async ({ path }, address, id) => {
      log.push(`import ${path} ${address}`);
      assert.equal(id, idOf(path, address));
      states.get(path)!.set(address, { id, isTainted: false });
    },
  };
  return {
    terraform,
    log,
    states,
    pending,
    variables,
    outputs,
    cutOff: (planFile) => {
      const { path, changes } = plans.get(planFile)!;
      for (const { address, action } of changes) if (action === 'create') make(path, address);
    },
    atOnceMax: () => atOnceMax,
  };
}

const known = new WeakMap<Platform, readonly DeclaredResource[]>();

/** Nothing changes a platform: its roots are read once. */
function declaredIn(platform: Platform): readonly DeclaredResource[] {
  const found = known.get(platform) ?? declaredResources(platform);
  known.set(platform, found);
  return found;
}

export function change(
  address: string,
  action: Change['action'],
  replacedBy: readonly string[] = [],
): Change {
  return { address, type: address.split('.')[0]!, action, replacedBy };
}

function idOf(path: string, address: string): string {
  return `/subscriptions/s/${path}/${address}`;
}

/** As the adapter tells of azurerm's refusal. */
function existsText(address: string, id: string): string {
  return (
    `A resource with the ID "${id}" already exists - to be managed via Terraform this resource needs to be imported ` +
    `into the State.\n  with ${address},\n  on main.tf line 3`
  );
}

/** Subnets that clusters stand in do not go. */
function refuseInUse(states: FakeTerraform['states']): void {
  for (const [path, state] of states) {
    if (path !== 'foundation' && state.size > 0) throw new StepError(`the subnets are in use by ${path}`);
  }
}
