import { Composer, CST, Lexer, Parser, type ParsedNode } from 'yaml';
import type { Range } from './source-text.ts';
import { syntaxProblem } from './yaml-wording.ts';

/** Something that keeps the text from being plain YAML of one document. */
export type SyntaxProblem = {
  readonly id: 'fleet/yaml' | 'fleet/too-large' | 'fleet/too-deep' | 'fleet/tag';
  readonly range: Range;
  readonly message: string;
  readonly help: string;
};

/**
 * Maps and lists within each other. The schema needs 8; the reader of YAML calls itself for each level, and
 * this keeps it far from the end of the stack.
 */
export const LEVELS_MAX = 64;

/**
 * Words and signs of YAML in one file. A full mesh of 255 clusters with every pair written down needs 0.4
 * million; each costs the reader about a microsecond and 0.5 kB.
 */
const LEXEMES_MAX = 500_000;

/** Problems of syntax that are kept; the reader of YAML can find a million in a megabyte. */
const PROBLEMS_MAX = 1000;

/** Said of tags, which are reported as the lexer meets them, each at its own place. */
const TAG_CODES: ReadonlySet<string> = new Set(['TAG_RESOLVE_FAILED', 'MULTIPLE_TAGS']);

/** The tree of the YAML reader, or nothing when the text has no content or is not safe to read. */
export type Syntax = {
  readonly root: ParsedNode | null;
  readonly problems: readonly SyntaxProblem[];
};

/**
 * Reads one YAML 1.2 document. Time and memory are bounded: tokens are counted and nesting is measured before
 * the recursive half of the reader sees them. Never throws.
 */
export function readSyntax(text: string): Syntax {
  const tokens = readTokens(text);
  if (tokens.refused !== undefined) return { root: null, problems: [tokens.refused] };
  const { root, problems } = compose(tokens);
  const all = [...tokens.problems, ...problems];
  return { root, problems: oneALine(text, all) };
}

/** What was opened and never closed: the reader says where it noticed, and people look for where it began. */
type LeftOpen = {
  /** Where a quoted text begins, by where it was cut off. */
  readonly quotes: ReadonlyMap<number, number>;
  /** Where the outermost bracket begins, and where it was given up; in order. */
  readonly brackets: readonly { readonly opened: number; readonly givenUp: number }[];
};

type Tokens = {
  readonly document: CST.Document | undefined;
  readonly endings: readonly CST.DocumentEnd[];
  readonly problems: readonly SyntaxProblem[];
  readonly left: LeftOpen;
  readonly refused: SyntaxProblem | undefined;
};

function readTokens(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: SyntaxProblem[] = [];
  const watch = watchOpenings();
  let lexemes = 0;
  let isContent = false;
  const answer = (refused?: SyntaxProblem): Tokens => ({
    ...sortTokens(tokens, problems),
    left: watch.left(parser.offset),
    refused,
  });
  for (const lexeme of new Lexer().lex(text)) {
    const offset = parser.offset;
    // The lexeme after a scalar mark is the scalar itself, whatever sign it begins with.
    const type = isContent ? 'scalar' : CST.tokenType(lexeme);
    isContent = !isContent && lexeme === CST.SCALAR;
    watch.see(type, lexeme, offset);
    if (type === 'tag') keep(problems, tagProblem(lexeme, offset));
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (++lexemes > LEXEMES_MAX) return answer(tooLarge(offset));
    if (parser.stack.length > LEVELS_MAX + 2) return answer(tooDeep(offset));
  }
  for (const token of parser.end()) tokens.push(token);
  return answer();
}

function watchOpenings() {
  const quotes = new Map<number, number>();
  const brackets: { opened: number; givenUp: number }[] = [];
  const open: number[] = [];
  const giveUp = (offset: number) => {
    if (open[0] !== undefined) brackets.push({ opened: open[0], givenUp: offset });
    open.length = 0;
  };
  return {
    see(type: CST.TokenType | null, lexeme: string, offset: number): void {
      if (type === 'flow-map-start' || type === 'flow-seq-start') open.push(offset);
      if (type === 'flow-map-end' || type === 'flow-seq-end') open.pop();
      if (type === 'flow-error-end') giveUp(offset);
      if (isLeftOpen(type, lexeme)) quotes.set(offset + lexeme.length, offset);
    },
    left(end: number): LeftOpen {
      giveUp(end);
      return { quotes, brackets };
    },
  };
}

