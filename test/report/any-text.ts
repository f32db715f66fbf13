import fc from 'fast-check';

const character = fc
  .oneof(
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0x2000, max: 0x206f }),
    fc.integer({ min: 0xac00, max: 0xd7a3 }),
    fc.integer({ min: 0, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/** Text that nobody has looked at: controls, bidi overrides, lone surrogates, wide and combining letters. */
export const anyText = fc.oneof(
  fc.string({ unit: character }),
  fc.string({ unit: character, maxLength: 400, size: 'max' }),
  fc.constantFrom('\x1b]0;title\x07', '\u{202e}txt', 'a\r\nb\u{2028}c', 'e\u{301}\u{308}'),
);

/** What no line of a report may have: control or format characters, or a space at its end. */
export const UNCLEAN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\s$/u;
