import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** House rules that no linter knows: sizes, names, ids that equal their file's name, and words that do not belong here. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const LINES_MAX = 400;
const NAMES_REFUSED = /^(types|utils|util|helpers|helper|constants|common|misc|manager)\.ts$/;
/** One concept a file: the id inside is the file's name. */
const CONCEPT_FOLDERS = ['src/contract/invariants', 'src/cost/priced'];

const problems: string[] = [];
for (const folder of ['src', 'test', 'prove', 'bench', 'scripts']) {
  for (const path of typescriptFiles(folder)) {
    const text = readFileSync(join(root, path), 'utf8');
    const lines = text.split('\n').length - 1;
    if (lines > LINES_MAX)
      problems.push(`${path} has ${lines} lines, more than ${LINES_MAX}: split it by concept`);
    if (NAMES_REFUSED.test(basename(path))) problems.push(`${path} is named after nothing: name the concept`);
    if (
      /oxlint-disable|@ts-ignore|@ts-expect-error|eslint-disable/.test(text) &&
      !path.startsWith('scripts/')
    ) {
      problems.push(`${path} silences a check: mend what it says, or the check`);
    }
    if (/\.localeCompare\(/.test(text) && !path.startsWith('scripts/')) {
      problems.push(`${path} compares by locale: use compareText, which is the same on every machine`);
    }
    if (/^import \{ z \} from 'zod'/m.test(text)) {
      problems.push(`${path} imports all of zod as one value, every language with it: import * as z`);
    }
  }
}
for (const folder of CONCEPT_FOLDERS) {
  const index = readFileSync(join(root, folder, 'index.ts'), 'utf8');
  for (const name of readdirSync(join(root, folder))) {
    if (!name.endsWith('.ts') || name === 'index.ts') continue;
    const text = readFileSync(join(root, folder, name), 'utf8');
    if (!text.includes('export default')) continue;
    const id = /^ {2}id: '([^']+)'/m.exec(text)?.[1];
    if (`${id}.ts` !== name) problems.push(`${folder}/${name} holds the id ${id}: file and id are one name`);
    if (!index.includes(`'./${name}'`)) problems.push(`${folder}/${name} is not in ${folder}/index.ts`);
  }
}
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function typescriptFiles(folder: string): string[] {
  if (!statSync(join(root, folder), { throwIfNoEntry: false })) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));
}
