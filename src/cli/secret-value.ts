import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Terminal, UsageError } from './terminal.ts';

/** Key Vault takes 25 KB in one secret (learn.microsoft.com, key-vault/secrets/about-secrets). */
const BYTES_MAX = 25 * 1024;
const LINE_BREAK_BYTES = 2;

/** Where a value comes from when no file is named: a keyboard, or a pipe. */
export type ValueInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * The value of a secret, from a file, from a pipe, or typed twice without being shown. Never from the command line,
 * which other users see in the list of processes and shells keep. One line break at the end of a file or a pipe is left
 * out: editors and `echo` add it. Refuses, without showing any of it, what Key Vault would not take and what is no text.
 */
export async function readSecretValue(
  name: string,
  fromFile: string | undefined,
  input: ValueInput,
  terminal: Pick<Terminal, 'stderr'>,
): Promise<string> {
  if (fromFile === undefined && input.isTTY === true) {
    return accepted(Buffer.from(await typedTwice(name, input, terminal)), 'what was typed');
  }
  const source = fromFile === undefined ? 'what came by the pipe' : fromFile;
  const bytes = await bounded(fromFile === undefined ? input : createReadStream(fromFile), source);
  const end = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1;
  return accepted(bytes.subarray(0, bytes.length - end), source);
}

function accepted(bytes: Uint8Array, source: string): string {
  if (bytes.length === 0) throw new UsageError(`${source} is empty; nothing was set`);
  if (bytes.length > BYTES_MAX) throw tooLarge(source);
  try {
    // A mark of the byte order at the beginning is no part of the value: Windows' shells write one.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `${source} is no text in UTF-8, and Key Vault keeps texts; write bytes in base64. Nothing was set`,
    );
  }
}

async function bounded(stream: AsyncIterable<Buffer | string>, source: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > BYTES_MAX + LINE_BREAK_BYTES) throw tooLarge(source);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${source}: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(source: string): UsageError {
  return new UsageError(
    `${source} is more than the 25 KiB that Key Vault keeps in a secret; nothing was set`,
  );
}

/** Lines of a terminal that shows none of them; what is typed ahead waits for its question. */
async function typedTwice(
  name: string,
  input: ValueInput,
  { stderr }: Pick<Terminal, 'stderr'>,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  lines.once('SIGINT', () => lines.close());
  try {
    const typed: string[] = [];
    stderr.write(`${name}, not shown: `);
    for await (const line of lines) {
      stderr.write('\n');
      typed.push(line);
      if (typed.length === 2) break;
      stderr.write('once more: ');
    }
    if (typed.length < 2) {
      stderr.write('\n');
      throw new UsageError('stopped; nothing was set');
    }
    if (typed[0] !== typed[1]) {
      throw new UsageError(
        'the two differ; nothing was set. A value of several lines comes from a file or by a pipe',
      );
    }
    return typed[0]!;
  } finally {
    lines.close();
  }
}
