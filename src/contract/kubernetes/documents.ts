import type { FileTree } from '../../base/file-tree.ts';
import type { Finding, Path, Span } from '../../base/finding.ts';
import { type Places, placeOf, placesIn } from '../../fleet/document.ts';
import { sourceText, type SourceText } from '../../fleet/source-text.ts';
import { readSyntax, type SyntaxProblem } from '../../fleet/yaml-syntax.ts';
import { plant } from '../../fleet/yaml-tree.ts';
import { resolveMergeKeys } from './merge-keys.ts';
import { valueAt } from './value-at.ts';

/** One document of a file of YAML or JSON. Its path is the file's name and its position there. */
export type ObjectDocument = { readonly file: string; readonly index: number; readonly value: unknown };

/** A folder of YAML and JSON files, read. */
export type ObjectFolder = {
  readonly files: FileTree;
  readonly documents: readonly ObjectDocument[];
  /** What could not be read, and why; nothing in those documents is judged. */
  readonly problems: readonly Finding[];
  /**
   * Gives a finding about the folder its span. Its path begins with the position of the document in the
   * `file`.
   */
  readonly locate: (finding: Finding) => Finding;
};

/** A document and where its values stand. */
type Read = { readonly value: unknown; readonly places: Places };

/**
 * Larger JSON is shown by path: finding its lines would take longer than everything else. A cluster's dump has
 * some megabytes.
 */
const LOCATED_JSON_MAX = 2 ** 20;

/** No invariant reads a definition, and those of a monitoring stack fill megabytes. */
const DEFINITION = /^kind:[ \t]*["']?CustomResourceDefinition\b/m;

/**
 * Reads the YAML and JSON of a folder, one document or several in a file. Never throws; time and memory stay
 * bounded by the limits of the YAML reader, document by document.
 */
export function readObjectFolder(files: FileTree): ObjectFolder {
  const documents: ObjectDocument[] = [];
  const problems: Finding[] = [];
  const placesByFile = new Map<string, readonly (Places | undefined)[]>();
  for (const [file, text] of files) {
    if (!/\.(?:ya?ml|json)$/i.test(file)) continue;
    const read = file.toLowerCase().endsWith('.json') ? readJson(file, text) : readYaml(file, text);
    problems.push(...read.problems);
    placesByFile.set(
      file,
      read.documents.map((document) => document?.places),
    );
    for (const [index, document] of read.documents.entries()) {
      if (document !== undefined) documents.push({ file, index, value: document.value });
    }
  }
  const locate = (finding: Finding): Finding => locateIn(finding, placesByFile);
  return { files, documents, problems, locate };
}

type ReadFile = { readonly documents: readonly (Read | undefined)[]; readonly problems: readonly Finding[] };

/** JSON is placed only when a finding asks for it. */
function readJson(file: string, text: string): ReadFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { documents: [undefined], problems: [unreadable(file, undefined, 'it is not JSON')] };
  }
  let places: Places | undefined;
  const located = (): Places | undefined => {
    if (text.length <= LOCATED_JSON_MAX) places ??= readDocument(sourceText(file, text)).read?.places;
    return places;
  };
  const lazy: Places = {
    spanOf: (path, at) => located()?.spanOf(path, at),
    writtenAt: (path) => located()?.writtenAt(path),
  };
  return { documents: [{ value, places: lazy }], problems: [] };
}

function readYaml(file: string, text: string): ReadFile {
  const whole = sourceText(file, text);
  const documents: (Read | undefined)[] = [];
  const problems: Finding[] = [];
  for (const [start, end] of documentRanges(text)) {
    const part = text.slice(start, end);
    if (DEFINITION.test(part)) {
      documents.push(undefined);
      continue;
    }
    const source: SourceText = {
      text: part,
      spanOf: (from, to) => whole.spanOf(start + from, start + to),
    };
    const { read, problem } = readDocument(source);
    if (problem !== undefined) problems.push(unreadable(file, problem.span, problem.message));
    if (read !== undefined || problem !== undefined) documents.push(read);
  }
  return { documents, problems };
}

