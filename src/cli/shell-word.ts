/** What a shell takes as it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of a command line that a person may copy, for a POSIX shell. */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
