import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { defineFleet, type FleetFile } from '../../src/index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Refuses to compile unless the type is true. */
type Holds<T extends true> = T;
type Fits<T> = T extends FleetFile ? true : false;
type Cluster = FleetFile['clusters'][string];

/** Judged by the compiler that compiles this test: each line says what fits a fleet and what does not. */
export type Judged = [
  Holds<Fits<{ name: 'atlas'; region: 'r'; clusters: {} }>>,
  Holds<Fits<{ name: 'atlas'; region: 'r' }> extends false ? true : false>,
  Holds<{ tier: 1; user: { vmSizes: readonly ['a', 'b']; nodes: '2..5' } } extends Cluster ? true : false>,
  Holds<{ user: { capacity: 'Spott' } } extends Cluster ? false : true>,
  Holds<{ tier: 3 } extends Cluster ? false : true>,
  Holds<'teir' extends keyof Cluster ? false : true>,
  Holds<'tier' extends keyof Cluster ? true : false>,
];

test('defineFleet gives back what it is given', () => {
  const fleet = { name: 'atlas', region: 'koreacentral', clusters: { mgmt: {} } } as const;
  assert.equal(defineFleet(fleet), fleet);
});

test('the package as others see it checks keys and values, and completes the example', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'bulkhead-types-'));
  try {
    fs.mkdirSync(join(folder, 'node_modules'));
    fs.symlinkSync(root, join(folder, 'node_modules/bulkhead'));
    const atlas: unknown = parse(fs.readFileSync(join(root, 'examples/atlas/fleet.yaml'), 'utf8'));
    const write = (name: string, fleet: string) =>
      fs.writeFileSync(
        join(folder, name),
        `import { defineFleet } from 'bulkhead';\nexport default defineFleet(${fleet});\n`,
      );
    write('fine.ts', JSON.stringify(atlas, undefined, 2));
    write('key.ts', `{\n  name: 'a1', region: 'r', clusters: {\n    mgmt: { teir: 1 } } }`);
    write('value.ts', `{\n  name: 'a1', region: 'r', clusters: { mgmt: { user: { capacity: 'Spott' } } } }`);
    write('missing.ts', `{ name: 'a1', clusters: {} }`);
    const tsc = join(root, 'node_modules/.bin/tsc');
    const files = ['fine.ts', 'key.ts', 'value.ts', 'missing.ts'];
    const { stdout } = spawnSync(
      tsc,
      ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', ...files],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    const errors = [...stdout.matchAll(/^(\w+\.ts)\((\d+),\d+\): error/gm)].map(
      ([, name, line]) => `${name}:${line}`,
    );
    assert.deepEqual(errors, ['key.ts:4', 'missing.ts:2', 'value.ts:3'], stdout);
    assert.match(stdout, /'teir' does not exist in type|Did you mean.*'tier'/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
