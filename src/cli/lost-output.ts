import { EXIT } from './terminal.ts';

/** Of a process, what writes and what ends. */
type Writer = {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly once: (event: 'exit', listener: (code: number) => void) => unknown;
  exitCode?: number | string | null | undefined;
};

/** What ends sooner needs no word about it. */
const QUIET_MS = 1000;

/**
 * Lets a command go on when its output cannot be written, to its own end and exit code: a Terraform may be at work, or a
 * change half made. A reader that closes the pipe, as `head` does, has seen enough; `tee` ends by the Ctrl-C that a run
 * answers in its own time, so whoever waits then is told why it is silent. Any other reason is told at once, and takes
 * the place of exit code 0. Of either, one line.
 */
export function surviveLostOutput(writer: Writer, quietMs: number = QUIET_MS): void {
  const { stdout, stderr } = writer;
  let isClosed = false;
  let isUnwritten = false;
  const onError = ({ code, message }: NodeJS.ErrnoException): void => {
    if (code === 'EPIPE' || isUnwritten) return;
    isUnwritten = true;
    writer.once('exit', (exitCode) => {
      if (exitCode === EXIT.fine) writer.exitCode = EXIT.usage;
    });
    stderr.write(`bulkhead: cannot write the answer: ${message}\n`);
  };
  stdout.on('error', onError);
  stderr.on('error', onError);
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' || isClosed) return;
    isClosed = true;
    const line = 'bulkhead: nobody reads the output any more; the command goes on to its end all the same\n';
    setTimeout(() => stderr.write(line), quietMs).unref();
  });
}
