import { existsSync, statSync } from 'node:fs';
import type { FileTree } from '../../base/file-tree.ts';
import { compareText } from '../../base/order.ts';
import { StepError } from '../../base/step-error.ts';
import type { Environment } from '../program.ts';
import { git, textOf, withoutPassword } from './command.ts';

const REMOTE_TIMEOUT_MS = 60_000;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Git by its command line, as the person's own configuration lets it log in, and without asking anything. */
export function openGit(env: Environment) {
  return {
    /**
     * The commit that a branch or tag of a remote points at, or undefined where there is none. `HEAD` and full names
     * (`refs/heads/main`) serve too; a whole commit id stands for itself, since a remote cannot be asked for one.
     */
    remoteRevision: async (
      repo: string,
      revision: string,
      signal: AbortSignal,
    ): Promise<string | undefined> => {
      if (COMMIT.test(revision)) return revision;
      const refs = refsOf(revision);
      const args = ['ls-remote', '--quiet', '--', repo, ...refs];
      const answer = await git(args, { env, signal, timeoutMs: REMOTE_TIMEOUT_MS });
      if (answer.ok) return chosenRevision(textOf(answer.stdout), refs);
      throw new StepError(`${withoutPassword(repo)} cannot be read: ${answer.problem}`, {
        advice: `check that this works here without a question: git ls-remote ${withoutPassword(repo)}`,
      });
    },
    /**
     * The regular files below a folder at a commit of the checkout around it, undefined where that commit has none.
     * Rejects where there is no such folder, no checkout, or the checkout lacks the commit.
     */
    treeAt: async (folder: string, revision: string, signal: AbortSignal): Promise<FileTree | undefined> => {
      refuseMissing(folder);
      const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
      const commit = await git(verify, { cwd: folder, env, signal });
      if (!commit.ok) throw await missingCommit(folder, revision, env, signal);
      // Of the folder that it is run in alone, with paths from there.
      const list = await git(['ls-tree', '-r', '-z', textOf(commit.stdout)], { cwd: folder, env, signal });
      if (!list.ok) throw new StepError(`git in ${folder}: ${list.problem}`);
      const files = regularFiles(list.stdout.toString('utf8'));
      if (files.length === 0) return undefined;
      const input = Buffer.from(files.map(({ id }) => `${id}\n`).join(''));
      const contents = await git(['cat-file', '--batch'], { cwd: folder, env, signal, input });
      if (!contents.ok) throw new StepError(`git in ${folder}: ${contents.problem}`);
      const blobs = parseBatch(contents.stdout);
      return new Map(files.map(({ path }, index) => [path, blobs[index]!]));
    },
  };
}

/** The top folder of the checkout around a folder; undefined where there is none, or no git. */
export async function checkoutAround(folder: string, env: Environment): Promise<string | undefined> {
  const answer = await git(['rev-parse', '--show-toplevel'], { cwd: folder, env });
  return answer.ok ? textOf(answer.stdout) : undefined;
}

/** The names that a branch or tag may have in full, the preferred first. A tag that is an object of its own peels. */
function refsOf(revision: string): readonly string[] {
  if (revision === 'HEAD') return [revision];
  if (revision.startsWith('refs/')) return [`${revision}^{}`, revision];
  return [`refs/heads/${revision}`, `refs/tags/${revision}^{}`, `refs/tags/${revision}`];
}

/** ls-remote also answers with names that only end like the asked ones. */
export function chosenRevision(listed: string, refs: readonly string[]): string | undefined {
  const commits = new Map(
    listed.split('\n').map((line): [string, string] => {
      const [commit = '', ref = ''] = line.split('\t');
      return [ref, commit];
    }),
  );
  return refs.map((ref) => commits.get(ref)).find((commit) => commit !== undefined);
}

/** Before git is started in it: the system says of a missing folder what it says of a missing program. */
function refuseMissing(folder: string): void {
  // What to do is for the caller to say, who knows what belongs there.
  if (!existsSync(folder)) throw new StepError(`${folder} is not there`);
  if (!statSync(folder).isDirectory()) throw new StepError(`${folder} is no folder`);
}

async function missingCommit(
  folder: string,
  revision: string,
  env: Environment,
  signal: AbortSignal,
): Promise<StepError> {
  const inside = await git(['rev-parse', '--git-dir'], { cwd: folder, env, signal });
  if (!inside.ok) return new StepError(`${folder} lies in no checkout: ${inside.problem}`);
  return new StepError(`the checkout around ${folder} has no commit ${revision}`, {
    advice: `fetch it: git -C ${folder} fetch`,
  });
}

/** `<mode> <type> <id>\t<path>`, each ended by NUL. Links and submodules are not files. */
function regularFiles(listing: string): readonly { readonly id: string; readonly path: string }[] {
  return listing
    .split('\0')
    .flatMap((entry) => {
      const [, id, path] = /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
      return id === undefined || path === undefined ? [] : [{ id, path }];
    })
    .sort((a, b) => compareText(a.path, b.path));
}

/** `<id> <type> <size>\n<content>\n`, one after another, in the order asked. */
function parseBatch(bytes: Buffer): readonly string[] {
  const contents: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const headEnd = bytes.indexOf(0x0a, at);
    const size = Number(bytes.toString('utf8', at, headEnd).split(' ')[2]);
    contents.push(bytes.toString('utf8', headEnd + 1, headEnd + 1 + size));
    at = headEnd + 1 + size + 1;
  }
  return contents;
}