/** Kubernetes cuts a stream at each line that begins with `---`, before it reads any YAML. */
function* documentRanges(text: string): Iterable<readonly [start: number, end: number]> {
  let start = 0;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    if (index > start) yield [start, index];
    start = index;
  }
  yield [start, text.length];
}

type DocumentRead = {
  readonly read?: Read;
  readonly problem?: { readonly span: Span | undefined; readonly message: string };
};

/** Neither a document nor a problem where there are comments alone. */
function readDocument(source: SourceText): DocumentRead {
  const syntax = readSyntax(source.text);
  const syntaxProblem = syntax.problems.find(({ id }) => id !== 'fleet/tag');
  if (syntaxProblem) {
    const span = source.spanOf(...syntaxProblem.range);
    return { problem: { span, message: messageOf(syntaxProblem) } };
  }
  const { root } = syntax;
  if (root === null) return {};
  if (!resolveMergeKeys(root)) {
    return { problem: { span: source.spanOf(0, 0), message: 'its merge keys stand for too much' } };
  }
  const { branch, drafts } = plant(root, source);
  const [draft] = drafts;
  if (branch === undefined || draft !== undefined) {
    return { problem: { span: draft?.span, message: draft?.words().message ?? 'it stands for too much' } };
  }
  const { value } = branch.tree;
  return value === null ? {} : { read: { value, places: placesIn(branch, source) } };
}

/** What the reader says of fleet files, said of any. */
function messageOf({ id, message }: SyntaxProblem): string {
  switch (id) {
    case 'fleet/too-deep':
      return 'its maps and lists are nested too deep';
    case 'fleet/too-large':
      return 'it is too large';
    default:
      return message;
  }
}

function unreadable(file: string, span: Span | undefined, why: string): Finding {
  return {
    id: 'objects/unreadable',
    severity: 'warning',
    message: `this document cannot be read: ${why}`,
    path: [],
    file,
    ...(span === undefined ? {} : { span }),
    help: 'nothing in it was judged, and what other objects need of it is undetermined',
  };
}

function locateIn(
  finding: Finding,
  placesByFile: ReadonlyMap<string, readonly (Places | undefined)[]>,
): Finding {
  const related = finding.related?.map((other) => ({ ...other, ...placed(other) }));
  return { ...finding, ...placed(finding), ...(related === undefined ? {} : { related }) };

  function placed<Place extends Pick<Finding, 'file' | 'path' | 'span' | 'at'>>(
    place: Place,
  ): { readonly path: Path; readonly span?: Span } {
    const { file, span } = place;
    const [index, ...path] = place.path;
    const documents = file === undefined ? undefined : placesByFile.get(file);
    if (documents === undefined || typeof index !== 'number') return { path: place.path };
    const found = span ?? spanFor(documents[index], path, place.at);
    // The position tells nothing where there is one document.
    const shown = documents.length > 1 ? place.path : path;
    return found === undefined ? { path: shown } : { path: shown, span: found };
  }
}

/** The place of a value, or of the nearest map around one that nobody wrote. */
function spanFor(places: Places | undefined, path: Path, at: 'key' | 'value' | undefined): Span | undefined {
  if (places === undefined) return undefined;
  if (at === 'key') {
    const key = places.spanOf(path, 'key');
    if (key !== undefined) return key;
  }
  for (let length = path.length; length > 0; length--) {
    const found = placeOf(places, path.slice(0, length));
    if (found !== undefined) return found;
  }
  return placeOf(places, []);
}

/** The path of an object inside a document: one that stands alone, or an item of a `List`. */
export function objectsIn({ value, file, index }: ObjectDocument): readonly {
  readonly path: Path;
  readonly value: unknown;
}[] {
  const path = [file, index];
  const items = valueAt(value, 'items');
  const kind = valueAt(value, 'kind');
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList
    ? items.map((item: unknown, position) => ({ path: [...path, 'items', position], value: item }))
    : [{ path, value }];
}
