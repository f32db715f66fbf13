import type { Finding } from '../../base/finding.ts';
import { quote } from '../../base/quote.ts';
import { type AddressStep, addressSteps, moduleOf } from './address.ts';
import { type ConfigModule, emptyModule, takeConfiguration } from './configuration.ts';
import { type Interest, type ScanPath, scanJson } from './json-scan.ts';
import { isKept, keptOf } from './kept-attributes.ts';

/** One resource, or one that was only looked up, as a plan leaves it or a state holds it. */
export type Instance = {
  /** The name by which the user gave the file. */
  readonly file: string;
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Which one of `count` or `for_each`, as it stands in the address: `0`, `"app1"`. */
  readonly key?: string;
  readonly module: readonly AddressStep[];
  /**
   * What is known: an attribute that is absent is decided by the apply, or is not written and the provider's
   * to choose.
   */
  readonly values: Readonly<Record<string, unknown>>;
};

/** A plan or a state, as `terraform show -json` prints it, reduced to what can be held against the contract. */
export type ShownFile = {
  readonly name: string;
  readonly kind: 'plan' | 'state';
  readonly instances: readonly Instance[];
  /** What the tags of resources call their environment, in lower case. */
  readonly environments: readonly string[];
  /** What the plan was made from; a state has none. */
  readonly configuration?: ConfigModule;
  /** Providers that something is made with, e.g. `hashicorp/azurerm`, by name. */
  readonly providers: readonly string[];
  /** The subscription that the one azurerm provider works in, where the file tells. */
  readonly subscription?: string;
};

/** What a file gives: something to check, and what is wrong with it. Without a file there is nothing to check. */
export type ShownFileLoad = { readonly file?: ShownFile; readonly findings: readonly Finding[] };

/** All that is printed of a state that holds nothing. */
const EMPTY_STATE = new Set(['format_version', 'terraform_version']);
/** Other documents are told apart by their first parts. */
const PARTS_MAX = 100;

/** Scalars at the top that tell what the document is. */
const MARKS = new Set(['format_version', 'complete', 'errored', 'version', 'lineage', '@level']);

type Draft = {
  /** Names of the parts that the document has, the first of them. */
  readonly parts: Set<string>;
  readonly marks: Map<string, unknown>;
  readonly instances: Instance[];
  readonly environments: Set<string>;
  readonly providers: Set<string>;
  readonly configuration: ConfigModule;
  readonly azurerm: unknown[];
  readonly variables: Map<string, string>;
};

/**
 * Reads a plan or a state of any size. Formats 1.x are read, as Terraform 1.x and OpenTofu print them
 * (developer.hashicorp.com, terraform/internals/json-format); another one is refused by its number.
 */
export function readShownFile(name: string, chunks: Iterable<Uint8Array>): ShownFileLoad {
  const draft: Draft = {
    parts: new Set(),
    marks: new Map(),
    instances: [],
    environments: new Set(),
    providers: new Set(),
    configuration: emptyModule(),
    azurerm: [],
    variables: new Map(),
  };
  const refusal = readInto(draft, name, chunks);
  if (refusal) return { findings: [{ ...refusal, severity: 'error', path: [], file: name }] };
  const subscription = subscriptionOf(draft);
  return {
    file: {
      name,
      kind: isPlan(draft.parts) ? 'plan' : 'state',
      instances: draft.instances,
      environments: [...draft.environments],
      ...(isPlan(draft.parts) ? { configuration: draft.configuration } : {}),
      providers: [...draft.providers].toSorted(),
      ...(subscription === undefined ? {} : { subscription }),
    },
    findings: isWhole(draft.marks) ? [] : [incomplete(name)],
  };
}

