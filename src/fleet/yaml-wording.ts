import type { Range } from './source-text.ts';

type Wording = {
  /**
   * The `yaml` package's code of the problem, and words of its message where one code covers several
   * problems.
   */
  readonly code: string;
  readonly says?: RegExp;
  readonly message: string;
  readonly help: string;
};

/** What people most likely did, in the order in which the entries are tried. */
const WORDINGS: readonly Wording[] = [
  {
    code: 'TAB_AS_INDENT',
    message: 'a tab indents this line; YAML allows only spaces there',
    help: 'replace the tab by spaces',
  },
  {
    code: 'MISSING_CHAR',
    says: /closing/,
    message: 'this quoted text never ends',
    help: 'add the closing quote',
  },
  {
    code: 'MISSING_CHAR',
    says: /followed by map values/,
    message: 'a key must be followed by a colon and a space',
    help: 'write it like `key: value`',
  },
  {
    code: 'MISSING_CHAR',
    says: /Comments must be separated/,
    message: 'a comment must have a space before its #',
    help: 'add a space, or put the text in quotes',
  },
  {
    code: 'MISSING_CHAR',
    says: /end with a/,
    message: 'this bracket is never closed',
    help: 'add the closing bracket',
  },
  {
    code: 'MISSING_CHAR',
    says: /Missing , |Missing space after :/,
    message: 'a comma or a colon is missing here',
    help: 'check the brackets and commas of this list or map',
  },
  {
    code: 'MULTILINE_IMPLICIT_KEY',
    message: 'this is read as a key that runs over several lines',
    help: 'check that the line has a colon after its key, and the right indentation',
  },
  {
    code: 'BLOCK_AS_IMPLICIT_KEY',
    message: 'a second key and colon follow here, where a plain value was expected',
    help: 'put a text that holds `: ` in quotes, or check the indentation of the next line',
  },
  {
    code: 'BAD_INDENT',
    says: /same column/,
    message: 'this line is indented unlike the other keys of its map',
    help: 'let all keys of one map start in the same column',
  },
  {
    code: 'BAD_INDENT',
    says: /Flow/,
    message: 'this bracket is not closed before the indentation ends',
    help: 'add the closing bracket, or indent what is inside it more',
  },
  {
    code: 'BLOCK_IN_FLOW',
    message: 'inside brackets the items need commas between them',
    help: 'add the comma, or the quotes around a text that holds `: `',
  },
  {
    code: 'BAD_SCALAR_START',
    message: 'a plain text cannot begin with this sign',
    help: 'put the text in quotes',
  },
  {
    code: 'BAD_DQ_ESCAPE',
    message: 'this backslash sequence means nothing inside double quotes',
    help: 'write \\\\ for a backslash, or use single quotes',
  },
  {
    code: 'BAD_ALIAS',
    message: 'a * or & must be followed by the name of an anchor',
    help: 'put a text that begins with * or & in quotes',
  },
  {
    code: 'KEY_OVER_1024_CHARS',
    message: 'this key is longer than the 1024 characters that YAML allows',
    help: 'shorten it',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    says: /block-seq-ind/,
    message: 'a list must begin on the line after its key',
    help: 'move the - to a line of its own, or put a text that begins with - in quotes',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    says: /at node end|after the scalar/,
    message: 'the value ends before this; nothing may follow it on the line',
    help: 'put the whole text in quotes',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    says: /Unexpected (,|empty item)/,
    message: 'an item is missing before this comma',
    help: 'remove the comma',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    says: /flow-(seq|map)-end/,
    message: 'this bracket closes nothing; what follows it may not have been read',
    help: 'remove it, or add the opening bracket',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    says: /Block scalar header/,
    message: 'nothing may follow | or > on its line',
    help: 'begin the text on the next line, or put it in quotes',
  },
];

const OTHER: Omit<Wording, 'code'> = {
  message: 'this is not YAML',
  help: 'check the indentation, quotes and brackets here and on the line above',
};

/**
 * Says a problem of the YAML reader in plain words. Its own words are not used: they repeat the user's text.
 */
export function syntaxProblem(code: string, message: string, range: Range) {
  const wording =
    WORDINGS.find((entry) => entry.code === code && (entry.says === undefined || entry.says.test(message))) ??
    OTHER;
  return { id: 'fleet/yaml', range, message: wording.message, help: wording.help } as const;
}
