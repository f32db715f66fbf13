import type { z } from 'zod';
import { type Finding, type Path, pathText } from '../base/finding.ts';
import { type FleetDocument, placeOf, startOf } from './document.ts';
import { findingsOf, type Draft } from './draft.ts';
import { environments } from './fleet.ts';
import { valueSchemaAt } from './grammar.ts';
import { without } from './pruning.ts';
import { fleetSchema } from './schema.ts';
import { likelyKey, missingKeyWords, refusalWords, unknownKeyWords, vaultEntryOf } from './shape-wording.ts';

type Issue = z.core.$ZodIssue;

/** What one issue of the schema comes to. */
type Fault = {
  readonly kind: 'unknown' | 'missing' | 'empty' | 'refused';
  readonly path: Path;
  readonly draft: Draft;
};

/**
 * Holds a document against the schema. `file` is what the schema accepts: values it refuses are gone from
 * maps and undefined in lists; undefined as a whole when the document is no map.
 */
export function judgeShape(document: FleetDocument): {
  readonly file: Record<string, unknown> | undefined;
  readonly findings: readonly Finding[];
} {
  if (document.value === undefined) return { file: undefined, findings: [] };
  const faults = issuesOf(fleetSchema, document.value).flatMap((issue) => faultsOf(document, issue));
  const refused = faults.filter(({ kind }) => kind !== 'missing').map(({ path }) => path);
  const told = worthTelling(document, faults).map(({ draft }) => draft);
  return { file: without(document.value, refused), findings: findingsOf(told) };
}

function issuesOf(schema: z.ZodType, value: unknown): readonly Issue[] {
  return schema.safeParse(value).error?.issues ?? [];
}

function faultsOf(document: FleetDocument, issue: Issue, from: Path = []): readonly Fault[] {
  const path = [...from, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(document, path, key));
  if (issue.code === 'invalid_union') return unionFaults(document, issue, path);
  const value = valueAt(document.value, path);
  if (value === undefined) return missingValue(document, path);
  const refusal = refused(document, issue, path, value);
  return issue.code === 'invalid_key' ? [refusal, ...bodyFaults(document, path, value)] : [refusal];
}

/** A key of the wrong form: the schema looks no further, but what stands under it is worth judging too. */
function bodyFaults(document: FleetDocument, path: Path, value: unknown): readonly Fault[] {
  const schema = valueSchemaAt(path.slice(0, -1));
  const issues = schema === undefined ? [] : issuesOf(schema, value);
  return issues.flatMap((issue) => faultsOf(document, issue, path));
}

/** One fault for a union: what the branch says that takes values of this type, or that none does. */
function unionFaults(
  document: FleetDocument,
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
): readonly Fault[] {
  const value = valueAt(document.value, path);
  if (value === undefined) return missingValue(document, path);
  const fitting = issue.errors.find(([first]) => first !== undefined && !refusesTypeOf(first, value));
  return fitting?.[0] === undefined
    ? [refused(document, issue, path, value)]
    : faultsOf(document, fitting[0], path);
}

function refusesTypeOf(issue: Issue, value: unknown): boolean {
  if (issue.code !== 'invalid_type' || issue.path.length > 0) return false;
  return !(issue.expected === 'int' && typeof value === 'number');
}

function unknownKey(document: FleetDocument, parent: Path, key: string): Fault {
  const path = [...parent, key];
  const words = () => unknownKeyWords(parent, key);
  const entry = vaultEntryOf(path);
  if (entry !== undefined) {
    // `{ value: hunter2 }`: the whole entry is the place, so that no report shows any of it.
    const span = document.spanOf(entry) ?? startOf(document);
    return { kind: 'unknown', path, draft: { id: 'fleet/unknown-key', path, span, isSecret: true, words } };
  }
  const span = document.spanOf(path, 'key') ?? startOf(document);
  return { kind: 'unknown', path, draft: { id: 'fleet/unknown-key', path, at: 'key', span, words } };
}

/** Nothing when the value stands in the text and a finding about the text itself has refused it. */
function missingValue(document: FleetDocument, path: Path): readonly Fault[] {
  if (document.spanOf(path) !== undefined || isWrittenForAll(document, path)) return [];
  const parent = path.slice(0, -1);
  const span = (parent.length === 0 ? undefined : placeOf(document, parent)) ?? startOf(document);
  const words = () => missingKeyWords(path);
  return [{ kind: 'missing', path, draft: { id: 'fleet/missing', path, span, words } }];
}

/** An environment says only what it does differently: what it must have may stand outside of it. */
function isWrittenForAll(document: FleetDocument, path: Path): boolean {
  const [top, environment, ...rest] = path;
  const isInside = top === 'environments' && environments.some((name) => name === environment);
  return isInside && document.spanOf(rest) !== undefined;
}

function refused(document: FleetDocument, issue: Issue, path: Path, value: unknown): Fault {
  const isKey = issue.code === 'invalid_key';
  const isSecret = !isKey && value !== null && vaultEntryOf(path) !== undefined;
  const place = isKey
    ? document.spanOf(path, 'key')
    : isSecret
      ? document.spanOf(path)
      : placeOf(document, path);
  const isType = issue.code === 'invalid_type' || issue.code === 'invalid_union';
  const draft: Draft = {
    id: isType ? 'fleet/type' : 'fleet/value',
    path,
    ...(isKey ? { at: 'key' as const } : {}),
    ...(isSecret ? { isSecret } : {}),
    span: place ?? startOf(document),
    words: () => {
      const isCode = document.isCode === true;
      return refusalWords({ issue, path, value, written: document.writtenAt(path) ?? '', isCode });
    },
  };
  return { kind: value === null ? 'empty' : 'refused', path, draft };
}

/**
 * Leaves out what another finding already explains: a missing key whose misspelling stands beside it, and,
 * where the text is no YAML throughout, keys and values that are missing and anything on the broken lines.
 */
function worthTelling(document: FleetDocument, faults: readonly Fault[]): readonly Fault[] {
  const misspelt = misspeltKeys(faults);
  const brokenLines = new Set(
    document.findings.flatMap(({ id, span }) => (id === 'fleet/yaml' && span ? [span.start.line] : [])),
  );
  // The schema measures what it has refused for its type: a text of 15 characters is not a list too long.
  const ofWrongType = new Set(
    faults.filter(({ draft }) => draft.id === 'fleet/type').map(({ path }) => pathText(path)),
  );
  return faults.filter(({ kind, path, draft }) => {
    if (draft.id === 'fleet/value' && ofWrongType.has(pathText(path))) return false;
    if (document.isBroken && (kind === 'missing' || kind === 'empty')) return false;
    if (kind === 'missing' && misspelt.has(pathText(path))) return false;
    return !brokenLines.has(draft.span.start.line);
  });
}

/** The keys that unknown ones most likely stand for; a few hundred mistakes tell enough. */
function misspeltKeys(faults: readonly Fault[]): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const { path } of faults.filter(({ kind }) => kind === 'unknown').slice(0, 500)) {
    const parent = path.slice(0, -1);
    const key = likelyKey(parent, String(path.at(-1)));
    if (key !== undefined) meant.add(pathText([...parent, key]));
  }
  return meant;
}

function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    inner = (inner as Readonly<Record<string | number, unknown>>)[step];
  }
  return inner;
}
