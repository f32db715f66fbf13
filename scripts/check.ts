import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * The gate before a commit, the same in CI: one line a step, the output of a step only when it fails. Types are checked
 * by the `tsc` that compiled this file. `--no-tests` leaves out the tests where CI has just run them.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const node = process.execPath;
const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'oxfmt', '--check', 'src', 'test', 'prove', 'bench', 'scripts'],
  ['lint, floors, cycles', 'oxlint', '--deny-warnings'],
  ['dead code', 'knip', '--no-progress'],
  ['house rules', node, 'dist/scripts/tidy.js'],
  ['generated files', node, 'dist/scripts/generate.js', '--check'],
  ...(process.argv.includes('--no-tests')
    ? []
    : ([
        ['tests', node, '--max-semi-space-size=64', '--test-reporter=dot', 'dist/scripts/test.js'],
      ] as const)),
];

let failed = 0;
for (const [name, command, ...args] of steps) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
  });
  const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed += 1;
  console.log(`${error?.message ?? ''}${stdout}${stderr}`);
}
console.log(failed === 0 ? 'all fine' : `${failed} of ${steps.length} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
