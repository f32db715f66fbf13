import { printable } from './style.ts';

/** U+200B, which shows nothing: keeps `@name`, `#1` and addresses from becoming mentions, references and links. */
const BREAK = '&#8203;';

/**
 * What Markdown, HTML or GitHub would act on. An underscore inside a word begins no emphasis, and the names of
 * machines are full of them.
 */
const SIGNS =
  /[&<>"\\`*[\]~|$@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=\/\/)|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/gi;

/**
 * Text from outside as HTML that means nothing to Markdown, so that it can stand in a paragraph, in a table and in a
 * raw HTML block alike. What stands between two backticks is code. One line; nobody is notified, nothing is linked.
 */
export function inlineMarkdown(text: string): string {
  const parts = printable(text).split('`');
  // A backtick without a partner is a letter like others.
  const unpaired = parts.length % 2 === 0 ? parts.splice(-2).join('`') : undefined;
  const paired = unpaired === undefined ? parts : [...parts, unpaired];
  return paired.map((part, index) => (index % 2 === 1 ? codeMarkdown(part) : proseOf(part))).join('');
}

/** Text from outside as code within a line; it can be copied as it is. */
export function codeMarkdown(text: string): string {
  return `<code>${printable(text).replace(SIGNS, entity)}</code>`;
}

function proseOf(text: string): string {
  return text.replace(SIGNS, (sign) => {
    if ('@#:'.includes(sign)) return sign + BREAK;
    return '.-'.includes(sign) ? BREAK + sign : entity(sign);
  });
}

/** Entities, not backslashes: a raw HTML block shows those as they are. */
function entity(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}

/** Lines as a code block, whatever backticks they hold. They must be printable. */
export function codeBlock(language: string, lines: string): string {
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${lines.trimEnd()}\n${fence}\n`;
}

/** A table of cells that are Markdown already. */
export function markdownTable(
  columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [
    columns.map(({ title }) => title),
    columns.map(({ align }) => (align === 'right' ? '---:' : '---')),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
