import type { FileTree } from '../../base/file-tree.ts';

/** The files of a folder, by path, and the folders in it. Applications name them from the root of a repository. */
export type Checkout = {
  readonly files: FileTree;
  readonly folders: ReadonlySet<string>;
  /** Files and folders by the number of steps in their paths. */
  readonly pathsByLength: ReadonlyMap<number, readonly string[]>;
};

/** A path that fits a template, and what its placeholders then stand for. */
export type PathMatch = { readonly path: string; readonly bindings: ReadonlyMap<string, string> };

/** `{{.name}}`, `{{ name }}`; a longer expression is a program, and stands for nothing that is known here. */
const PLACEHOLDER = /\{\{-?\s{0,9}([^{}\s](?:[^{}]{0,200}[^{}\s-])?)\s{0,9}-?\}\}/g;
/** Placeholders in one path; each more makes the match slower. */
const PLACEHOLDERS_MAX = 4;

export function checkoutOf(files: FileTree): Checkout {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.slice(0, slash));
    }
  }
  const pathsByLength = new Map<number, string[]>();
  for (const path of [...files.keys(), ...folders]) {
    const length = path.split('/').length;
    const paths = pathsByLength.get(length);
    if (paths) paths.push(path);
    else pathsByLength.set(length, [path]);
  }
  return { files, folders, pathsByLength };
}

/**
 * The files and folders that a path of the repository means. The folder at hand may be any part of the
 * repository, so steps are taken from the path's beginning until something fits; at least two must.
 */
export function pathsFor(checkout: Checkout, template: string): readonly PathMatch[] {
  const steps = normalized(template).split('/');
  for (let skipped = 0; skipped === 0 || skipped <= steps.length - 2; skipped++) {
    const found = matches(checkout, steps.slice(skipped).join('/'));
    if (found.length > 0) return found;
  }
  return [];
}

/** The file or folder that a path without placeholders means. */
export function pathFor(checkout: Checkout, path: string): string | undefined {
  return hasPlaceholder(path) ? undefined : pathsFor(checkout, path)[0]?.path;
}

/** A path seen from a folder, with its `..` taken away; undefined when it leaves the folder at hand. */
export function pathFrom(folder: string, path: string): string | undefined {
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** The files directly in a folder, or everywhere below it. */
export function filesIn({ files }: Checkout, folder: string, isDeep: boolean): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...files.keys()].filter(
    (path) => path.startsWith(prefix) && (isDeep || !path.slice(prefix.length).includes('/')),
  );
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function hasPlaceholder(text: string): boolean {
  return text.includes('{{');
}

/** The text with the placeholders replaced that `valueFor` knows. */
export function fillPlaceholders(text: string, valueFor: (expression: string) => string | undefined): string {
  return text.replaceAll(PLACEHOLDER, (written, expression: string) => valueFor(expression) ?? written);
}

function normalized(path: string): string {
  return path.replaceAll(/^\.?\/+|\/+$/g, '').replaceAll('/./', '/');
}

function matches({ files, folders, pathsByLength }: Checkout, template: string): readonly PathMatch[] {
  if (!hasPlaceholder(template)) {
    const isThere = files.has(template) || folders.has(template);
    return isThere ? [{ path: template, bindings: new Map() }] : [];
  }
  const { pattern, expressions } = patternOf(template);
  if (pattern === undefined) return [];
  // An expression within a placeholder may hold a slash; those of our pattern are all outside.
  const length = template.replaceAll(PLACEHOLDER, '').split('/').length;
  return (pathsByLength.get(length) ?? []).flatMap((path) => {
    const found = pattern.exec(path);
    if (!found) return [];
    const bindings = new Map<string, string>();
    for (const [index, expression] of expressions.entries()) {
      const value = found[index + 1]!;
      if ((bindings.get(expression) ?? value) !== value) return [];
      bindings.set(expression, value);
    }
    return [{ path, bindings }];
  });
}

function patternOf(template: string): { pattern: RegExp | undefined; expressions: readonly string[] } {
  const expressions: string[] = [];
  let source = '';
  let end = 0;
  for (const found of template.matchAll(PLACEHOLDER)) {
    source += `${escaped(template.slice(end, found.index))}([^/]+)`;
    end = found.index + found[0].length;
    expressions.push(found[1]!);
  }
  source += escaped(template.slice(end));
  const isReadable = expressions.length <= PLACEHOLDERS_MAX && !source.includes('\\{\\{');
  return { pattern: isReadable ? new RegExp(`^${source}$`) : undefined, expressions };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
