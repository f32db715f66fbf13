import type { z } from 'zod';
import type { Path } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import { allKeys, descriptionAt, keysAt, placesOf } from './grammar.ts';

type Words = { readonly message: string; readonly help: string };

/** Keys that one line of help can list and still be read. */
const KEYS_LISTED_MAX = 12;

/** A value that the schema refuses. */
export type Refusal = {
  readonly issue: z.core.$ZodIssue;
  readonly path: Path;
  readonly value: unknown;
  /** The value as its author wrote it, quotes and all. */
  readonly written: string;
  /** Whether it is written in TypeScript. */
  readonly isCode: boolean;
};

/** Says why a value was refused and what to write instead. */
export function refusalWords(refusal: Refusal): Words {
  const { issue } = refusal;
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(refusal, [issue.expected]);
    case 'invalid_union':
      return typeWords(refusal, expectedByBranches(issue));
    case 'invalid_value':
      return choiceWords(refusal, issue.values);
    case 'too_big':
      return boundWords(refusal, issue.origin, Number(issue.maximum), 'at most');
    case 'too_small':
      return boundWords(refusal, issue.origin, Number(issue.minimum), 'at least');
    case 'invalid_key':
      return keyWords(refusal.path, issue.issues[0]?.message ?? 'is no name');
    default:
      return ownWords(refusal, issue.message);
  }
}

export function unknownKeyWords(parent: Path, key: string): Words {
  const where = parent.length === 0 ? 'the top level' : placeName(parent);
  return {
    message: `${where} has no key ${quote(key)}; it would have no effect`,
    help: unknownKeyHelp(parent, key),
  };
}

export function missingKeyWords(path: Path): Words {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const description = descriptionAt(path);
  const where = parent.length === 0 ? 'the fleet' : placeName(parent);
  return {
    message: `${where} needs the key ${key}, which is missing`,
    help: `add \`${key}:\` there${description === undefined ? '' : `. ${description}`}`,
  };
}

/**
 * The key of this map that a misspelt one most likely stands for; none when a key of another map is nearer.
 * Numbers are names, not misspellings of each other.
 */
export function likelyKey(parent: Path, key: string): string | undefined {
  if (/^\d+$/.test(key)) return undefined;
  const here = keysAt(parent);
  const best = nearest(key, [...here, ...keysElsewhere(key)]);
  return best !== undefined && here.includes(best) ? best : undefined;
}

/** Keys of any map that `key` may be a misspelling of; to a short word too many others are near. */
function keysElsewhere(key: string): readonly string[] {
  return key.length < 5 ? [] : [...allKeys()].filter((other) => other !== key);
}

function unknownKeyHelp(parent: Path, key: string): string {
  const near = likelyKey(parent, key);
  if (near !== undefined) return `did you mean ${near}?`;
  const places = placesOf(key, parent);
  if (places.length > 0) return `it belongs in ${orList(places)}`;
  const far = nearest(key, keysElsewhere(key));
  if (far !== undefined) return `did you mean ${far}, which belongs in ${orList(placesOf(far, parent))}?`;
  const known = keysAt(parent);
  if (known.length === 0) return 'remove it';
  return known.length > KEYS_LISTED_MAX
    ? 'remove it; `bulkhead schema` lists the keys that there are'
    : `the keys here are ${known.join(', ')}`;
}

/** The words of `expected` in the schema's own vocabulary, as people say them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
};

function typeWords(refusal: Refusal, expected: readonly string[]): Words {
  const { path, value } = refusal;
  const wanted = expected.map((type) => TYPE_NAMES[type] ?? type).join(' or ');
  const help = typeHelp(refusal, expected[0] ?? '');
  if (value === null) return { message: `${valueName(path)} has no value; it must be ${wanted}`, help };
  return { message: `${valueName(path)} must be ${wanted}, not ${valueText(path, value)}`, help };
}

function typeHelp({ path, value, written, isCode }: Refusal, expected: string): string {
  const isScalar = typeof value !== 'object';
  switch (expected) {
    case 'string':
      if (value === null || !isScalar) return 'write one text here, or remove the key';
      return isConfidential(path)
        ? 'put it in quotes'
        : `put it in quotes: ${quote(asWritten(value, written))}`;
    case 'number':
    case 'int':
      if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return 'remove the quotes';
      return descriptionAt(path) ?? 'write a number, or remove the key';
    case 'boolean':
      return 'write true or false, without quotes';
    case 'array':
      if (value === null) return 'write [] for an empty list, or remove the key';
      return isCode
        ? 'write its items in brackets'
        : 'write its items in brackets, or each on a line of its own after `- `';
    case 'tuple':
      return isCode ? "write a pair like ['mgmt', 'app1']" : 'write a pair like [mgmt, app1]';
    default:
      if (value === null) return 'write {} to take every default, or remove the key';
      return isCode
        ? 'write keys and values in braces, like { nodes: 3 }'
        : 'write keys and values on the lines below it, indented, without a leading -';
  }
}

/** The author's own way of writing the value, 1.10 for one; an alias or the name of a constant is not that. */
function asWritten(value: unknown, written: string): string {
  return Number(written) === value || written.toLowerCase() === String(value) ? written : String(value);
}

