import type { Position, Span } from '../base/finding.ts';
import { literalsOf } from './code-literal.ts';
import { grow } from './code-tree.ts';
import { documentOf, type FleetDocument } from './document.ts';
import type { Draft } from './draft.ts';
import { decodeText, type SourceText, sourceText } from './source-text.ts';

/** What came of running a module that exports a fleet. */
export type CodeRun =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The column is not always known. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly help: string;
      readonly at?: { readonly line: number; readonly column?: number };
    };

/**
 * The fleet that a module exports as plain data with places in the module's text, under the limits that a
 * fleet file in YAML has. Never throws; what is wrong becomes findings.
 */
export function readCodeDocument(file: string, bytes: Uint8Array, run: CodeRun): FleetDocument {
  return { ...documentOfCode(file, bytes, run), isCode: true };
}

function documentOfCode(file: string, bytes: Uint8Array, run: CodeRun): FleetDocument {
  const { text, problems } = decodeText(bytes);
  const source = sourceText(file, text ?? '');
  const byteDrafts = problems.map(({ id, range, message, help }): Draft => ({
    id,
    path: [],
    span: source.spanOf(range[0], range[1]),
    words: () => ({ message, help }),
  }));
  if (text === undefined) return documentOf(file, source, undefined, byteDrafts, true);
  if (run.kind === 'failed') {
    // Bytes that are no text break the syntax around them; what the compiler says of that helps nobody.
    const drafts = problems.length > 0 ? byteDrafts : [failure(source, run)];
    return documentOf(file, source, undefined, drafts, true);
  }
  const { branch, drafts } = grow(run.value, literalsOf(text), source);
  return documentOf(file, source, branch, [...byteDrafts, ...drafts], false);
}

function failure(source: SourceText, { message, help, at }: CodeRun & { kind: 'failed' }): Draft {
  return { id: 'fleet/code', path: [], span: spanAt(source, at), words: () => ({ message, help }) };
}

/** The word at a position, or its line; the beginning of the text when the position is not in it. */
function spanAt(
  source: SourceText,
  at: { readonly line: number; readonly column?: number } | undefined,
): Span {
  const line = source.text.split('\n')[(at?.line ?? 0) - 1];
  if (at === undefined || line === undefined) return source.spanOf(0, 0);
  const written = line.trimEnd();
  const from = Math.min(at.column ?? written.length - written.trimStart().length + 1, written.length + 1);
  const length =
    at.column === undefined ? written.length : (/^[\w$]+|^./.exec(written.slice(from - 1))?.[0].length ?? 0);
  const start: Position = { line: at.line, column: from };
  const end = { line: at.line, column: at.column === undefined ? written.length + 1 : from + length };
  return { ...source.spanOf(0, 0), start, end };
}
