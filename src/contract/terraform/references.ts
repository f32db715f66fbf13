import { type AddressStep, addressSteps, modulePrefix } from './address.ts';
import type { ConfigModule, ConfigResource } from './configuration.ts';
import { expressionAt, referencesOf } from './configuration.ts';
import type { Instance, ShownFile } from './shown-file.ts';

/** One file, by address. */
export type FileIndex = {
  readonly file: ShownFile;
  readonly instances: ReadonlyMap<string, Instance>;
  /** Instances of one block, by its address without the last key. */
  readonly byBlock: ReadonlyMap<string, readonly Instance[]>;
  /** Keys of the instances of a module, by its address without the last key. */
  readonly moduleKeys: ReadonlyMap<string, ReadonlySet<string | undefined>>;
};

/** Where references are read: which module instance, and what `each` is there. */
type Scope = {
  readonly module: readonly AddressStep[];
  readonly config: ConfigModule;
  /** `each.key` or `count.index`, as it stands in addresses. */
  readonly key?: string | undefined;
  readonly forEach?: readonly string[] | undefined;
};

/** What a set of references leads to; not sure where one of them could lead anywhere. */
type Found = { readonly instances: Set<Instance>; isSure: boolean; steps: number };

/** References are followed this often for one attribute; a plan that needs more is answered with unknown. */
const STEPS_MAX = 2000;
/** More references than this in one expression come from no person. */
const REFERENCES_MAX = 500;

export function indexFile(file: ShownFile): FileIndex {
  const instances = new Map<string, Instance>();
  for (const instance of file.instances) {
    // What is looked up while planning stands in the prior state, and without its values in the plan again.
    const known = instances.get(instance.address);
    if (!known || Object.keys(known.values).length < Object.keys(instance.values).length) {
      instances.set(instance.address, instance);
    }
  }
  const byBlock = new Map<string, Instance[]>();
  const moduleKeys = new Map<string, Set<string | undefined>>();
  for (const instance of instances.values()) {
    const block = blockAddress(instance);
    const list = byBlock.get(block);
    if (list) list.push(instance);
    else byBlock.set(block, [instance]);
    for (const [depth, { name, key }] of instance.module.entries()) {
      const call = `${modulePrefix(instance.module.slice(0, depth))}module.${name}`;
      const keys = moduleKeys.get(call);
      if (keys) keys.add(key);
      else moduleKeys.set(call, new Set([key]));
    }
  }
  return { file, instances, byBlock, moduleKeys };
}

/** The block in the configuration that an instance was made from. */
export function configurationOf({ file }: FileIndex, instance: Instance): ConfigResource | undefined {
  return moduleConfig(file.configuration, instance.module)?.resources.get(blockName(instance));
}

/** The one resource of these types that an instance's references lead to; undefined where that cannot be told. */
export function follow(
  index: FileIndex,
  from: Instance,
  references: readonly string[],
  types: readonly string[],
): Instance | undefined {
  const found: Found = { instances: new Set(), isSure: true, steps: 0 };
  followFrom(index, from, references, types, found);
  return found.isSure && found.instances.size === 1 ? [...found.instances][0] : undefined;
}

function followFrom(
  index: FileIndex,
  from: Instance,
  references: readonly string[],
  types: readonly string[],
  found: Found,
): void {
  const config = moduleConfig(index.file.configuration, from.module);
  if (!config) {
    found.isSure = false;
    return;
  }
  const forEach = config.resources.get(blockName(from))?.forEach;
  const scope: Scope = { module: from.module, config, key: from.key, forEach };
  followAll({ index, types, found }, references, scope, undefined);
}

type Search = { readonly index: FileIndex; readonly types: readonly string[]; readonly found: Found };

/** `chosen` is the key by which an outer expression picks one of what these references lead to. */
function followAll(
  search: Search,
  references: readonly string[],
  scope: Scope,
  chosen: string | undefined,
): void {
  const { found } = search;
  if (references.length > REFERENCES_MAX) {
    found.isSure = false;
    return;
  }
  // Terraform lists `a.b.id` and then `a.b`: the longest says it all.
  const longest = references.filter(
    (one) => !references.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
  );
  const isKeyed = longest.some((one) => one === 'each.key' || one === 'count.index');
  const key = isKeyed ? scope.key : chosen;
  const others = longest.filter((one) => one !== 'each.key' && one !== 'count.index');
  for (const reference of others) {
    if (++found.steps > STEPS_MAX) found.isSure = false;
    if (!found.isSure) return;
    // Beside something that is picked from, `each.value` and locals say which; there may be only one anyway.
    if (others.length > 1 && isPicking(reference) && others.some((other) => isWhole(other))) continue;
    followOne(search, reference, scope, key);
  }
}

/** `each.value.cluster`, `local.names`, `var.index`: what may stand in the brackets of another reference. */
function isPicking(reference: string): boolean {
  return /^(?:each\.value|local|var)\b/.test(reference);
}