function readInto(draft: Draft, name: string, chunks: Iterable<Uint8Array>): Refusal | undefined {
  const source = chunks[Symbol.iterator]();
  const first = source.next();
  const start = first.done ? new Uint8Array() : first.value;
  const foreign = otherEncoding(start);
  if (foreign) return foreign;
  const rest = { [Symbol.iterator]: () => source };
  const problem = scanJson(joined(withoutMark(start), rest), {
    interestIn: (path) => {
      if (path.length === 1 && draft.parts.size < PARTS_MAX) draft.parts.add(String(path[0]));
      return interestIn(path);
    },
    take: (path, value) => take(draft, name, path, value),
  });
  return problem === undefined ? refusalOf(draft) : otherFormat(problem, draft.marks);
}

function interestIn(path: ScanPath): Interest {
  const [top, second, third] = path;
  if (top === undefined) return 'enter';
  if (path.length === 1) {
    if (MARKS.has(String(top))) return 'keep';
    return SECTIONS.has(String(top)) ? 'enter' : 'skip';
  }
  if (top === 'variables') return path.length === 2 ? 'keep' : 'skip';
  if (top === 'planned_values' || top === 'values')
    return second === 'root_module' ? inModule(path, 2) : 'skip';
  if (top === 'prior_state') {
    if (path.length === 2) return second === 'values' ? 'enter' : 'skip';
    return third === 'root_module' ? inModule(path, 3) : 'skip';
  }
  if (second === 'provider_config') return path.length === 2 ? 'enter' : 'keep';
  return second === 'root_module' ? inConfiguration(path) : 'skip';
}

/** Parts of the document that are looked into; changes and drift repeat them, at three times their size. */
const SECTIONS = new Set(['planned_values', 'values', 'prior_state', 'configuration', 'variables']);

/** `child_modules[i].child_modules[j].resources[k]`, from this position of the path on. */
function inModule(path: ScanPath, from: number): Interest {
  let at = from;
  while (path[at] === 'child_modules') at += 2;
  if (at >= path.length) return 'enter';
  if (path[at] !== 'resources') return 'skip';
  return path.length === at + 1 ? 'enter' : 'keep';
}

/** `module_calls.<name>.module` any number of times, then resources, outputs, or the arguments of a call. */
function inConfiguration(path: ScanPath): Interest {
  let at = 2;
  while (path[at] === 'module_calls' && path[at + 2] === 'module') at += 3;
  const rest = path.length - at;
  if (rest <= 0) return 'enter';
  if (path[at] === 'resources' || path[at] === 'outputs') return rest === 1 ? 'enter' : 'keep';
  if (path[at] !== 'module_calls') return 'skip';
  if (rest < 3) return 'enter';
  return path[at + 2] === 'expressions' || path[at + 2] === 'for_each_expression' ? 'keep' : 'skip';
}

function take(draft: Draft, file: string, path: ScanPath, value: unknown): void {
  const [top, second] = path;
  if (path.length === 1) draft.marks.set(String(top), value);
  else if (top === 'variables') {
    const given = isRecord(value) ? value.value : undefined;
    if (typeof given === 'string') draft.variables.set(String(second), given);
  } else if (second === 'provider_config') {
    if (!isRecord(value)) return;
    if (value.name === 'azurerm') draft.azurerm.push(value.expressions);
    addProvider(draft, value.full_name);
  } else if (top === 'configuration') {
    takeConfiguration(draft.configuration, path.slice(2), value);
  } else {
    takeResource(draft, file, value, top === 'prior_state');
  }
}

/** Of the prior state, only what was looked up counts: the plan says what becomes of everything else. */
function takeResource(draft: Draft, file: string, value: unknown, isPrior: boolean): void {
  if (!isRecord(value) || value.deposed_key !== undefined) return;
  const { address, mode, type, name, values } = value;
  if (typeof address !== 'string' || typeof type !== 'string' || typeof name !== 'string') return;
  if (mode === 'managed' && !isPrior) addProvider(draft, value.provider_name);
  if ((mode !== 'managed' || isPrior) && mode !== 'data') return;
  if (!isRecord(values)) return;
  const environment = isRecord(values.tags) && mode === 'managed' ? values.tags.environment : undefined;
  if (typeof environment === 'string') draft.environments.add(environment.toLowerCase());
  if (!isKept(type)) return;
  const key = addressSteps(address)?.at(-1)?.key;
  draft.instances.push({
    file,
    address,
    mode,
    type,
    name,
    ...(key === undefined ? {} : { key }),
    module: moduleOf(address),
    values: keptOf(type, values),
  });
}

