import { StepError } from '../../base/step-error.ts';
import { type Environment, findProgram, type RunOptions, runProgram } from '../program.ts';

const TIMEOUT_MS = 30_000;
/** What we keep in a repository is small: a fleet file, modules, a rendered tree. */
const READ_MAX_BYTES = 64 * 1024 * 1024;

export type GitAnswer =
  | { readonly ok: true; readonly stdout: Buffer }
  | { readonly ok: false; readonly exitCode: number | undefined; readonly problem: string };

type GitOptions = Partial<Pick<RunOptions, 'cwd' | 'signal' | 'input' | 'timeoutMs'>> & {
  readonly env?: Environment;
};

/**
 * Runs git, which asks nothing and takes no lock that it can do without. What it refuses is an answer in words for the
 * user; an abort rejects.
 */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  const { env = process.env, signal = new AbortController().signal, timeoutMs = TIMEOUT_MS } = options;
  try {
    const path = findProgram({ names: ['git'], advice: 'install git' }, env);
    const { exitCode, stdout, stderr } = await runProgram(path, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined ? {} : { input: options.input }),
      // Without a terminal or a window to ask for a password in, ssh and git say that they may not enter.
      env: { ...env, GIT_TERMINAL_PROMPT: '0', SSH_ASKPASS_REQUIRE: 'never', GIT_OPTIONAL_LOCKS: '0' },
      signal,
      timeoutMs,
      bytesMax: READ_MAX_BYTES,
    });
    if (exitCode === 0) return { ok: true, stdout };
    const said = withoutPassword(stderr.trim().split('\n')[0] ?? '');
    return { ok: false, exitCode, problem: said === '' ? `git ${args[0]} ended with ${exitCode}` : said };
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { ok: false, exitCode: undefined, problem: error.message };
  }
}

/** A text without the user and password that an address in it may carry. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w:\/\/)[^\s/@]+@/g, '$1');
}

export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').trimEnd();
}
