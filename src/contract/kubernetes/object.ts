import type { Path } from '../../base/finding.ts';
import { nameText } from '../wording.ts';
import { mapOf, textOf, valueAt } from './value-at.ts';

/** One object as it is written down, or as an API server gives it. */
export type KubernetesObject = {
  readonly path: Path;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined where it is not written, as for cluster-wide kinds. */
  readonly namespace: string | undefined;
  readonly value: unknown;
  /** Paths below which something beside this text decides: the patches of a Kustomize folder. */
  readonly patched: readonly Path[];
};

/** The object at a place; undefined where no object of Kubernetes stands. */
export function objectAt(
  path: Path,
  value: unknown,
  patched: readonly Path[] = [],
): KubernetesObject | undefined {
  const apiVersion = textOf(valueAt(value, 'apiVersion'));
  const kind = textOf(valueAt(value, 'kind'));
  if (mapOf(value) === undefined || apiVersion === undefined || kind === undefined) return undefined;
  const name =
    textOf(valueAt(value, 'metadata', 'name')) ?? textOf(valueAt(value, 'metadata', 'generateName'));
  const namespace = textOf(valueAt(value, 'metadata', 'namespace'));
  return { path, apiVersion, kind, name: name ?? '', namespace, value, patched };
}

/** Whether the object is of that kind in that API group, whatever its version. */
export function isOf(
  { apiVersion, kind }: KubernetesObject,
  group: string,
  ...kinds: readonly string[]
): boolean {
  const slash = apiVersion.indexOf('/');
  return kinds.includes(kind) && (slash < 0 ? '' : apiVersion.slice(0, slash)) === group;
}

/** `Deployment shop/cart`. */
export function objectText({ kind, name, namespace }: KubernetesObject): string {
  return `${nameText(kind)} ${namespace === undefined ? '' : `${nameText(namespace)}/`}${nameText(name)}`;
}

/** Where a finding about the object as a whole points. */
export function namePath({ path }: KubernetesObject): Path {
  return [...path, 'metadata', 'name'];
}

/**
 * A fact of an object: the fallback where nobody wrote one, undefined where it cannot be read or a patch may
 * change it.
 */
export function factAt<Fact>(
  object: Pick<KubernetesObject, 'value' | 'patched'>,
  path: readonly (string | number)[],
  read: (value: unknown) => Fact | undefined,
  fallback?: Fact,
): Fact | undefined {
  if (object.patched.some((other) => isWithin(other, path) || isWithin(path, other))) return undefined;
  const value = valueAt(object.value, ...path);
  return value === undefined ? fallback : read(value);
}

/** The value of an annotation; undefined where it is not written. */
export function annotationOf({ value }: Pick<KubernetesObject, 'value'>, name: string): string | undefined {
  return textOf(valueAt(value, 'metadata', 'annotations', name));
}

/** The value of a label; undefined where it is not written. */
export function labelOf({ value }: Pick<KubernetesObject, 'value'>, name: string): string | undefined {
  return textOf(valueAt(value, 'metadata', 'labels', name));
}

function isWithin(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((step, index) => String(step) === String(inner[index]));
}