/** `registry.terraform.io/hashicorp/azurerm` without the registry. */
function addProvider(draft: Draft, name: unknown): void {
  if (typeof name === 'string') draft.providers.add(name.split('/').slice(-2).join('/'));
}

function subscriptionOf({ azurerm, variables }: Draft): string | undefined {
  const [only, ...others] = azurerm;
  if (others.length > 0 || !isRecord(only) || !isRecord(only.subscription_id)) return undefined;
  const { constant_value: constant, references } = only.subscription_id;
  if (typeof constant === 'string') return constant;
  const [reference] = Array.isArray(references) ? (references as unknown[]) : [];
  return typeof reference === 'string' && reference.startsWith('var.')
    ? variables.get(reference.slice('var.'.length))
    : undefined;
}

type Refusal = Pick<Finding, 'id' | 'message' | 'help'>;

const SHOW =
  'print it with `terraform show -json`, of a saved plan (`terraform plan -out=FILE`) or of the state';

function refusalOf({ marks, parts }: Draft): Refusal | undefined {
  const version = marks.get('format_version');
  if (version === undefined) return otherFormat('does not say its format version', marks);
  if (typeof version === 'string' && /^1\.\d{1,9}$/.test(version)) {
    const isShown = isPlan(parts) || parts.has('values') || [...parts].every((part) => EMPTY_STATE.has(part));
    return isShown ? undefined : otherFormat('has neither planned values nor values', marks);
  }
  const shown = typeof version === 'string' ? quote(version) : 'no text';
  return {
    id: 'terraform/format-version',
    message: `the format version is ${shown}; 1.x is read`,
    help: 'print the plan with Terraform 1.x or OpenTofu; for a newer format, update Bulkhead',
  };
}

/** What the file is instead, where that can be told. */
function otherFormat(problem: string, marks: ReadonlyMap<string, unknown>): Refusal {
  const id = 'terraform/not-a-plan';
  if (marks.has('lineage')) return { id, message: 'this is a state as Terraform stores it', help: SHOW };
  if (marks.has('@level')) {
    return { id, message: 'this is the log of `terraform plan -json`, not the plan', help: SHOW };
  }
  return { id, message: `this is no plan and no state: it ${problem}`, help: SHOW };
}

function isPlan(parts: ReadonlySet<string>): boolean {
  return parts.has('planned_values') || parts.has('resource_changes');
}

function isWhole(marks: ReadonlyMap<string, unknown>): boolean {
  return marks.get('complete') !== false && marks.get('errored') !== true;
}

function incomplete(name: string): Finding {
  return {
    id: 'terraform/incomplete',
    severity: 'warning',
    message: 'the plan is not whole: it was narrowed by -target, or planning failed halfway',
    path: [],
    file: name,
    help: 'what is missing from it looks as if it did not exist: plan the whole root',
  };
}

/** What the first bytes say that the file is instead. */
function otherEncoding(start: Uint8Array): Refusal | undefined {
  const [first, second] = start;
  const id = 'terraform/not-a-plan';
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { id, message: 'this is UTF-16, as PowerShell 5 writes it', help: 'write it as UTF-8' };
  }
  // A saved plan is a zip archive.
  if (first === 0x50 && second === 0x4b) {
    return { id, message: 'this is a saved plan, which only Terraform reads', help: SHOW };
  }
  return undefined;
}

/** Takes the byte order mark of UTF-8 away, as some editors and shells write it. */
function withoutMark(start: Uint8Array): Uint8Array {
  const hasMark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  return hasMark ? start.subarray(3) : start;
}

function* joined(start: Uint8Array, rest: Iterable<Uint8Array>): Iterable<Uint8Array> {
  yield start;
  yield* rest;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
