import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/program.ts';
import { fleetJsonSchema } from '../src/fleet/schema.ts';
import { invariantPages, PAGES } from './invariant-pages.ts';
import { refusalPage } from './refusal-page.ts';

/**
 * Writes what is derived from the code: the JSON Schema, the pages of the invariants, and the outputs that the READMEs quote.
 * With --check it writes nothing and names what is not current.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const isCheck = process.argv.includes('--check');
/** Only waivers read the day, and no example has one. */
const TODAY = '2026-11-22';

const stale: string[] = [];
put('schema/fleet.schema.json', `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`);
const pages = invariantPages(root);
for (const [path, content] of pages) put(path, content);
removeAllBut(PAGES, pages);
put(...refusalPage(root));
const blocks = {
  plan: await output('plan', 'examples/atlas/fleet.yaml', '--out', 'out'),
  help: await output('--help'),
};
for (const path of ['README.md', 'README.ko.md']) put(path, withBlocks(path, blocks));
for (const path of stale) console.log(`${path} is not current: run npm run gen`);
process.exitCode = stale.length === 0 ? 0 : 1;

function put(path: string, content: string): void {
  const target = join(root, path);
  if (readIfThere(target) === content) return;
  if (isCheck) {
    stale.push(path);
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  console.log(`wrote ${path}`);
}

/** A page of something that is no more would still be read. */
function removeAllBut(folder: string, kept: ReadonlyMap<string, string>): void {
  for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
    const path = `${folder}/${name}`;
    if (kept.has(path)) continue;
    if (isCheck) {
      stale.push(path);
      continue;
    }
    rmSync(join(root, path), { recursive: true });
    console.log(`removed ${path}`);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What a command prints, run in an empty folder that holds the examples. */
async function output(...argv: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-generate-'));
  const home = process.cwd();
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  let text = '';
  const stream = { write: (chunk: string) => (text += chunk) };
  try {
    process.chdir(folder);
    await run(argv, { stdout: stream, stderr: stream, env: { NO_COLOR: '1' }, today: TODAY });
    return text;
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Replaces what stands between `<!-- begin: NAME -->` and `<!-- end: NAME -->` by the output, as a code block. */
function withBlocks(path: string, outputs: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(root, path), 'utf8');
  for (const [name, content] of Object.entries(outputs)) {
    const marked = new RegExp(`(<!-- begin: ${name} -->\n)[\\s\\S]*?(<!-- end: ${name} -->)`, 'g');
    text = text.replace(
      marked,
      (_, begin: string, end: string) => `${begin}\`\`\`text\n${content}\`\`\`\n${end}`,
    );
  }
  return text;
}
