import type { Position, Span } from '../base/finding.ts';

/** A text as people see it: lines and columns over offsets, which count UTF-16 code units. */
export type SourceText = {
  readonly text: string;
  /** The span from `start` up to `end`; offsets outside the text are moved to its nearest end. */
  readonly spanOf: (start: number, end: number) => Span;
};

/** A range of offsets, half open. */
export type Range = readonly [start: number, end: number];

/** Something wrong with the bytes, before any YAML is read. */
export type ByteProblem = {
  readonly id: 'fleet/encoding' | 'fleet/too-large';
  readonly range: Range;
  readonly message: string;
  readonly help: string;
};

/**
 * Far above any fleet that AKS and the mesh allow: 255 clusters in a full mesh, every pair written down, take
 * 0.7 MiB.
 */
export const BYTES_MAX = 2 ** 20;

/**
 * What YAML 1.2 calls not printable (chapter 5.1); a terminal that shows such a text acts on some of them.
 */
const CONTROL_CHARACTERS = /(?![\t\n\r\u0085])\p{Cc}/gu;

/**
 * Reads bytes as UTF-8, with or without a byte order mark. Characters that cannot stand in a text file become
 * U+FFFD, so that the rest can still be read and shown; `text` is undefined when there is nothing to read.
 */
export function decodeText(bytes: Uint8Array): {
  readonly text: string | undefined;
  readonly problems: readonly ByteProblem[];
} {
  if (bytes.length > BYTES_MAX) return { text: undefined, problems: [tooLarge()] };
  if (looksLikeUtf16(bytes)) return { text: undefined, problems: [UTF16] };
  const decoded = new TextDecoder('utf-8').decode(bytes);
  const problems: ByteProblem[] = [];
  const badByte = firstBadByte(bytes);
  if (badByte !== undefined) problems.push(badByte);
  const controls = decoded.match(CONTROL_CHARACTERS);
  if (controls !== null) {
    problems.push(controlProblem(decoded.search(CONTROL_CHARACTERS), controls[0], controls.length));
  }
  return { text: controls === null ? decoded : decoded.replace(CONTROL_CHARACTERS, '\ufffd'), problems };
}

/** Lines end at a line feed, as the YAML reader and most editors count them. */
export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const positionOf = (offset: number): Position => {
    const inside = Math.min(Math.max(offset, 0), text.length);
    const line = lastAtMost(lineStarts, inside);
    return { line: line + 1, column: inside - lineStarts[line]! + 1 };
  };
  const spanOf = (start: number, end: number): Span => ({
    file,
    start: positionOf(start),
    end: positionOf(Math.max(start, end)),
  });
  return { text, spanOf };
}

/** The index of the last number that is not above `limit`; `sorted` starts with 0. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function tooLarge(): ByteProblem {
  return {
    id: 'fleet/too-large',
    range: [0, 0],
    message: `the file is larger than the ${BYTES_MAX} bytes that a fleet file may have`,
    help: 'check that this is the fleet file; nothing in it was read',
  };
}

const UTF16: ByteProblem = {
  id: 'fleet/encoding',
  range: [0, 0],
  message: 'the file is UTF-16; a fleet file is UTF-8',
  help: 'save it as UTF-8; nothing in it was read',
};

/**
 * A byte order mark of UTF-16, or text of the kind that every fleet file begins with, each letter beside a
 * zero.
 */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return (a === 0 && c === 0 && b !== 0 && d !== 0) || (a !== 0 && c !== 0 && b === 0 && d === 0);
}

/**
 * The first byte that is no UTF-8. A prefix of sound bytes is sound, so halving finds the end of the sound
 * ones.
 */
function firstBadByte(bytes: Uint8Array): ByteProblem | undefined {
  if (soundText(bytes) !== undefined) return undefined;
  let sound = 0;
  let bad = bytes.length + 1;
  while (bad - sound > 1) {
    const middle = Math.floor((sound + bad) / 2);
    if (soundText(bytes.subarray(0, middle), { stream: true }) === undefined) bad = middle;
    else sound = middle;
  }
  // A sequence that was begun and not finished belongs to what is bad: the decoder has not put it out.
  const before = soundText(bytes.subarray(0, Math.min(sound, bytes.length)), { stream: true }) ?? '';
  const at = new TextEncoder().encode(before).length + (hasByteOrderMark(bytes) ? 3 : 0);
  const value = bytes[at]!.toString(16).padStart(2, '0');
  return {
    id: 'fleet/encoding',
    range: [before.length, before.length + 1],
    message: `byte ${at} (0x${value}) is no UTF-8; a fleet file is UTF-8`,
    help: 'save the file as UTF-8',
  };
}

function soundText(bytes: Uint8Array, options?: { stream: boolean }): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, options);
  } catch {
    return undefined;
  }
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function controlProblem(at: number, character: string, count: number): ByteProblem {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const more = count > 1 ? `, and ${count - 1} more after it` : '';
  return {
    id: 'fleet/encoding',
    range: [at, at + 1],
    message: `the control character U+${code} stands here${more}; a fleet file is plain text`,
    help: 'remove it',
  };
}
