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
  const input = cursorOver(chunks);
  try {
    scanValue(input, [], visitor);
    if (skipSpace(input) !== END) return `goes on after its end, at byte ${input.position()}`;
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

type Cursor = {
  /** The byte under the cursor, or END. */
  readonly peek: () => number;
  readonly advance: () => void;
  /** Goes past a value that starts under the cursor; gives its bytes if they are wanted. */
  readonly pass: (isWanted: boolean) => Uint8Array | undefined;
  readonly position: () => number;
};

function scanValue(input: Cursor, path: (string | number)[], visitor: ScanVisitor): void {
  const first = skipSpace(input);
  if (path.length === 0 && first !== OPEN_BRACE) {
    throw new SyntaxError(first === END ? 'is empty' : 'is no JSON: it does not start with a brace');
  }
  const interest = visitor.interestIn(path);
  if (interest === 'keep') {
    const bytes = input.pass(true)!;
    visitor.take(path, parse(bytes, input));
  } else if (interest === 'skip' || (first !== OPEN_BRACE && first !== OPEN_BRACKET)) input.pass(false);
  else {
    if (path.length >= DEPTH_MAX) throw new SyntaxError(`is nested deeper than ${DEPTH_MAX} levels`);
    if (first === OPEN_BRACE) scanObject(input, path, visitor);
    else scanArray(input, path, visitor);
  }
}

function scanObject(input: Cursor, path: (string | number)[], visitor: ScanVisitor): void {
  input.advance();
  if (skipSpace(input) === CLOSE_BRACE) {
    input.advance();
    return;
  }
  for (;;) {
    if (skipSpace(input) !== QUOTE) throw unexpected(input, 'a key');
    const key = parse(input.pass(true)!, input);
    if (skipSpace(input) !== COLON) throw unexpected(input, 'a colon');
    input.advance();
    path.push(String(key));
    scanValue(input, path, visitor);
    path.pop();
    if (isLast(input, CLOSE_BRACE)) return;
  }
}

function scanArray(input: Cursor, path: (string | number)[], visitor: ScanVisitor): void {
  input.advance();
  if (skipSpace(input) === CLOSE_BRACKET) {
    input.advance();
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
function isLast(input: Cursor, close: number): boolean {
  const next = skipSpace(input);
  if (next !== close && next !== COMMA) throw unexpected(input, 'a comma or the end');
  input.advance();
  return next === close;
}

function skipSpace(input: Cursor): number {
  for (;;) {
    const byte = input.peek();
    if (!isSpace(byte)) return byte;
    input.advance();
  }
}

function parse(bytes: Uint8Array, input: Cursor): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new SyntaxError(`is no JSON before byte ${input.position()}`);
  }
}

function unexpected(input: Cursor, wanted: string): SyntaxError {
  if (input.peek() === END) return new SyntaxError(`ends at byte ${input.position()}, in the middle`);
  return new SyntaxError(`is no JSON: ${wanted} is missing at byte ${input.position()}`);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function cursorOver(chunks: Iterable<Uint8Array>): Cursor {
  const source = chunks[Symbol.iterator]();
  let chunk: Uint8Array = new Uint8Array();
  let at = 0;
  let before = 0;
  let kept: { pieces: Uint8Array[]; bytes: number; from: number } | undefined;

  /** Brings the next chunk when this one is used up; false at the end of the text. */
  const refill = (): boolean => {
    while (at >= chunk.length) {
      if (kept) keepUpTo(kept, chunk, chunk.length);
      before += chunk.length;
      const { done, value } = source.next();
      chunk = done ? new Uint8Array() : value;
      at = 0;
      if (kept) kept.from = 0;
      if (done) return false;
    }
    return true;
  };
  const position = (): number => before + at;
  const peek = (): number => (at < chunk.length || refill() ? chunk[at]! : END);
  const passRest = (): void => {
    const first = peek();
    if (first === END) throw new SyntaxError(`ends at byte ${position()}, in the middle`);
    if (first !== QUOTE && first !== OPEN_BRACE && first !== OPEN_BRACKET) {
      passScalar();
      return;
    }
    let depth = 0;
    let isText = false;
    for (;;) {
      if (at >= chunk.length && !refill()) throw new SyntaxError(`ends at byte ${position()}, in the middle`);
      const byte = chunk[at++]!;
      if (isText) {
        if (byte === BACKSLASH) {
          if (at >= chunk.length && !refill()) continue;
          at++;
        } else if (byte === QUOTE) {
          isText = false;
          if (depth === 0) return;
        }
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > DEPTH_MAX) throw new SyntaxError(`is nested deeper than ${DEPTH_MAX} levels`);
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--depth === 0) return;
      }
    }
  };
  const passScalar = (): void => {
    const start = position();
    for (;;) {
      const byte = peek();
      if (byte === END || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) break;
      if (isSpace(byte) || byte === COLON || byte === QUOTE) break;
      at++;
    }
    if (position() === start) throw new SyntaxError(`is no JSON: a value is missing at byte ${start}`);
  };
  return {
    peek,
    advance: () => {
      at++;
    },
    position,
    pass: (isWanted) => {
      peek();
      kept = isWanted ? { pieces: [], bytes: 0, from: at } : undefined;
      passRest();
      if (!kept) return undefined;
      keepUpTo(kept, chunk, at);
      const { pieces } = kept;
      kept = undefined;
      return joined(pieces);
    },
  };
}

function keepUpTo(
  kept: { pieces: Uint8Array[]; bytes: number; from: number },
  chunk: Uint8Array,
  end: number,
): void {
  kept.pieces.push(chunk.subarray(kept.from, end));
  kept.bytes += end - kept.from;
  if (kept.bytes > KEPT_MAX_BYTES) {
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
