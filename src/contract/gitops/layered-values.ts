import type { Path } from '../../base/finding.ts';
import { hasPlaceholder } from './checkout.ts';
import { listOf, mapOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import { filled, type Row } from './rows.ts';

/** Values of a chart from one place. */
export type ValuesLayer = {
  readonly value: unknown;
  /** Where the layer stands: a values file, or a part of an Application. */
  readonly path: Path;
};

/** The values that a chart is rendered with: later layers count more. */
export type LayeredValues = {
  readonly layers: readonly ValuesLayer[];
  /** Whether every layer is here, so that what none says is as the chart has it. */
  readonly isWhole: boolean;
  /** Fills the placeholders of the layers that have some. */
  readonly row: Row;
  /** Where the release is asked for: the place of what no layer says. */
  readonly path: Path;
};

/** A fact and where it stands; undefined where it cannot be said. */
export type ValuesFact<Fact> = { readonly value: Fact | undefined; readonly path: Path };

/** One fact of the values; the fallback is the chart's own default. */
export function valuesFact<Fact>(
  values: LayeredValues,
  keys: readonly string[],
  read: (value: unknown) => Fact | undefined,
  fallback?: Fact,
): ValuesFact<Fact> {
  for (const layer of values.layers.toReversed()) {
    const map = valueAt(layer.value, ...keys.slice(0, -1));
    const isRemoved = mapOf(map) !== undefined && mapOf(map)![keys.at(-1)!] === null;
    const path = [...layer.path, ...keys];
    // Helm takes a null as the wish for the chart's default.
    if (isRemoved) return { value: values.isWhole ? fallback : undefined, path };
    const value = valueAt(layer.value, ...keys);
    if (value !== undefined) return { value: readFilled(value, values.row, read), path };
  }
  return { value: values.isWhole ? fallback : undefined, path: placeOfNone(values, keys) };
}

/** The keys of a map over all layers, each with the layer that says it last. */
export function valuesKeys(
  values: LayeredValues,
  keys: readonly string[],
): ReadonlyMap<string, { readonly value: unknown; readonly path: Path }> {
  const found = new Map<string, { readonly value: unknown; readonly path: Path }>();
  for (const layer of values.layers) {
    for (const [key, value] of Object.entries(mapOf(valueAt(layer.value, ...keys)) ?? {})) {
      if (value === null) found.delete(key);
      else found.set(filled(key, values.row), { value, path: [...layer.path, ...keys, key] });
    }
  }
  return found;
}

/** A part of the values as values of their own: those of a chart within a chart. */
export function valuesBelow(values: LayeredValues, keys: readonly string[]): LayeredValues {
  return {
    ...values,
    layers: values.layers.flatMap(({ value, path }) => {
      const inner = valueAt(value, ...keys);
      return inner === undefined ? [] : [{ value: inner, path: [...path, ...keys] }];
    }),
  };
}

/** A value with its placeholders filled; undefined where one of them is not known. */
export function filledValue(value: unknown, row: Row): unknown {
  if (typeof value === 'string') {
    const text = filled(value, row);
    return hasPlaceholder(text) ? undefined : text;
  }
  const list = listOf(value);
  if (list) {
    const items = list.map((item) => filledValue(item, row));
    return items.includes(undefined) ? undefined : items;
  }
  return value;
}

function readFilled<Fact>(
  value: unknown,
  row: Row,
  read: (value: unknown) => Fact | undefined,
): Fact | undefined {
  const whole = filledValue(value, row);
  return whole === undefined ? undefined : read(whole);
}

/** The nearest map around what nobody wrote, in the layer that has most of it. */
function placeOfNone({ layers, path }: LayeredValues, keys: readonly string[]): Path {
  for (let length = keys.length - 1; length > 0; length--) {
    const outer = keys.slice(0, length);
    const layer = layers.findLast(({ value }) => valueAt(value, ...outer) !== undefined);
    if (layer) return [...layer.path, ...keys];
  }
  const [first] = layers;
  return first === undefined ? path : [...first.path, ...keys];
}

/** Helm's `name: a.b.c, value: x` as a map; undefined for names of any other form. */
export function parametersLayer(parameters: unknown): unknown {
  const root: Record<string, unknown> = {};
  for (const parameter of listOf(parameters) ?? []) {
    const name = textOf(valueAt(parameter, 'name')) ?? '';
    if (!/^[\w-]{1,63}(?:\.[\w-]{1,63}){0,19}$/.test(name) || name.includes('__proto__')) return undefined;
    let map = root;
    const steps = name.split('.');
    for (const step of steps.slice(0, -1)) {
      const inner = mapOf(map[step]) as Record<string, unknown> | undefined;
      if (inner === undefined) map[step] = {};
      map = map[step] as Record<string, unknown>;
    }
    map[steps.at(-1)!] = valueAt(parameter, 'value');
  }
  return root;
}
