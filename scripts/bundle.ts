import { readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild-wasm';

/**
 * Joins the command line and what it imports into a few files: reading several hundred is most of the time that a
 * plan takes (docs/adr/0013). Node loads a part when a command asks for it, as with the files themselves. Writes
 * `dist/bin`, or the folder named as the argument.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'dist/bin'));

// Names of parts change with their content: without this, old ones would pile up.
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: { bulkhead: join(root, 'src/cli/main.ts') },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: '[name]-[hash]',
  // Maps lead a stack back to the sources, which lie beside dist: neither their text nor shorter names are needed.
  sourcemap: 'linked',
  sourcesContent: false,
  external: ['@swc/wasm-typescript'],
  // For the packages that are no ECMAScript modules.
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
  logLevel: 'warning',
  plugins: [
    {
      name: 'places',
      setup({ onLoad }) {
        onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: withOwnPlace(path), loader: 'ts' }));
      },
    },
  ],
});

/** A module that looks for files beside itself finds them beside its compiled self. */
function withOwnPlace(path: string): string {
  const compiled = join(root, 'dist', relative(root, path)).replace(/\.ts$/, '.js');
  const place = relative(out, compiled).split(sep).join('/');
  const parts = readFileSync(path, 'utf8').split('import.meta.url');
  if (parts.some((part) => part.includes('import.meta'))) {
    throw new Error(`${path} uses import.meta for more than its url, which is another in a bundle`);
  }
  return parts.join(`new URL(${JSON.stringify(place)}, import.meta.url).href`);
}
