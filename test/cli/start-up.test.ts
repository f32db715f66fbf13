import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../src', import.meta.url));

/** What is read before the module runs: itself, and all that its static imports lead to. */
function loadedBy(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    const name = relative(dist, path);
    if (loaded.has(name)) return;
    loaded.add(name);
    const text = readFileSync(path, 'utf8');
    for (const [, specifier] of text.matchAll(/^(?:import |export |\}).*?from '([^']+)';$/gm)) {
      if (specifier!.startsWith('.')) visit(join(path, '..', specifier!));
      else if (!specifier!.startsWith('node:')) loaded.add(specifier!);
    }
  };
  visit(join(dist, entry));
  return loaded;
}

const READERS = /^contract\/(terraform|gitops|live|kubernetes)\//;
const WRITERS = /^(terraform|gitops)\/tree\.js$|^(deploy|lab|starter)\//;

test('--help loads the command line alone', () => {
  const loaded = [...loadedBy('cli/main.js')];
  assert.deepEqual(
    loaded.filter((name) => !name.startsWith('cli/')).toSorted(),
    ['commander', 'contract/suppressions/known-alarm.js', 'fleet/fleet.js', 'report/style.js'],
    'what a command needs is imported when it is called',
  );
});

for (const command of ['plan', 'check', 'cost']) {
  test(`${command} of a fleet file loads no reader of other evidence, and nothing that writes`, () => {
    const loaded = [...loadedBy(`cli/commands/${command}.js`)];
    assert.ok(loaded.includes('plan/plan.js'), 'the imports are followed');
    assert.deepEqual(
      loaded.filter((name) => READERS.test(name) || WRITERS.test(name)),
      [],
    );
  });
}
