import { createRequire } from 'node:module';

// Node 20 warns on JSON imports; `require` reads the same file silently, and only when it is asked for.
const require = createRequire(import.meta.url);

// `require` resolves the path again on each call, which a price book would pay for hundreds of times.
const read = new Map<string, unknown>();

/** The content of `data/<name>.json`. Names are ours, never the user's: a missing file is a bug. */
export function storedFacts(name: string): unknown {
  if (!read.has(name)) read.set(name, require(`./data/${name}.json`));
  return read.get(name);
}
