import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One seed for every property, so that a run can be made again; another one searches elsewhere. */
const seed = Number(process.env.BULKHEAD_SEED ?? 20261122);
fc.configureGlobal({ seed });
console.log(`properties: BULKHEAD_SEED=${seed}`);

/**
 * Runs test/**\/*.test.ts, compiled, in one process: the floors are pure, so tests can share it, and starting a process
 * for each file would take most of the time. Arguments choose files by a part of their path. `npm test` gives Node a
 * larger nursery (--max-semi-space-size, MiB): nearly all that tests make is garbage at once, and they take a sixth less.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => path.split(sep).join('/'))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .toSorted();
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(', ')}`);
  process.exitCode = 1;
}
for (const file of files) {
  const compiled = join(root, 'dist/test', file.replace(/\.ts$/, '.js'));
  await import(pathToFileURL(compiled).href);
}
