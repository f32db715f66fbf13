import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** The fleet file and what it may import is small; a repository's largest file is not read. */
const READ_MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** Modules that a fleet in TypeScript may import, and the package.json that says how Node reads them. */
const MODULES = ['*.ts', '*.mts', '*.js', '*.mjs', '*.json'];

/** Why a revision could not be read, in words for the user. */
export type GitProblem = { readonly problem: string };

/** The bytes of a file as a commit has it. The path is the file's place in the work tree. */
export function readAtRevision(file: string, revision: string): Uint8Array | GitProblem {
  const folder = dirname(resolve(file));
  const commit = commitOf(folder, revision);
  if (typeof commit !== 'string') return commit;
  const shown = git(folder, ['cat-file', 'blob', `${commit}:./${basename(file)}`]);
  if (shown.ok) return shown.stdout;
  return { problem: `${revision} has no file ${file}` };
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
  const folder = dirname(resolve(file));
  const commit = commitOf(folder, revision);
  if (typeof commit !== 'string') return commit;
  const prefix = git(folder, ['rev-parse', '--show-prefix']);
  if (!prefix.ok) return { problem: prefix.problem };
  const temporary = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    const env = { GIT_INDEX_FILE: join(temporary, 'index') };
    const tree = `${join(temporary, 'tree')}/`;
    mkdirSync(tree);
    const read = git(folder, ['read-tree', commit], { env });
    if (!read.ok) return { problem: read.problem };
    const names = git(
      folder,
      ['ls-files', '-z', '--full-name', '--', ...MODULES.map((glob) => `:/${glob}`)],
      {
        env,
      },
    );
    if (!names.ok) return { problem: names.problem };
    const top = git(folder, ['rev-parse', '--show-toplevel']);
    if (!top.ok) return { problem: top.problem };
    const out = git(text(top.stdout), ['checkout-index', '-z', '--stdin', `--prefix=${tree}`], {
      env,
      input: names.stdout,
    });
    if (!out.ok) return { problem: out.problem };
    return await use(join(tree, text(prefix.stdout), basename(file)));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function commitOf(folder: string, revision: string): string | GitProblem {
  const parsed = git(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  if (parsed.ok) return text(parsed.stdout);
  const inside = git(folder, ['rev-parse', '--git-dir']);
  if (inside.ok) return { problem: `${revision} is no file, no folder and no commit of the repository here` };
  return { problem: `${revision} is no file or folder, and no revision either: ${inside.problem}` };
}

type Answer =
  | { readonly ok: true; readonly stdout: Buffer }
  | { readonly ok: false; readonly problem: string };

function git(
  folder: string,
  args: readonly string[],
  more: { readonly env?: Readonly<Record<string, string>>; readonly input?: Buffer } = {},
): Answer {
  const done = spawnSync('git', ['-C', folder, ...args], {
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', ...more.env },
    maxBuffer: READ_MAX_BYTES,
    timeout: TIMEOUT_MS,
    ...(more.input ? { input: more.input } : {}),
  });
  if (done.error) {
    const isMissing = (done.error as NodeJS.ErrnoException).code === 'ENOENT';
    return { ok: false, problem: isMissing ? 'git is not installed' : `git: ${done.error.message}` };
  }
  if (done.status === 0) return { ok: true, stdout: done.stdout };
  const said = done.stderr.toString().trim().split('\n')[0] ?? '';
  return { ok: false, problem: said === '' ? `git ${args[0]} ended with ${done.status}` : said };
}

function text(bytes: Buffer): string {
  return bytes.toString().trimEnd();
}
