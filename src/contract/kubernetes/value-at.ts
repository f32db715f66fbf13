/** Reading values of any shape, as JSON and YAML give them. What has another shape counts as absent. */

type Map = Readonly<Record<string, unknown>>;

/** The value under these keys and positions; undefined where there is none, or null. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    inner = (inner as Readonly<Record<string | number, unknown>>)[step];
  }
  return inner ?? undefined;
}

export function mapOf(value: unknown): Map | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Map) : undefined;
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Numbers and booleans are taken as people wrote them: a label may read `"true"` or `true`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** A finite number, or the text of one: Helm takes both. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A boolean, also as Kubernetes' reader of YAML 1.1 takes it. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(?:true|yes|on|y)$/i.test(value)) return true;
  return /^(?:false|no|off|n)$/i.test(value) ? false : undefined;
}

/** The texts of a list; undefined when it is none, or holds anything else. */
export function textsOf(value: unknown): readonly string[] | undefined {
  const texts = listOf(value)?.map(textOf);
  return texts?.every((text) => text !== undefined) ? texts : undefined;
}
