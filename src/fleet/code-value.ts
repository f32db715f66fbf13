import { quote } from '../base/quote.ts';
import { KEYS_MAX, VALUES_MAX } from './yaml-tree.ts';

/** What no fleet can hold, in words: `a function`. */
export type Refused = { readonly kind: 'refused'; readonly what: string; readonly help: string };

type Contents =
  | { readonly kind: 'list'; readonly of: object; readonly items: readonly unknown[] }
  /** `values` are read only as far as there are not too many keys. */
  | {
      readonly kind: 'map';
      readonly of: object;
      readonly keys: readonly string[];
      readonly values: readonly unknown[];
    }
  | Refused;

/**
 * What is in a value of running code that is no text, number, boolean or null. Never throws, whatever getters
 * and proxies there are; each getter is called once.
 */
export function contentsOf(value: unknown): Contents {
  if (typeof value !== 'object' || value === null) return refusedType(value);
  try {
    if (Array.isArray(value)) {
      // One more than is allowed is enough to be refused by: a list of code may claim any length.
      const length = Math.min(value.length, VALUES_MAX + 1);
      return { kind: 'list', of: value, items: Array.from({ length }, (_, index): unknown => value[index]) };
    }
    if (!isPlain(value)) return refusedClass(value);
    const keys = Object.keys(value);
    const read = keys.length > KEYS_MAX ? [] : keys;
    return { kind: 'map', of: value, keys, values: read.map((key) => (value as Indexed)[key]) };
  } catch {
    return {
      kind: 'refused',
      what: 'something that stops with an error when it is read',
      help: 'write plain values instead of getters and proxies',
    };
  }
}

type Indexed = Readonly<Record<string, unknown>>;

/** Made by `{}`, by `Object.create(null)`, or in another realm by one of them. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refusedType(value: unknown): Refused {
  switch (typeof value) {
    case 'function':
      return { kind: 'refused', what: 'a function', help: 'call it, and write what it answers' };
    case 'bigint':
      return { kind: 'refused', what: 'a bigint', help: 'write the number without the n' };
    case 'undefined':
      return {
        kind: 'refused',
        what: 'undefined',
        help: 'leave it out, e.g. with ...(condition ? { key: value } : {})',
      };
    default:
      return { kind: 'refused', what: `a ${typeof value}`, help: 'write a text' };
  }
}

function refusedClass(value: object): Refused {
  if (value instanceof Promise) {
    return { kind: 'refused', what: 'a promise', help: 'write await before it' };
  }
  const made: unknown = Reflect.get(value, 'constructor');
  const name: unknown = typeof made === 'function' ? made.name : '';
  return {
    kind: 'refused',
    what:
      typeof name === 'string' && name !== '' ? `an object of the class ${quote(name)}` : 'no plain object',
    help: 'write a plain map, list or text instead',
  };
}