/** What the branches of a union wanted, when none of them took the value. */
function expectedByBranches(issue: z.core.$ZodIssueInvalidUnion): readonly string[] {
  return issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [first.expected] : []));
}

function choiceWords({ path, value }: Refusal, choices: readonly unknown[]): Words {
  const names = choices.map(String);
  const message = `${valueName(path)} must be ${orList(names)}, not ${valueText(path, value)}`;
  if (typeof value !== 'string') return { message, help: `write ${orList(names)}` };
  if (names.includes(value)) return { message, help: 'remove the quotes' };
  const near = nearest(value, names);
  return { message, help: near === undefined ? `write ${orList(names)}` : `did you mean ${near}?` };
}

function boundWords({ path, value }: Refusal, origin: string, bound: number, side: string): Words {
  const name = valueName(path);
  const verb = side === 'at most' ? 'are allowed' : 'are needed';
  const help = descriptionAt(path);
  if (origin === 'array') {
    const count = Array.isArray(value) ? value.length : 0;
    const message =
      count === 0
        ? `${name} is empty`
        : `${name} holds ${count} item${count === 1 ? '' : 's'}; ${side} ${bound} ${verb}`;
    return { message, help: help ?? `write ${side} ${bound} item${bound === 1 ? '' : 's'}` };
  }
  if (origin === 'string') {
    const length = typeof value === 'string' ? value.length : 0;
    const message =
      length === 0 ? `${name} is empty` : `${name} has ${length} characters; ${side} ${bound} ${verb}`;
    return { message, help: help ?? 'write a text of that length, or remove the key' };
  }
  return {
    message: `${name} must be ${side} ${bound}, not ${valueText(path, value, true)}`,
    help: help ?? `write a number of ${side} ${bound}`,
  };
}

function keyWords(path: Path, message: string): Words {
  const [problem, help] = split(message);
  return { message: `${quote(String(path.at(-1)))} ${problem}`, help };
}

/** Words that the schema brings along. Those of a pattern speak of the value without naming it. */
function ownWords({ issue, path, value }: Refusal, message: string): Words {
  const text = typeof value === 'string' ? quote(value) : String(value);
  if (issue.code === 'invalid_format') {
    const [problem, help] = split(message);
    return { message: `${isConfidential(path) ? valueName(path) : text} ${problem}`, help };
  }
  // The value may hold what separates problem from help.
  const said = message.startsWith(text) ? text : '';
  const [problem, help] = split(message.slice(said.length));
  return { message: `${said}${problem}`, help };
}

function split(message: string): [problem: string, help: string] {
  const [problem = '', ...help] = message.split('; ');
  return [problem, help.length === 0 ? 'write it in that form' : help.join('; ')];
}

/** Values that may be secrets by mistake are never repeated: `env` and `secrets` of a workload, `secrets.vault`. */
function isConfidential(path: Path): boolean {
  const at = path.indexOf('workloads');
  if (at >= 0 && ['env', 'secrets'].includes(String(path[at + 2]))) return true;
  return vaultEntryOf(path) !== undefined && path.at(-1) !== 'length';
}

/**
 * The entry of `secrets.vault` that the path leads to or into, or `secrets.vault` itself: it says who makes a secret,
 * and the first thing that somebody writes there by mistake is the secret.
 */
export function vaultEntryOf(path: Path): Path | undefined {
  const from = path[0] === 'environments' ? 2 : 0;
  const isInside = path[from] === 'secrets' && path[from + 1] === 'vault';
  return isInside ? path.slice(0, from + 3) : undefined;
}

function valueText(path: Path, value: unknown, isNumberExpected = false): string {
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (isConfidential(path)) return `a ${typeof value === 'string' ? 'text' : typeof value}`;
  if (typeof value === 'string') return `the text ${quote(value)}`;
  return typeof value === 'number' && !isNumberExpected ? `the number ${value}` : String(value);
}

/** The end of a path, as far back as a key: `zones[1]`. */
function valueName(path: Path): string {
  const keyAt = path.findLastIndex((step) => typeof step === 'string');
  return keyAt < 0 ? 'the fleet file' : placeName(path.slice(keyAt));
}

/** Like `pathText`, with long names cut. */
function placeName(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w-]{1,60}$/.test(step) ? step : quote(step);
    })
    .join('.')
    .replaceAll('.[', '[');
}

function orList(items: readonly string[]): string {
  const shown = items.slice(0, 8);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