/** A block or a module as a whole, without an attribute: something is picked out of it. */
function isWhole(reference: string): boolean {
  const names = addressSteps(reference)?.map(({ name }) => name) ?? [];
  if (names[0] === 'data') return names.length === 3;
  return names.length === 2 && !['each', 'local', 'var', 'count'].includes(names[0]!);
}

function followOne(search: Search, reference: string, scope: Scope, key: string | undefined): void {
  const steps = addressSteps(reference) ?? [];
  const [head, second, third] = steps;
  const { found } = search;
  // What a plan knows before it starts is not what is unknown.
  if (head?.name === 'path' || head?.name === 'terraform') return;
  if (!head || !second) found.isSure = false;
  else if (head.name === 'each') {
    // `each.value` of a for_each over resources is the one with the same key.
    if (scope.forEach) followAll(search, scope.forEach, { ...scope, forEach: undefined }, scope.key);
    else found.isSure = false;
  } else if (head.name === 'var') followVariable(search, second, third, scope, key);
  else if (head.name === 'module') followModule(search, second, third, scope, key);
  else if (head.name === 'data') followBlock(search, `data.${second.name}`, steps.slice(2), scope, key);
  else if (head.name.includes('_')) followBlock(search, head.name, steps.slice(1), scope, key);
  // A local is nowhere in the plan.
  else found.isSure = false;
}

function followVariable(
  search: Search,
  variable: AddressStep,
  attribute: AddressStep | undefined,
  scope: Scope,
  key: string | undefined,
): void {
  const call = scope.module.at(-1);
  // A variable of the root has a value: it is not what is unknown here.
  if (!call) return;
  const outer = scope.module.slice(0, -1);
  const config = moduleConfig(search.index.file.configuration, outer);
  const made = config?.calls.get(call.name);
  const references = made?.arguments.get(variable.name);
  if (!config || !made || !references) {
    search.found.isSure = false;
    return;
  }
  const outerScope: Scope = { module: outer, config, key: call.key, forEach: made.forEach };
  followAll(search, references, outerScope, variable.key ?? attribute?.key ?? key);
}

function followModule(
  search: Search,
  call: AddressStep,
  output: AddressStep | undefined,
  scope: Scope,
  key: string | undefined,
): void {
  const { index, found } = search;
  const made = scope.config.calls.get(call.name);
  const keys = index.moduleKeys.get(`${modulePrefix(scope.module)}module.${call.name}`);
  if (!made || !keys) {
    found.isSure = false;
    return;
  }
  const picked = call.key ?? (keys.size === 1 ? [...keys][0] : key);
  if (!keys.has(picked)) {
    found.isSure = false;
    return;
  }
  const inner: Scope = {
    module: [...scope.module, picked === undefined ? { name: call.name } : { name: call.name, key: picked }],
    config: made.module,
  };
  // `module.aks[each.key].id` loses its last part: any output may be meant, and often all lead to one thing.
  const { outputs } = made.module;
  for (const references of output === undefined ? outputs.values() : [outputs.get(output.name)]) {
    if (references) followAll(search, references, inner, output?.key ?? key);
    else found.isSure = false;
  }
}

function followBlock(
  search: Search,
  type: string,
  [block, attribute]: readonly AddressStep[],
  scope: Scope,
  key: string | undefined,
): void {
  const { index, types, found } = search;
  const all = block && index.byBlock.get(`${modulePrefix(scope.module)}${type}.${block.name}`);
  if (!all) {
    found.isSure = false;
    return;
  }
  const wanted = block.key ?? key;
  const picked = all.length === 1 ? all : all.filter((one) => wanted !== undefined && one.key === wanted);
  if (picked.length === 0) found.isSure = false;
  for (const instance of picked) {
    if (types.includes(instance.type)) found.instances.add(instance);
    else followAttribute(search, instance, attribute?.name);
  }
}

/** `azurerm_subnet_network_security_group_association.nodes.subnet_id`, written so that one waits for the other. */
function followAttribute(search: Search, instance: Instance, attribute: string | undefined): void {
  const { index, types, found } = search;
  const config = configurationOf(index, instance);
  const references =
    attribute === undefined || !config ? [] : referencesOf(expressionAt(config, [attribute]));
  if (references.length > 0) followFrom(index, instance, references, types, found);
  else found.isSure = false;
}

function moduleConfig(
  root: ConfigModule | undefined,
  module: readonly AddressStep[],
): ConfigModule | undefined {
  let config = root;
  for (const { name } of module) config = config?.calls.get(name)?.module;
  return config;
}

/** `azurerm_subnet.nodes`, `data.azurerm_subnet.nodes`. */
function blockName({ mode, type, name }: Instance): string {
  return `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
}

function blockAddress(instance: Instance): string {
  return `${modulePrefix(instance.module)}${blockName(instance)}`;
}
