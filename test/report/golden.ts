/** A golden text that is indented with the code, by four spaces, and begins on a line of its own. */
export function golden(text: string): string {
  return text.slice(1).replace(/^ {4}/gm, '').trimEnd() + '\n';
}
