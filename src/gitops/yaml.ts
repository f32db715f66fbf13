/**
 * Data of the JSON kind as YAML. A printer of our own because the general one takes about twenty times as
 * long, which is a second for a fleet of 200 clusters, and because a text must read the same under YAML 1.1
 * (Argo CD, kubectl and Helm) and under YAML 1.2 (most other readers).
 */

/**
 * Marks a value that carries its reason. A symbol, so that no key of a Kubernetes object can be taken for it.
 */
const WHY: unique symbol = Symbol('why');

type Explained = { readonly [WHY]: string; readonly value: Yaml };

/** A map, printed in the order of its keys. A key whose value is undefined is left out. */
export type YamlMap = { readonly [key: string]: Yaml | undefined };

export type Yaml = string | number | boolean | null | readonly Yaml[] | YamlMap | Explained;

/** The value, printed under a comment that says why it is what it is. */
export function because(reason: string, value: Yaml): Yaml {
  return { [WHY]: reason, value };
}

/** Where comments wrap, in columns. */
const WIDTH_COLUMNS = 110;
const STEP = 2;

/**
 * Prints a map in block style, ending in a newline. Throws on a number that the two versions would read
 * differently.
 */
export function renderYaml(map: YamlMap): string {
  return printMap(map, 0, '');
}

/** Comment lines, wrapped, each indented. */
export function renderComment(text: string, indent = 0): string {
  const pad = `${' '.repeat(indent)}#`;
  let lines = '';
  for (const paragraph of text.split('\n')) {
    let line = pad;
    for (const word of paragraph.split(' ')) {
      if (line !== pad && line.length + 1 + word.length > WIDTH_COLUMNS) {
        lines += `${line}\n`;
        line = pad;
      }
      line += ` ${word}`;
    }
    lines += `${line.trimEnd()}\n`;
  }
  return lines;
}

/** `lead` stands before the first key: the dash of a list item, or nothing. */
function printMap(map: YamlMap, indent: number, lead: string): string {
  const pad = ' '.repeat(indent);
  let text = '';
  let start = lead;
  for (const [key, given] of Object.entries(map)) {
    if (given === undefined) continue;
    const { reason, value } = unwrap(given);
    if (reason !== undefined) {
      text += start === '' ? renderComment(reason, indent) : renderComment(reason, indent - STEP);
    }
    text += `${start === '' ? pad : start}${scalarText(key)}:${printValue(value, indent)}`;
    start = '';
  }
  return text;
}

function printList(list: readonly Yaml[], indent: number, lead: string): string {
  const pad = ' '.repeat(indent);
  let text = '';
  let start = lead;
  for (const given of list) {
    const { reason, value } = unwrap(given);
    if (reason !== undefined) text += renderComment(reason, start === '' ? indent : indent - STEP);
    const dash = `${start === '' ? pad : start}- `;
    if (isList(value) && value.length > 0) text += printList(value, indent + STEP, dash);
    else if (isMap(value) && !isEmpty(value)) text += printMap(value, indent + STEP, dash);
    else text += `${dash.slice(0, -1)}${printValue(value, indent)}`;
    start = '';
  }
  return text;
}

/** What follows a key or a dash, from the space on. */
function printValue(value: Yaml, indent: number): string {
  if (isList(value)) return value.length === 0 ? ' []\n' : `\n${printList(value, indent + STEP, '')}`;
  if (isMap(value)) return isEmpty(value) ? ' {}\n' : `\n${printMap(value, indent + STEP, '')}`;
  if (typeof value === 'string' && isLiteral(value)) return printLiteral(value, indent + STEP);
  return ` ${scalarText(value as string | number | boolean | null)}\n`;
}

function printLiteral(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const endsLine = text.endsWith('\n');
  const lines = (endsLine ? text.slice(0, -1) : text).split('\n');
  const block = lines.map((line) => (line === '' ? '\n' : `${pad}${line}\n`)).join('');
  return ` ${endsLine ? '|' : '|-'}\n${block}`;
}

/**
 * Letters first, or a quantity such as `256Mi` and `1h0m0s`; nothing that any YAML version gives a meaning of
 * its own, as it does to `1e3`, `0x1F`, `1_000`, `12:30` and `1.2.3`, and some readers to `e0`.
 */
const PLAIN = /^(?:[A-Za-z_/][\w ./@+=,~():-]*|[1-9]\d*[A-DF-Za-df-z][A-Za-z0-9]*)$/;
const PLAIN_NEVER = /: |[: ]$|^(?:y|n|yes|no|on|off|true|false|null|e[-+\d_.]*)$/i;
/** Characters that `JSON.stringify` leaves alone and some YAML reader breaks a line at, drops or refuses. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/gu;
const LITERAL_NEVER = /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]| $| \n|\n\n$/u;

/** A text of several lines that a literal block gives back unchanged. */
function isLiteral(text: string): boolean {
  return text.includes('\n') && !/^[ \n]/.test(text) && !LITERAL_NEVER.test(text);
}

function scalarText(value: string | number | boolean | null): string {
  if (typeof value === 'string') {
    if (PLAIN.test(value) && !PLAIN_NEVER.test(value)) return value;
    return JSON.stringify(value).replace(
      UNPRINTABLE,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  const text = String(value);
  // YAML 1.1 reads 1e+21 as a text, and NaN is one in both.
  if (typeof value === 'number' && !/^-?\d+(?:\.\d+)?$/.test(text))
    throw new Error(`${text} has no safe YAML form`);
  return text;
}

function unwrap(given: Yaml): { readonly reason?: string; readonly value: Exclude<Yaml, Explained> } {
  if (typeof given === 'object' && given !== null && WHY in given) {
    const explained = given as Explained;
    return { reason: explained[WHY], value: unwrap(explained.value).value };
  }
  return { value: given as Exclude<Yaml, Explained> };
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

function isMap(value: Yaml): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(map: YamlMap): boolean {
  return Object.values(map).every((value) => value === undefined);
}
