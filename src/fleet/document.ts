import type { Finding, Path, Span } from '../base/finding.ts';
import { findingsOf, type Draft } from './draft.ts';
import { decodeText, type Range, sourceText, type SourceText } from './source-text.ts';
import { plant, type Branch, type Tree } from './yaml-tree.ts';
import { readSyntax } from './yaml-syntax.ts';

/** A fleet file as plain data that knows where each part of it was written. */
export type FleetDocument = {
  readonly file: string;
  /**
   * The text that lines and columns count in: without byte order mark, and with U+FFFD for what is no text.
   */
  readonly text: string;
  /**
   * Maps, lists, texts, numbers, booleans and null; undefined when nothing could be read. What a finding has
   * refused is absent from maps and undefined in lists. Aliases share the value of their anchor: never change
   * it in place.
   */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /**
   * True when the text is not YAML throughout, so that a key that seems to be missing may only be unreadable.
   */
  readonly isBroken: boolean;
  /** Set when the text is TypeScript: then nobody is told how YAML writes a list. */
  readonly isCode?: true;
} & Places;

/** Where the values of a text stand in it. */
export type Places = {
  /** Where the value at a path, or its key, was written; undefined when it was not. */
  readonly spanOf: (path: Path, at?: 'key' | 'value') => Span | undefined;
  /** The value at a path as its author wrote it, quotes and all. */
  readonly writtenAt: (path: Path) => string | undefined;
};

/**
 * Reads a fleet file. Never throws; time and memory stay bounded whatever the bytes are. What is wrong
 * becomes findings, and the rest of the file is still read.
 */
export function readFleetDocument(file: string, bytes: Uint8Array): FleetDocument {
  const { text, problems } = decodeText(bytes);
  const source = sourceText(file, text ?? '');
  const byteDrafts = problems.map(({ id, range, message, help }) =>
    draftAt(source, id, range, message, help),
  );
  if (text === undefined) return documentOf(file, source, undefined, byteDrafts, true);
  const syntax = readSyntax(text);
  // Bytes that are no text break the syntax around them; the reader's opinion of that helps nobody.
  const told = problems.length > 0 ? [] : syntax.problems;
  const syntaxDrafts = told.map(({ id, range, message, help }) => draftAt(source, id, range, message, help));
  const isBroken = problems.length > 0 || syntax.problems.some(({ id }) => id !== 'fleet/tag');
  if (syntax.root === null) {
    const empty = isBroken ? [] : [emptyFile(source)];
    return documentOf(file, source, undefined, [...byteDrafts, ...syntaxDrafts, ...empty], isBroken);
  }
  const { branch, drafts } = plant(syntax.root, source);
  const root = branch?.tree.value === null ? undefined : branch;
  const empty = branch !== undefined && root === undefined && !isBroken ? [emptyFile(source)] : [];
  return documentOf(file, source, root, [...byteDrafts, ...syntaxDrafts, ...drafts, ...empty], isBroken);
}

/**
 * Where to point for the value at a path, on one line: a value that fills several lines, or none, is spoken
 * for by its key.
 */
export function placeOf(document: Places, path: Path): Span | undefined {
  const span = document.spanOf(path);
  if (span === undefined) return undefined;
  const written = document.writtenAt(path) ?? '';
  if (written !== '' && span.start.line === span.end.line) return span;
  const firstLine = written.split(/\r?\n/, 1)[0] ?? '';
  const end = { line: span.start.line, column: span.start.column + firstLine.length };
  return document.spanOf(path, 'key') ?? { ...span, end };
}

/** Where the content of the file begins: the place of what is missing from it. */
export function startOf(document: FleetDocument): Span {
  const start = document.spanOf([])?.start ?? { line: 1, column: 1 };
  return { file: document.file, start, end: start };
}

/** A document over a text that was read into `root`, as far as it could be. */
export function documentOf(
  file: string,
  source: SourceText,
  root: Branch | undefined,
  drafts: readonly Draft[],
  isBroken: boolean,
): FleetDocument {
  return {
    file,
    text: source.text,
    value: root?.tree.value,
    findings: findingsOf(drafts),
    isBroken,
    ...placesIn(root, source),
  };
}

/** Where the values of a tree of YAML were written. */
export function placesIn(root: Branch | undefined, source: SourceText): Places {
  return {
    spanOf(path, at = 'value') {
      const branch = branchAt(root, path);
      const range = at === 'key' ? branch?.key : branch?.at;
      return range && source.spanOf(range[0], range[1]);
    },
    writtenAt(path) {
      const branch = branchAt(root, path);
      return branch && source.text.slice(branch.at[0], branch.at[1]);
    },
  };
}

function branchAt(root: Branch | undefined, path: Path): Branch | undefined {
  let branch = root;
  for (const step of path) {
    const tree: Tree | undefined = branch?.tree;
    // A path of ours may write the key of a map as a number: `tiers.1`.
    branch = tree?.branches?.get(Array.isArray(tree.value) ? step : String(step));
  }
  return branch;
}

function draftAt(source: SourceText, id: string, range: Range, message: string, help: string): Draft {
  return { id, path: [], span: source.spanOf(range[0], range[1]), words: () => ({ message, help }) };
}

function emptyFile(source: SourceText): Draft {
  return draftAt(
    source,
    'fleet/empty',
    [0, 0],
    'the file is empty; a fleet has a name, a region and clusters',
    '`bulkhead init` writes a complete example',
  );
}
