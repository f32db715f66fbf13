import { compareText } from '../../base/order.ts';
import { isApplicationSet } from '../kubernetes/argo-objects.ts';
import { isOf, type KubernetesObject } from '../kubernetes/object.ts';
import { yamlIn } from '../kubernetes/platform-objects.ts';
import { booleanOf, listOf, mapOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import { type Checkout, fillPlaceholders, hasPlaceholder } from './checkout.ts';

/** What the placeholders of a template stand for in one of its Applications. */
export type Row = {
  readonly values: unknown;
  /** Expressions that a path in the checkout has told. */
  readonly bindings: ReadonlyMap<string, string>;
  /**
   * Which clusters the row stands for, where the checkout has no list of them: equal keys mean the same
   * clusters.
   */
  readonly selector?: string;
};

export type RowContext = {
  readonly checkout: Checkout;
  /** Cluster Secrets of Argo CD that stand in the tree. */
  readonly clusterSecrets: readonly KubernetesObject[];
};

/** Rows that two generators may make together. */
const ROWS_MAX = 2000;
const NOTHING: Row = { values: {}, bindings: new Map() };

/** The rows of an ApplicationSet as far as they are known; an Application is a template of one row. */
export function rowsFor(object: KubernetesObject, context: RowContext): readonly Row[] {
  if (!isApplicationSet(object)) return [NOTHING];
  const isGo = booleanOf(valueAt(object.value, 'spec', 'goTemplate')) ?? false;
  const generators = listOf(valueAt(object.value, 'spec', 'generators')) ?? [];
  return generators.flatMap((generator) => rowsOf(generator, isGo, context)).slice(0, ROWS_MAX);
}

/** What an expression stands for in a row; undefined where that is not known. */
export function valueIn({ values, bindings }: Row, expression: string): string | undefined {
  const bound = bindings.get(expression);
  if (bound !== undefined) return bound;
  const indexed = /^index \.([\w.]{1,100}) (?:"([^"]{1,200})"|(\d{1,3}))$/.exec(expression);
  if (indexed) {
    const [, path = '', key, position] = indexed;
    return textOf(valueAt(values, ...path.split('.'), key ?? Number(position)));
  }
  if (!/^\.?[\w./[\]-]{1,200}$/.test(expression)) return undefined;
  return textOf(lookUp(values, expression.replace(/^\./, '').split('.')));
}

/** The text with everything filled in that the row knows. */
export function filled(text: string, row: Row): string {
  return hasPlaceholder(text) ? fillPlaceholders(text, (expression) => valueIn(row, expression)) : text;
}

