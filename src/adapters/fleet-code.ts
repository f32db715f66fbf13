import * as nodeModule from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CodeRun } from '../fleet/code-document.ts';

/** What a fleet in TypeScript imports as `bulkhead`: this program's own door, wherever the fleet lies. */
const DOOR = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;

/**
 * Runs a module that exports a fleet, in this process: its code may do whatever its author pleases. Never
 * throws; what the module throws comes back in words. Node keeps modules, so the same file answers the same
 * twice.
 */
export async function runFleetCode(path: string): Promise<CodeRun> {
  const url = pathToFileURL(resolve(path)).href;
  try {
    prepareNode();
    const module = (await import(url)) as { readonly default?: unknown };
    if ('default' in module) return { kind: 'value', value: module.default };
    return {
      kind: 'failed',
      message: 'the module exports no fleet',
      help: 'write `export default defineFleet({ ... })`',
    };
  } catch (error) {
    return failureOf(url, error);
  }
}

type ModuleHooks = {
  readonly resolve: (specifier: string, context: object, next: Next) => unknown;
  readonly load: (url: string, context: object, next: Next) => unknown;
};
type Next = (specifier: string, context: object) => unknown;

let isPrepared = false;

/** Lets this process import TypeScript, and `bulkhead` from anywhere. */
function prepareNode(): void {
  if (isPrepared) return;
  isPrepared = true;
  // Node 22.18 and later erase types themselves, and have hooks in the same thread.
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: ModuleHooks) => void };
  const { typescript } = process.features as { typescript?: unknown };
  if (registerHooks === undefined || !typescript) {
    nodeModule.register(new URL('./module-hooks.js', import.meta.url), { data: DOOR });
    return;
  }
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'bulkhead' ? { url: DOOR, shortCircuit: true } : next(specifier, context),
    // A fleet is an ECMAScript module whatever the package.json around it says.
    load: (url, context, next) =>
      next(url, /\.m?ts$/.test(url) ? { ...context, format: 'module-typescript' } : context),
  });
}

function failureOf(url: string, thrown: unknown): CodeRun {
  const { name, code, message, stack } = wordsOf(thrown);
  const folder = `${dirname(fileURLToPath(url))}/`;
  const said = (message.split('\n').find((line) => line.trim() !== '') ?? '')
    .replaceAll(folder, '')
    .slice(0, 300);
  const place = placeIn(stack, url);
  const at = place === undefined ? {} : { at: place };
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return { kind: 'failed', message: said, help: 'check the path; a package must be installed', ...at };
  }
  if (name === 'SyntaxError' || code.endsWith('TYPESCRIPT_SYNTAX')) {
    return { kind: 'failed', message: `this module cannot be run: ${said}`, help: syntaxHelp(said), ...at };
  }
  const where = elsewhere(stack, url, folder);
  return {
    kind: 'failed',
    message: `the module stopped with an error${where}: ${name}: ${said}`,
    help: 'mend the code; a fleet in TypeScript is run to be read',
    ...at,
  };
}

function syntaxHelp(message: string): string {
  if (message.includes('does not provide an export named')) {
    return 'check the name; a type is imported with `import type`';
  }
  if (message.includes('strip-only')) {
    return 'only types are taken out before the module is run; write it in JavaScript and types';
  }
  return 'mend the syntax; `tsc --noEmit` tells more';
}

/** Anything may be thrown, and anything may be in it. */
function wordsOf(thrown: unknown): { name: string; code: string; message: string; stack: string } {
  const read = (key: string): string => {
    try {
      const value: unknown = Reflect.get(Object(thrown) as object, key);
      return typeof value === 'string' ? value : '';
    } catch {
      return '';
    }
  };
  const isText = typeof thrown === 'string' || typeof thrown === 'number';
  return {
    name: read('name') || 'thrown',
    code: read('code'),
    message: isText ? String(thrown) : read('message'),
    stack: read('stack'),
  };
}

/** Where in the module the error arose, as its stack tells. */
function placeIn(
  stack: string,
  url: string,
): { readonly line: number; readonly column?: number } | undefined {
  const index = stack.indexOf(`${url}:`);
  if (index < 0) return undefined;
  const [, line, column] = /^:(\d+)(?::(\d+))?/.exec(stack.slice(index + url.length)) ?? [];
  if (line === undefined) return undefined;
  if (column !== undefined) return { line: Number(line), column: Number(column) };
  // Without a column Node shows the line, and marks under it.
  const caret = index === 0 ? /^( *)\^+ *$/m.exec(stack)?.[1] : undefined;
  return { line: Number(line), ...(caret === undefined ? {} : { column: caret.length + 1 }) };
}

/** The place in another of the user's modules where the error arose first: ` in sizes.ts:3:4`. */
function elsewhere(stack: string, url: string, folder: string): string {
  const [, first, place] = /(file:\/\/[^\s)]*?):(\d+:\d+)/.exec(stack) ?? [];
  if (first === undefined || first === url) return '';
  return ` in ${fileURLToPath(first).replace(folder, '')}:${place}`;
}
