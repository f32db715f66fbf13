/** What to do with a value at a path: look inside, keep all of it, or go past it. */
export type Interest = 'enter' | 'keep' | 'skip';

/** Keys and indices from the top of the document. The array is reused: copy it to hold on to it. */
export type ScanPath = readonly (string | number)[];

export type ScanVisitor = {
  /** Asked of every value directly below one that was entered, the document itself among them. */
  readonly interestIn: (path: ScanPath) => Interest;
  /** Receives what was to be kept. */
  readonly take: (path: ScanPath, value: unknown) => void;
};

/** Deeper than any plan of Terraform, and shallow enough for whoever walks what was kept. */
const DEPTH_MAX = 200;
/** A resource of Azure is some kilobytes; what is larger than this in one piece is none. */
const KEPT_MAX_BYTES = 32 * 1024 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const END = -1;

/**
 * Walks a JSON document of any size in one pass, holding only what the visitor keeps. Parts that are gone past
 * are not judged beyond their brackets. Answers what is wrong with the text, or undefined.
 */
export function scanJson(chunks: Iterable<Uint8Array>, visitor: ScanVisitor): string | undefined {
  const input: Input = {
    source: chunks[Symbol.iterator](),
    chunk: new Uint8Array(),
    at: 0,
    before: 0,
    kept: undefined,
    keptFrom: 0,
  };
  try {
    scanValue(input, [], visitor);
    if (skipSpace(input) !== END) return `goes on after its end, at byte ${positionOf(input)}`;
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/** A text that comes in chunks, and how far it was read. */
type Input = {
  readonly source: Iterator<Uint8Array>;
  chunk: Uint8Array;
  /** Position in the chunk. */
  at: number;
  /** Bytes of all chunks before this one. */
  before: number;
  /** Pieces of the value that is being read, when it is to be kept. */
  kept: Uint8Array[] | undefined;
  keptFrom: number;
};

function scanValue(input: Input, path: (string | number)[], visitor: ScanVisitor): void {
  const first = skipSpace(input);
  if (path.length === 0 && first !== OPEN_BRACE) {
    throw new SyntaxError(first === END ? 'is empty' : 'is no JSON: it does not start with a brace');
  }
  const interest = visitor.interestIn(path);
  if (interest === 'keep') {
    const bytes = keepValue(input);
    visitor.take(path, parse(bytes, input));
  } else if (interest === 'skip' || (first !== OPEN_BRACE && first !== OPEN_BRACKET)) passValue(input);
  else {
    if (path.length >= DEPTH_MAX) throw tooDeep();
    if (first === OPEN_BRACE) scanObject(input, path, visitor);
    else scanArray(input, path, visitor);
  }
}

function scanObject(input: Input, path: (string | number)[], visitor: ScanVisitor): void {
  input.at++;
  if (skipSpace(input) === CLOSE_BRACE) {
    input.at++;
    return;
  }
  for (;;) {
    if (skipSpace(input) !== QUOTE) throw unexpected(input, 'a key');
    const key = parse(keepValue(input), input);
    if (skipSpace(input) !== COLON) throw unexpected(input, 'a colon');
    input.at++;
    path.push(String(key));
    scanValue(input, path, visitor);
    path.pop();
    if (isLast(input, CLOSE_BRACE)) return;
  }
}

function scanArray(input: Input, path: (string | number)[], visitor: ScanVisitor): void {
  input.at++;
  if (skipSpace(input) === CLOSE_BRACKET) {
    input.at++;
    return;
  }
  for (let index = 0; ; index++) {
    path.push(index);
    scanValue(input, path, visitor);
    path.pop();
    if (isLast(input, CLOSE_BRACKET)) return;
  }
}

/** Takes the comma or the closing bracket after a member. */
function isLast(input: Input, close: number): boolean {
  const next = skipSpace(input);
  if (next !== close && next !== COMMA) throw unexpected(input, 'a comma or the end');
  input.at++;
  return next === close;
}

function skipSpace(input: Input): number {
  for (;;) {
    const byte = peek(input);
    if (!isSpace(byte)) return byte;
    input.at++;
  }
}

function parse(bytes: Uint8Array, input: Input): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new SyntaxError(`is no JSON before byte ${positionOf(input)}`);
  }
}

function unexpected(input: Input, wanted: string): SyntaxError {
  if (peek(input) === END) return endsEarly(input);
  return new SyntaxError(`is no JSON: ${wanted} is missing at byte ${positionOf(input)}`);
}

function endsEarly(input: Input): SyntaxError {
  return new SyntaxError(`ends at byte ${positionOf(input)}, in the middle`);
}

function tooDeep(): SyntaxError {
  return new SyntaxError(`is nested deeper than ${DEPTH_MAX} levels`);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function positionOf({ before, at }: Input): number {
  return before + at;
}

/** The byte under the cursor, or END. */
function peek(input: Input): number {
  return input.at < input.chunk.length || refill(input) ? input.chunk[input.at]! : END;
}

/** Brings the next chunk when this one is used up; false at the end of the text. */
function refill(input: Input): boolean {
  while (input.at >= input.chunk.length) {
    keepPiece(input, input.chunk.length);
    input.before += input.chunk.length;
    const next = input.source.next();
    input.chunk = next.done ? new Uint8Array() : next.value;
    input.at = 0;
    input.keptFrom = 0;
    if (next.done) return false;
  }
  return true;
}

/** Goes past the value under the cursor and gives its bytes. */
function keepValue(input: Input): Uint8Array {
  peek(input);
  const pieces: Uint8Array[] = [];
  input.kept = pieces;
  input.keptFrom = input.at;
  passValue(input);
  keepPiece(input, input.at);
  input.kept = undefined;
  return joined(pieces);
}

function passValue(input: Input): void {
  const first = peek(input);
  if (first === QUOTE || first === OPEN_BRACE || first === OPEN_BRACKET) passNested(input);
  else passScalar(input);
}

/** A text, or everything between two brackets: brackets within texts do not count. */
function passNested(input: Input): void {
  let depth = 0;
  let isText = false;
  for (;;) {
    if (input.at >= input.chunk.length && !refill(input)) throw endsEarly(input);
    const { chunk } = input;
    let { at } = input;
    // The one loop that sees every byte of a plan.
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      if (isText) {
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) isText = false;
        else continue;
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
      else continue;
      if (depth > DEPTH_MAX) throw tooDeep();
      if (depth === 0 && !isText) {
        input.at = at;
        return;
      }
    }
    // An escape at the end of a chunk takes the first byte of the next one along.
    const beyond = at - chunk.length;
    input.at = chunk.length;
    if (!refill(input)) throw endsEarly(input);
    input.at += beyond;
  }
}

function passScalar(input: Input): void {
  const start = positionOf(input);
  for (;;) {
    const byte = peek(input);
    if (byte === END || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) break;
    if (isSpace(byte) || byte === COLON || byte === QUOTE) break;
    input.at++;
  }
  if (positionOf(input) === start) throw unexpected(input, 'a value');
}

function keepPiece(input: Input, end: number): void {
  if (!input.kept) return;
  input.kept.push(input.chunk.subarray(input.keptFrom, end));
  const bytes = input.kept.reduce((total, piece) => total + piece.length, 0);
  if (bytes > KEPT_MAX_BYTES) {
    throw new SyntaxError(`holds one value of more than ${KEPT_MAX_BYTES / 2 ** 20} MiB`);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}
