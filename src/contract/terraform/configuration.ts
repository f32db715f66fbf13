import type { ScanPath } from './json-scan.ts';
import { isKept, keptOf } from './kept-attributes.ts';

/**
 * What a plan was made from: which attribute refers to what. It is the only place that says what an attribute
 * that is known after the apply will hold. Locals are not among it.
 */
export type ConfigModule = {
  /** By `type.name`, and `data.type.name`. */
  readonly resources: Map<string, ConfigResource>;
  readonly calls: Map<string, ModuleCall>;
  /** What each output refers to. */
  readonly outputs: Map<string, readonly string[]>;
};

export type ConfigResource = {
  /** Expressions by attribute; those of nested blocks stand in lists, as the blocks do. */
  readonly expressions: Readonly<Record<string, unknown>>;
  readonly forEach?: readonly string[];
};

type ModuleCall = {
  readonly module: ConfigModule;
  /** What each argument refers to. */
  arguments: ReadonlyMap<string, readonly string[]>;
  forEach?: readonly string[];
};

export function emptyModule(): ConfigModule {
  return { resources: new Map(), calls: new Map(), outputs: new Map() };
}

/** Files one value of the configuration, found at this path below the root module's. */
export function takeConfiguration(root: ConfigModule, path: ScanPath, value: unknown): void {
  let module = root;
  let at = 0;
  while (path[at] === 'module_calls' && path[at + 2] === 'module') {
    module = callOf(module, String(path[at + 1])).module;
    at += 3;
  }
  const [part, name, detail] = path.slice(at);
  if (part === 'resources') takeResource(module, value);
  else if (part === 'outputs') module.outputs.set(String(name), referencesOf(field(value, 'expression')));
  else if (detail === 'for_each_expression') callOf(module, String(name)).forEach = referencesOf(value);
  else if (detail === 'expressions' && typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => [key, referencesOf(one)] as const);
    callOf(module, String(name)).arguments = new Map(entries);
  }
}

/** References that an expression makes, the nested ones among them, in the order of the text. */
export function referencesOf(expression: unknown): readonly string[] {
  const references = field(expression, 'references');
  return Array.isArray(references) ? references.filter((one): one is string => typeof one === 'string') : [];
}

/** The expression of an attribute, given the way to it; undefined where it is not written. */
export function expressionAt(resource: ConfigResource, path: readonly (string | number)[]): unknown {
  let expression: unknown = resource.expressions;
  for (const step of path) expression = field(expression, step);
  return expression;
}

function takeResource(module: ConfigModule, value: unknown): void {
  const [type, name, mode] = [field(value, 'type'), field(value, 'name'), field(value, 'mode')];
  const expressions = field(value, 'expressions');
  if (typeof type !== 'string' || typeof name !== 'string' || !isKept(type)) return;
  const forEach = referencesOf(field(value, 'for_each_expression'));
  module.resources.set(`${mode === 'data' ? 'data.' : ''}${type}.${name}`, {
    expressions: typeof expressions === 'object' && expressions !== null ? keptOf(type, expressions) : {},
    ...(forEach.length === 0 ? {} : { forEach }),
  });
}

function callOf(module: ConfigModule, name: string): ModuleCall {
  const known = module.calls.get(name);
  if (known) return known;
  const made: ModuleCall = { module: emptyModule(), arguments: new Map() };
  module.calls.set(name, made);
  return made;
}

function field(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string | number, unknown>)[name];
}
