/** Longest piece of a user's text that a message repeats, in UTF-16 code units. */
const QUOTE_MAX = 60;

/**
 * Control characters that `JSON.stringify` leaves as they are, and those that turn the direction of text: a terminal
 * acts on the first and shows the second as something else.
 */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A user's text, quoted for a message: cut to a bounded length, and with nothing that a terminal would act on. */
export function quote(text: string): string {
  const clipped = text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text;
  return JSON.stringify(clipped).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
