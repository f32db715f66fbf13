import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';

/**
 * Hooks for Node versions that cannot run TypeScript: `register` runs them in a thread of their own. Types
 * become spaces, so lines and columns stay.
 */
let door = '';

/** Takes the URL of the module that `bulkhead` is to be. */
export const initialize: InitializeHook<string> = (url) => {
  door = url;
};

export const resolve: ResolveHook = (specifier, context, nextResolve) =>
  specifier === 'bulkhead' ? { url: door, shortCircuit: true } : nextResolve(specifier, context);

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!/\.m?ts$/.test(url)) return nextLoad(url, context);
  const { readFile } = await import('node:fs/promises');
  // 3.7 MB of WebAssembly, wanted only here.
  const { transformSync } = await import('@swc/wasm-typescript');
  const source = await readFile(new URL(url), 'utf8');
  try {
    return {
      format: 'module',
      source: transformSync(source, { mode: 'strip-only', module: true }).code,
      shortCircuit: true,
    };
  } catch (problem) {
    throw syntaxError(url, problem as Problem);
  }
};

/** What the package throws, which is no `Error`. Columns count from 0. */
type Problem = { readonly message?: string; readonly startLine?: number; readonly startColumn?: number };

/** An error that says where it is in its stack, as those of Node do. */
function syntaxError(url: string, { message, startLine, startColumn }: Problem): SyntaxError {
  const error = new SyntaxError(message ?? 'this is not TypeScript');
  if (startLine !== undefined && startColumn !== undefined) {
    error.stack = `${url}:${startLine}:${startColumn + 1}\n${error.message}`;
  }
  return error;
}
