/** Longest piece of a user's text that a message repeats, in UTF-16 code units. */
const QUOTE_MAX = 60;

/**
 * What `JSON.stringify` leaves as it is and a terminal acts on, or shows as something else: controls, signs
 * that turn the direction of text, and line separators.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A user's text, quoted for a message: of bounded length, and with nothing that a terminal would act on. */
export function quote(text: string): string {
  const clipped = text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text;
  return JSON.stringify(clipped).replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
