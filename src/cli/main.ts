#!/usr/bin/env node
import { surviveLostOutput } from './lost-output.ts';
import { run } from './program.ts';

surviveLostOutput(process);

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  today: new Date().toISOString().slice(0, 10),
});
