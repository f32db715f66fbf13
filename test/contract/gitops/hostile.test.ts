import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { evidenceFromSnapshot } from '../../../src/contract/live/evidence-from-snapshot.ts';
import { filesBelow, type Files, findingsOf, treeOf } from './tree-under-test.ts';

/** Every way to a value. */
function* pathsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): Iterable<readonly (string | number)[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield [...path, step];
    yield* pathsIn(inner, [...path, step]);
  }
}

function withValue(value: unknown, path: readonly (string | number)[], other: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let inner = copy;
  for (const step of path.slice(0, -1)) inner = inner[step] as typeof inner;
  inner[path.at(-1)!] = other;
  return copy;
}

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '{{ .x }}',
    '{{',
    '$values/../../etc/passwd',
    '__proto__',
    '../../../..',
    -1,
    1e300,
    '9'.repeat(400),
    true,
    [],
    {},
    [[]],
    [null],
    { a: null },
    { name: ['x'] },
    '%',
    'a: [',
    '\u001b[31m',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

function assertSound(files: Files, read: typeof evidenceFromTree): void {
  for (const { message, help, path } of findingsOf(read(files, 'production'))) {
    assert.ok(message.length > 0 && message.length < 2000, message);
    assert.doesNotMatch(`${message}${help ?? ''}`, /\bundefined\b|\bNaN\b|\[object/);
    // A terminal would act on it.
    assert.ok(!message.includes('\u001b'));
    assert.ok(Array.isArray(path));
  }
}

for (const [what, folder, read] of [
  ['tree', 'test/fixtures/gitops/orchard', evidenceFromTree],
  ['snapshot', 'test/fixtures/live/orchard', evidenceFromSnapshot],
] as const) {
  test(`a ${what} with a strange value anywhere is judged all the same`, () => {
    const files = filesBelow(folder);
    const places = [...files].flatMap(([file, text]) => {
      // The first document of a file is enough.
      const value: unknown = parse(text.split(/^---$/m)[0]!, { merge: true });
      return [...pathsIn(value)].map((path) => ({ file, value, path }));
    });
    fc.assert(
      fc.property(fc.constantFrom(...places), strange, ({ file, value, path }, other) => {
        const text = files.get(file)!;
        const rest = text.includes('\n---\n') ? text.slice(text.indexOf('\n---\n')) : '';
        const changed = stringify(withValue(value, path, other), { aliasDuplicateObjects: false });
        const written = file.endsWith('.json')
          ? JSON.stringify(withValue(value, path, other))
          : changed + rest;
        assertSound(new Map([...files, [file, written]]), read);
      }),
      { numRuns: 250 },
    );
  });

  test(`a ${what} of any text is judged all the same`, () => {
    const name = fc.constantFrom(
      'a.yaml',
      'arm/a.json',
      'kubernetes/x/a.yaml',
      'a/kustomization.yaml',
      'a/Chart.yaml',
    );
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary', maxLength: 200 }), (file, text) =>
        assertSound(treeOf({ [file]: text }), read),
      ),
      { numRuns: 200 },
    );
  });
}