/** The first document of the stream, and what else stands beside it. */
function sortTokens(
  tokens: readonly CST.Token[],
  problems: SyntaxProblem[],
): Pick<Tokens, 'document' | 'endings' | 'problems'> {
  let document: CST.Document | undefined;
  const endings: CST.DocumentEnd[] = [];
  let isOff = false;
  for (const token of tokens) {
    if (token.type === 'document' && document !== undefined) {
      keep(problems, secondDocument(token.offset));
      break;
    }
    if (token.type === 'document') document = token;
    if (token.type === 'doc-end' && document !== undefined) endings.push(token);
    if (token.type === 'directive' && !/^%YAML[ \t]+1\.2$/.test(token.source)) {
      keep(problems, directive(token.offset, token.source.length));
    }
    // After the first of these the parser finds a document for nothing that follows.
    if (token.type === 'error' && !isOff) {
      isOff = token.message.endsWith('in YAML stream');
      const range: Range = [token.offset, token.offset + token.source.length];
      keep(problems, syntaxProblem('UNEXPECTED_TOKEN', token.message, range));
    }
  }
  return { document, endings, problems };
}

function compose({ document, endings, left }: Tokens): Syntax {
  if (document === undefined) return { root: null, problems: [] };
  const problems: SyntaxProblem[] = [];
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    schema: 'core',
    // Its own search for equal keys compares each with each.
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  // The composer makes an Error with a stack for each problem, 10 microseconds apiece: a megabyte of `]` would
  // take 9 seconds. This takes the place of the method that makes them.
  Object.assign(composer, {
    onError(source: unknown, code: string, message: string, isWarning?: boolean) {
      if (isWarning === true || problems.length >= PROBLEMS_MAX || TAG_CODES.has(code)) return;
      const noticed = rangeOf(source);
      const opened = openingOf(left, message, noticed[0]);
      const range: Range = opened === undefined ? noticed : [opened, opened + 1];
      keep(problems, syntaxProblem(code, message, range));
    },
  });
  const [read] = [...composer.compose([document, ...endings])];
  return { root: read?.contents ?? null, problems };
}

function openingOf({ quotes, brackets }: LeftOpen, message: string, noticed: number): number | undefined {
  if (message.startsWith('Missing closing')) return quotes.get(noticed);
  return / end with a [\]}]$/.test(message)
    ? brackets.find(({ givenUp }) => givenUp >= noticed)?.opened
    : undefined;
}

/** The composer names places in three ways: an offset, a range, or a token. */
function rangeOf(source: unknown): Range {
  if (typeof source === 'number') return [source, source + 1];
  if (Array.isArray(source)) return [Number(source[0]), Number(source[1])];
  const { offset, source: text } = source as { readonly offset: number; readonly source?: unknown };
  return [offset, offset + (typeof text === 'string' ? text.length : 1)];
}

function keep(problems: SyntaxProblem[], problem: SyntaxProblem): void {
  if (problems.length < PROBLEMS_MAX) problems.push(problem);
}

/** One slip of the pen upsets the reader several times on the same line; only the first says what it was. */
function oneALine(text: string, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const kept: SyntaxProblem[] = [];
  let lineEnd = -1;
  for (const problem of problems.toSorted((a, b) => a.range[0] - b.range[0])) {
    if (problem.id !== 'fleet/yaml') kept.push(problem);
    if (problem.id !== 'fleet/yaml' || problem.range[0] <= lineEnd) continue;
    const next = text.indexOf('\n', problem.range[0]);
    lineEnd = next < 0 ? text.length : next;
    kept.push({ ...problem, range: [problem.range[0], Math.min(problem.range[1], lineEnd)] });
  }
  return kept;
}

function isLeftOpen(type: CST.TokenType | null, lexeme: string): boolean {
  if (type !== 'double-quoted-scalar' && type !== 'single-quoted-scalar') return false;
  return lexeme.length === 1 || lexeme.at(-1) !== lexeme[0];
}

function tagProblem(lexeme: string, offset: number): SyntaxProblem {
  return {
    id: 'fleet/tag',
    range: [offset, offset + lexeme.length],
    message: 'YAML tags are not used in a fleet file: the schema decides the type of every value',
    help: 'remove the tag; a text that begins with ! needs quotes',
  };
}

function secondDocument(offset: number): SyntaxProblem {
  return {
    id: 'fleet/yaml',
    range: [offset, offset + 3],
    message: 'a second YAML document begins here; one file holds one fleet',
    help: 'remove the --- line, or move what follows it into a file of its own; it was not read',
  };
}

function directive(offset: number, length: number): SyntaxProblem {
  return {
    id: 'fleet/yaml',
    range: [offset, offset + length],
    message: 'YAML directives are not used in a fleet file, which is YAML 1.2',
    help: 'remove the line',
  };
}

function tooLarge(offset: number): SyntaxProblem {
  return {
    id: 'fleet/too-large',
    range: [offset, offset + 1],
    message: `the file holds more than ${LEXEMES_MAX} words and signs up to here`,
    help: 'check that this is the fleet file; nothing in it was judged',
  };
}

function tooDeep(offset: number): SyntaxProblem {
  return {
    id: 'fleet/too-deep',
    range: [offset, offset + 1],
    message: `maps and lists are nested more than ${LEVELS_MAX} levels deep here`,
    help: 'check the indentation and the brackets above; nothing in the file was judged',
  };
}