/** Keys may hold dots themselves, as labels do. */
function lookUp(values: unknown, steps: readonly string[]): unknown {
  if (steps.length === 0) return values;
  for (let length = steps.length; length > 0; length--) {
    const inner = valueAt(values, steps.slice(0, length).join('.'));
    const found = inner === undefined ? undefined : lookUp(inner, steps.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}

function rowsOf(generator: unknown, isGo: boolean, context: RowContext): readonly Row[] {
  const list = valueAt(generator, 'list');
  if (list !== undefined) {
    return (listOf(valueAt(list, 'elements')) ?? []).map((values) => ({ ...NOTHING, values }));
  }
  const clusters = valueAt(generator, 'clusters');
  if (clusters !== undefined) return clusterRows(clusters, context);
  const git = valueAt(generator, 'git');
  if (git !== undefined) return gitRows(git, isGo, context.checkout);
  for (const kind of ['matrix', 'merge'] as const) {
    const inner = listOf(valueAt(generator, kind, 'generators'));
    if (inner) return combined(kind, inner, isGo, context);
  }
  return [NOTHING];
}

function clusterRows(generator: unknown, { clusterSecrets }: RowContext): readonly Row[] {
  const selector = valueAt(generator, 'selector');
  const extra = valueAt(generator, 'values') ?? {};
  const labels = Object.entries(mapOf(valueAt(selector, 'matchLabels')) ?? {});
  const isPlain = valueAt(selector, 'matchExpressions') === undefined;
  const matching = clusterSecrets.filter((secret) =>
    labels.every(([key, value]) => valueAt(secret.value, 'metadata', 'labels', key) === textOf(value)),
  );
  if (isPlain && matching.length > 0) {
    return matching.map((secret) => {
      const data = valueAt(secret.value, 'stringData');
      const metadata = valueAt(secret.value, 'metadata');
      const name = textOf(valueAt(data, 'name')) ?? secret.name;
      const values = { ...mapOf(data), name, nameNormalized: name, metadata, values: extra };
      return { ...NOTHING, values };
    });
  }
  return [{ values: { values: extra }, bindings: new Map(), selector: selectorKey(selector) }];
}

/** Equal for selectors that mean the same. */
function selectorKey(selector: unknown): string {
  if (Array.isArray(selector)) return `[${selector.map(selectorKey).join(',')}]`;
  const map = mapOf(selector);
  if (map === undefined) return JSON.stringify(selector ?? {});
  const entries = Object.entries(map).toSorted(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${selectorKey(value)}`).join(',')}}`;
}

function gitRows(git: unknown, isGo: boolean, checkout: Checkout): readonly Row[] {
  const patterns = (listOf(valueAt(git, 'directories')) ?? listOf(valueAt(git, 'files')) ?? []).map(
    (item) => ({
      pattern: textOf(valueAt(item, 'path')) ?? '',
      isExcluded: booleanOf(valueAt(item, 'exclude')) ?? false,
    }),
  );
  const isOfFolders = listOf(valueAt(git, 'directories')) !== undefined;
  const all = isOfFolders ? [...checkout.folders] : [...checkout.files.keys()];
  const excluded = patterns.filter(({ isExcluded }) => isExcluded);
  const found = patterns
    .filter(({ isExcluded }) => !isExcluded)
    .flatMap(({ pattern }) => globMatches(pattern, all))
    .filter((path) => excluded.every(({ pattern }) => globMatches(pattern, [path]).length === 0));
  return [...new Set(found)].flatMap((path) => {
    const folder = isOfFolders ? path : path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const values = pathValues(folder, isGo);
    if (isOfFolders) return [{ ...NOTHING, values }];
    const content = yamlIn(checkout.files.get(path) ?? '');
    const rows = listOf(content) ?? [content];
    return rows.map((row) => ({ ...NOTHING, values: { ...mapOf(row), ...values } }));
  });
}

function pathValues(folder: string, isGo: boolean): Readonly<Record<string, unknown>> {
  const segments = folder.split('/');
  const basename = segments.at(-1) ?? '';
  const basenameNormalized = basename.replaceAll(/[^a-z0-9.-]/gi, '-').toLowerCase();
  return isGo
    ? { path: { path: folder, basename, basenameNormalized, segments } }
    : { path: folder, 'path.basename': basename, 'path.basenameNormalized': basenameNormalized };
}

/** Paths that fit a glob of `*` and `**`; steps of its beginning may lie above the checkout. */
function globMatches(glob: string, paths: readonly string[]): readonly string[] {
  const steps = glob.split('/').filter((step) => step !== '' && step !== '.');
  for (let skipped = 0; skipped === 0 || skipped <= steps.length - 2; skipped++) {
    const own = steps.slice(skipped);
    const found = paths.filter((path) => fitsGlob(own, path.split('/')));
    if (found.length > 0) return found;
  }
  return [];
}

function fitsGlob(glob: readonly string[], steps: readonly string[]): boolean {
  const [first, ...rest] = glob;
  if (first === undefined) return steps.length === 0;
  if (first === '**') {
    return (
      steps.length >= rest.length &&
      rest.every((step, index) => fitsStep(step, steps.at(index - rest.length)!))
    );
  }
  const [step, ...others] = steps;
  return step !== undefined && fitsStep(first, step) && fitsGlob(rest, others);
}

/** A step with at most one `*`. */
function fitsStep(glob: string, step: string): boolean {
  const [before = '', after] = glob.split('*');
  if (after === undefined) return glob === step;
  return step.length >= before.length + after.length && step.startsWith(before) && step.endsWith(after);
}

/** `matrix` pairs each row of the first with each of the second; `merge` lays rows with equal keys together. */
function combined(
  kind: 'matrix' | 'merge',
  generators: readonly unknown[],
  isGo: boolean,
  context: RowContext,
): readonly Row[] {
  const [first = [], ...others] = generators.slice(0, 3).map((generator) => rowsOf(generator, isGo, context));
  let rows: readonly Row[] = first;
  for (const second of others) {
    const pairs = rows.flatMap((a) => second.map((b) => ({ a, b })));
    rows = (kind === 'matrix' ? pairs : pairs.filter(({ a, b }) => isSameRow(a, b)))
      .slice(0, ROWS_MAX)
      .map(({ a, b }) => ({ ...a, ...b, values: { ...mapOf(a.values), ...mapOf(b.values) } }));
  }
  return rows.length === 0 ? first : rows;
}

function isSameRow(a: Row, b: Row): boolean {
  const shared = Object.keys(mapOf(a.values) ?? {}).filter((key) => valueAt(b.values, key) !== undefined);
  return shared.some((key) => valueAt(a.values, key) === valueAt(b.values, key));
}

/** Cluster Secrets of Argo CD among the objects. */
export function clusterSecretsOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(
    (object) =>
      isOf(object, '', 'Secret') &&
      valueAt(object.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type') === 'cluster',
  );
}
