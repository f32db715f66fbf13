import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makePrivateFolder, removeFolder } from '../private-folder.ts';
import { git, textOf } from './command.ts';

/** Modules that a fleet in TypeScript may import, and the package.json that says how Node reads them. */
const MODULES = ['*.ts', '*.mts', '*.js', '*.mjs', '*.json'];

/** Why a revision could not be read, in words for the user. */
export type GitProblem = { readonly problem: string };

/** The bytes of a file as a commit has it. The path is the file's place in the work tree. */
export async function readAtRevision(file: string, revision: string): Promise<Uint8Array | GitProblem> {
  const cwd = dirname(resolve(file));
  const commit = await commitOf(cwd, revision);
  if (typeof commit !== 'string') return commit;
  const shown = await git(['cat-file', 'blob', `${commit}:./${basename(file)}`], { cwd });
  return shown.ok ? shown.stdout : { problem: `${revision} has no file ${file}` };
}

/**
 * The modules of the repository around a file, as a commit has them, in a folder of their own, since one module may
 * import others. `use` gets the file's place there; the folder is removed when it has ended. Neither the work tree
 * nor the index of the repository is touched.
 */
export async function withModulesAtRevision<T>(
  file: string,
  revision: string,
  use: (file: string) => Promise<T>,
): Promise<T | GitProblem> {
  const cwd = dirname(resolve(file));
  const commit = await commitOf(cwd, revision);
  if (typeof commit !== 'string') return commit;
  const prefix = await git(['rev-parse', '--show-prefix'], { cwd });
  if (!prefix.ok) return prefix;
  const temporary = makePrivateFolder('modules');
  try {
    const tree = `${join(temporary, 'tree')}/`;
    mkdirSync(tree);
    const written = await writeModules(cwd, commit, tree, join(temporary, 'index'));
    if (written) return written;
    return await use(join(tree, textOf(prefix.stdout), basename(file)));
  } finally {
    removeFolder(temporary);
  }
}

/** Writes the modules of a commit under a folder, by way of an index of its own. Answers what went wrong. */
async function writeModules(
  cwd: string,
  commit: string,
  tree: string,
  index: string,
): Promise<GitProblem | undefined> {
  const env = { ...process.env, GIT_INDEX_FILE: index };
  const read = await git(['read-tree', commit], { cwd, env });
  if (!read.ok) return read;
  const globs = MODULES.map((glob) => `:/${glob}`);
  const names = await git(['ls-files', '-z', '--full-name', '--', ...globs], { cwd, env });
  if (!names.ok) return names;
  const top = await git(['rev-parse', '--show-toplevel'], { cwd });
  if (!top.ok) return top;
  const out = await git(['checkout-index', '-z', '--stdin', `--prefix=${tree}`], {
    cwd: textOf(top.stdout),
    env,
    input: names.stdout,
  });
  return out.ok ? undefined : out;
}

async function commitOf(cwd: string, revision: string): Promise<string | GitProblem> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const parsed = await git(args, { cwd });
  if (parsed.ok) return textOf(parsed.stdout);
  const inside = await git(['rev-parse', '--git-dir'], { cwd });
  if (inside.ok) return { problem: `${revision} is no file, no folder and no commit of the repository here` };
  return { problem: `${revision} is no file or folder, and no revision either: ${inside.problem}` };
}
