import * as z from 'zod';
import type { Path } from '../base/finding.ts';
import { environments } from './fleet.ts';
import { fleetSchema } from './schema.ts';

type Schema = z.core.$ZodType;

/** Stands for any key in the route to a map that is open to names, e.g. `clusters.<name>.user`. */
const ANY_NAME = '<name>';

/** The routes to the maps that know each key. */
const ROUTES_BY_KEY = collectRoutes();

/** The keys that the schema knows in the map at `path`; empty where names are free or nothing is known. */
export function keysAt(path: Path): readonly string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** What the schema says of the value at `path`, in one sentence. */
export function descriptionAt(path: Path): string | undefined {
  let schema = rawSchemaAt(path);
  while (schema !== undefined) {
    const description = z.globalRegistry.get(schema)?.description;
    if (description !== undefined) return description;
    schema = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? schema.unwrap() : undefined;
  }
  return undefined;
}

/** The schema of every value in the open map at `path`. */
export function valueSchemaAt(path: Path): z.ZodType | undefined {
  const schema = schemaAt(path);
  return schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : undefined;
}

/** Every key that the schema knows anywhere. */
export function allKeys(): Iterable<string> {
  return ROUTES_BY_KEY.keys();
}

/**
 * The maps in which the schema knows `key`, as people write them: `observability.logs`,
 * `clusters.<name>.user`. Seen from `from`: inside the same cluster the name is filled in, inside an
 * environment its own maps are named.
 */
export function placesOf(key: string, from: Path): readonly string[] {
  const inEnvironment = from[0] === 'environments' && from.length >= 2;
  const prefix = inEnvironment ? from.slice(0, 2) : [];
  const inside = from.slice(prefix.length);
  return (ROUTES_BY_KEY.get(key) ?? []).map((route) => {
    const first = route[0] ?? key;
    const isOverridable = inEnvironment && keysAt(prefix).includes(first);
    const steps = [...(isOverridable ? prefix : []), ...filledIn(route, inside)];
    return steps.length === 0 ? 'the top level' : steps.join('.').replaceAll('.[]', '[]');
  });
}

/** Puts the names of `inside` where the route leaves them open, as far as both go the same way. */
function filledIn(route: readonly string[], inside: Path): readonly (string | number)[] {
  let isSame = true;
  return route.map((step, index) => {
    const own = inside[index];
    isSame &&= own !== undefined && (step === ANY_NAME || step === own);
    return isSame && own !== undefined ? own : step;
  });
}

function schemaAt(path: Path): Schema | undefined {
  return bare(rawSchemaAt(path));
}

function rawSchemaAt(path: Path): Schema | undefined {
  let schema: Schema | undefined = fleetSchema;
  for (const step of path) schema = childOf(bare(schema), step);
  return schema;
}

function childOf(schema: Schema | undefined, step: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) {
    return Object.hasOwn(schema.shape, step) ? schema.shape[step] : undefined;
  }
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

function bare(schema: Schema | undefined): Schema | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap();
  return inner;
}

/** Environments repeat the top level, so what is inside them is left out. */
function collectRoutes(): ReadonlyMap<string, readonly (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>();
  const visit = (schema: Schema | undefined, route: readonly string[]): void => {
    const inner = bare(schema);
    if (inner instanceof z.ZodRecord) visit(inner.valueType, [...route, ANY_NAME]);
    if (inner instanceof z.ZodArray) visit(inner.element, [...route, '[]']);
    if (!(inner instanceof z.ZodObject)) return;
    for (const [key, child] of Object.entries(inner.shape)) {
      found.set(key, [...(found.get(key) ?? []), route]);
      const isEnvironment = route[0] === 'environments' && environments.some((name) => name === key);
      if (!isEnvironment) visit(child, [...route, key]);
    }
  };
  visit(fleetSchema, []);
  return found;
}
