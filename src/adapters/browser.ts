import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from './program.ts';

type Start = (
  program: string,
  args: readonly string[],
  options: { readonly detached: boolean; readonly stdio: 'ignore' },
) => Pick<ChildProcess, 'on' | 'unref'>;

/** What a shell of Windows would read as more than an address is not handed to it. */
const PLAIN_ADDRESS = /^https?:\/\/[\w.-]+(?::\d+)?\/[\w./-]*$/;

/**
 * Asks the desktop to show a page, and waits for nothing. Where there is no desktop or no browser nothing happens: the
 * address has been printed.
 */
export function openBrowser(
  url: string,
  { platform, env }: { readonly platform: NodeJS.Platform; readonly env: Environment },
  start: Start = spawn,
): void {
  const command = commandFor(platform, env, url);
  if (command === undefined || !PLAIN_ADDRESS.test(url)) return;
  const [program, ...args] = command;
  try {
    const child = start(program, args, { detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
  } catch {
    // Not to be started: as good as none.
  }
}

function commandFor(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY }: Environment,
  url: string,
): readonly [string, ...string[]] | undefined {
  // The first argument of `start` that is in quotes is a title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  if (platform === 'darwin') return ['open', url];
  // Without a desktop xdg-open takes a browser for terminals, which would take ours.
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
}
