import { textOf, valueAt } from '../kubernetes/value-at.ts';

/** Which files of a folder a source takes: told by their paths from that folder. Undefined where that cannot be told. */
export type DirectoryFilter = (path: string) => boolean | undefined;

/** What braces may come to at most; a longer list is not read. */
const ALTERNATIVES_MAX = 50;
const LENGTH_MAX = 500;
/** Classes, and what a backslash takes the meaning from. */
const UNREAD = /[[\]\\]/;

/**
 * The `include` and `exclude` of a source of plain manifests. Argo CD takes them as patterns in which `*` stands for
 * slashes as well, and braces for alternatives (github.com/gobwas/glob, without separators).
 */
export function directoryFilter(source: unknown): DirectoryFilter {
  const patternsAt = (key: string): readonly string[] | undefined => {
    const text = textOf(valueAt(source, 'directory', key)) ?? '';
    return text === '' ? [] : alternatives(text);
  };
  const [include, exclude] = [patternsAt('include'), patternsAt('exclude')];
  return (path) => {
    if (include === undefined || exclude === undefined) return undefined;
    const fits = (pattern: string): boolean => fitsPattern(path, pattern);
    return (include.length === 0 || include.some(fits)) && !exclude.some(fits);
  };
}

/** The folder that `include` names before its first sign for something else, from the source's own; often none. */
export function includedFolder(source: unknown): string | undefined {
  const include = textOf(valueAt(source, 'directory', 'include')) ?? '';
  const plain = include.slice(0, Math.max(0, include.search(/[*?[{\\]/)));
  const end = plain.lastIndexOf('/');
  return end > 0 ? plain.slice(0, end) : undefined;
}

/** A pattern without its braces, as often as there are ways to read it. */
function alternatives(pattern: string): readonly string[] | undefined {
  if (pattern.length > LENGTH_MAX || UNREAD.test(pattern)) return undefined;
  let open: readonly string[] = [pattern];
  for (let hasBraces = true; hasBraces;) {
    if (open.length > ALTERNATIVES_MAX) return undefined;
    hasBraces = open.some((one) => /\{[^{}]*\}/.test(one));
    open = open.flatMap((one) => {
      const inner = /\{([^{}]*)\}/.exec(one);
      if (!inner) return [one];
      const end = inner.index + inner[0].length;
      return inner[1]!.split(',').map((choice) => one.slice(0, inner.index) + choice + one.slice(end));
    });
  }
  return open.some((one) => /[{}]/.test(one)) ? undefined : open;
}

/** `*` for any text, `?` for one letter. Goes back to the last `*` alone, so that no pattern takes long. */
function fitsPattern(text: string, pattern: string): boolean {
  let [at, sign, star, from] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[sign] === '*') {
      star = sign++;
      from = at;
    } else if (pattern[sign] === '?' || pattern[sign] === text[at]) {
      at++;
      sign++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++from;
    } else return false;
  }
  while (pattern[sign] === '*') sign++;
  return sign === pattern.length;
}
