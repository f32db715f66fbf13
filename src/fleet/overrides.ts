import type { Path } from '../base/finding.ts';
import type { Environment } from './fleet.ts';

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The file as one environment sees it: `environments.<environment>` laid over the rest. Maps merge; lists,
 * texts and numbers replace; null replaces too.
 */
export function fileFor(file: Mapping, environment: Environment): Mapping {
  const { environments, ...base } = file;
  const override = isMapping(environments) ? environments[environment] : undefined;
  return isMapping(override) ? (merge(base, override) as Mapping) : base;
}

function merge(base: unknown, override: unknown): unknown {
  if (!isMapping(base) || !isMapping(override)) return override;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    if (value !== undefined) merged[key] = Object.hasOwn(merged, key) ? merge(merged[key], value) : value;
  }
  return merged;
}

/**
 * Where in the file the value at `path` of `fileFor(file, environment)` was written. A map that both halves
 * write is where the environment-independent half writes it.
 */
export function originOf(file: Mapping, environment: Environment, path: Path): Path {
  let base: unknown = file;
  let override: unknown = isMapping(file.environments) ? file.environments[environment] : undefined;
  for (const step of path) {
    if (!isMapping(override)) break;
    if (!Object.hasOwn(override, step)) return path;
    override = override[step];
    base = isMapping(base) && Object.hasOwn(base, step) ? base[step] : undefined;
  }
  if (override === undefined || (isMapping(override) && isMapping(base))) return path;
  return ['environments', environment, ...path];
}
