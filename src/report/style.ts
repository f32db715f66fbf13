type Paint = (text: string) => string;

/** How a report emphasises text. The caller chooses one: reports never look at the terminal themselves. */
export type Style = {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
  readonly blue: Paint;
};

export type Tone = keyof Style;

const plain: Paint = (text) => text;

/** For files, pipes and `NO_COLOR`. */
export const plainStyle: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  yellow: plain,
  green: plain,
  cyan: plain,
  blue: plain,
};

/**
 * ECMA-48 "select graphic rendition". Each tone ends with its own code, so that bold may enclose a colour.
 */
export const ansiStyle: Style = {
  bold: rendition(1, 22),
  dim: rendition(2, 22),
  red: rendition(31, 39),
  yellow: rendition(33, 39),
  green: rendition(32, 39),
  cyan: rendition(36, 39),
  // Bright blue: the plain one (34) can hardly be read on a black ground.
  blue: rendition(94, 39),
};

function rendition(open: number, close: number): Paint {
  return (text) => (text === '' ? '' : `\x1b[${open}m${text}\x1b[${close}m`);
}

/**
 * Controls (Cc), formats (Cf: bidi overrides, joiners, byte order mark, tags), line separators and lone
 * surrogates, and the Hangul fillers, which are letters that show nothing. Whoever wrote the text must not
 * move the reader's cursor, reorder the line or hide a difference between two names.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Text from outside (file contents, names) made safe for a terminal: what would act on it or hide in it
 * becomes a visible escape such as `\x1b` or `\u{202e}`. The answer is one line without control characters.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT_ESCAPES[character] ?? escapeOf(character));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Columns that a terminal gives to printable text: two for wide characters, none for marks that combine. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

/**
 * Marks drawn over the letter before them; vowels and finals of decomposed Hangul share the initial's two
 * columns.
 */
const COMBINING = /^[\p{Mn}\p{Me}\u{1160}-\u{11ff}\u{d7b0}-\u{d7ff}]$/u;

/**
 * East_Asian_Width W and F (Unicode Standard Annex 11), without the emoji, which have a property of their
 * own.
 */
const WIDE_RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f], // Hangul initials
  [0x2329, 0x232a], // angle brackets
  [0x2630, 0x2637], // trigrams
  [0x268a, 0x268f], // monograms, digrams
  [0x2e80, 0x303e], // CJK radicals, description characters, punctuation
  [0x3041, 0x3247], // kana, bopomofo, Hangul compatibility letters, enclosed CJK
  [0x3250, 0xa4cf], // CJK compatibility, ideographs, Yi
  [0xa960, 0xa97f], // old Hangul initials
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // compatibility ideographs
  [0xfe10, 0xfe19], // vertical forms
  [0xfe30, 0xfe6f], // compatibility and small forms
  [0xff01, 0xff60], // full-width forms
  [0xffe0, 0xffe6], // full-width signs
  [0x16fe0, 0x18dff], // Tangut, Khitan
  [0x1aff0, 0x1b2ff], // kana supplements, Nushu
  [0x1d300, 0x1d376], // Tai Xuan Jing symbols, counting rods
  [0x1f200, 0x1f265], // enclosed ideographs
  [0x20000, 0x3fffd], // ideograph planes
];

const EMOJI = /^\p{Emoji_Presentation}$/u;

/** The half of a flag: an emoji of one column, so that the pair takes two. */
const REGIONAL_INDICATOR = /^[\u{1f1e6}-\u{1f1ff}]$/u;

function characterWidth(character: string): number {
  if (COMBINING.test(character)) return 0;
  const code = character.codePointAt(0)!;
  const isWide = WIDE_RANGES.some(([first, last]) => code >= first && code <= last);
  return isWide || (EMOJI.test(character) && !REGIONAL_INDICATOR.test(character)) ? 2 : 1;
}
