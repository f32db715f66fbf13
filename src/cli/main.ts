#!/usr/bin/env node
import { run } from './program.ts';
import { EXIT } from './terminal.ts';

// A reader that closes the pipe, as `head` does, has seen enough: that is no fault of anybody's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`bulkhead: cannot write the answer: ${error.message}\n`);
    process.exit(EXIT.usage);
  });
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  today: new Date().toISOString().slice(0, 10),
});
