import assert from 'node:assert/strict';
import test from 'node:test';
import type { Finding } from '../../../src/base/finding.ts';
import { objectsIn, readObjectFolder } from '../../../src/contract/kubernetes/documents.ts';
import { soon } from '../../support/cpu.ts';

function read(text: string, file = 'a.yaml') {
  return readObjectFolder(new Map([[file, text]]));
}

function valuesOf(text: string, file?: string): readonly unknown[] {
  const { documents, problems } = read(text, file);
  assert.deepEqual(problems, []);
  return documents.map(({ value }) => value);
}

function problemsOf(text: string, file?: string): readonly string[] {
  return read(text, file).problems.map(({ message, span }) => `${span?.start.line ?? '-'}: ${message}`);
}

/** Where a value of a document is shown. */
function placeOf(text: string, path: Finding['path'], file = 'a.yaml'): string {
  const finding = { id: 'x', severity: 'error' as const, message: '', file, path };
  const { span, path: shown } = read(text, file).locate(finding);
  return `${span ? `${span.start.line}:${span.start.column}-${span.end.column}` : '-'} ${shown.join('.')}`;
}

test('a file is cut at its markers, and comments alone are no document', () => {
  assert.deepEqual(valuesOf('a: 1\n---\nb: 2\n--- # more\nc: 3\n'), [{ a: 1 }, { b: 2 }, { c: 3 }]);
  assert.deepEqual(valuesOf('# only\n---\n# words\n---\na: 1\n'), [{ a: 1 }]);
  assert.deepEqual(valuesOf('---\na: |\n  x\n  ---\n  y\n---\n'), [{ a: 'x\n---\ny\n' }]);
  assert.deepEqual(valuesOf(''), []);
});

test('values are found on their lines, in each document', () => {
  const text = 'a: 1\n---\nspec:\n  list: [x, yes]\n  open:\n    inner: 3\n';
  assert.equal(placeOf(text, [1, 'spec', 'list', 1]), '4:13-16 1.spec.list.1');
  assert.equal(placeOf(text, [0, 'a']), '1:4-5 0.a');
  // What nobody wrote is shown at the map around it, by its key.
  assert.equal(placeOf(text, [1, 'spec', 'open', 'missing', 'more']), '5:3-7 1.spec.open.missing.more');
  assert.equal(placeOf(text, [7, 'a']), '- 7.a');
  assert.equal(placeOf('a: 1\n', [0, 'a']), '1:4-5 a');
  const other = { id: 'x', severity: 'error' as const, message: '', file: 'other.yaml', path: ['a'] };
  assert.deepEqual(read(text).locate(other), other);
});

test('JSON is read as it is, and shown by its lines while it is small', () => {
  const text = '{\n  "kind": "List",\n  "items": [{ "kind": "Secret" }]\n}\n';
  const { documents } = read(text, 'a.json');
  assert.deepEqual(
    objectsIn(documents[0]!).map(({ path }) => path.join('/')),
    ['a.json/0/items/0'],
  );
  assert.equal(placeOf(text, [0, 'items', 0, 'kind'], 'a.json'), '3:23-31 items.0.kind');
  const large = JSON.stringify({ kind: 'x', fill: 'y'.repeat(2 ** 20) });
  assert.equal(placeOf(large, [0, 'kind'], 'a.json'), '- kind');
  assert.deepEqual(problemsOf('{', 'a.json'), ['-: this document cannot be read: it is not JSON']);
});

test('merge keys mean what they mean in YAML 1.1', () => {
  const text =
    'base: &b { a: 1, c: { d: 2 } }\nother: &o { a: 3, e: 4 }\nuse: { <<: *b, a: 0 }\nboth: { <<: [*b, *o] }\n';
  const [value] = valuesOf(text) as readonly [Record<string, unknown>];
  assert.deepEqual(value.use, { a: 0, c: { d: 2 } });
  assert.deepEqual(value.both, { a: 1, c: { d: 2 }, e: 4 });
  assert.deepEqual(valuesOf('a: { "<<": 1 }\n'), [{ a: { '<<': 1 } }]);
});

test('what cannot be read is told with its line, and the rest of the file is kept', () => {
  const { documents, problems } = read('a: 1\n---\nb: [1\n---\nc: {{ .Values.x }}\n---\nd: 4\n');
  assert.deepEqual(
    documents.map(({ index, value }) => [index, value]),
    [
      [0, { a: 1 }],
      [3, { d: 4 }],
    ],
  );
  assert.equal(problems.length, 2);
  assert.deepEqual(
    problems.map(({ file, severity }) => `${severity} ${file}`),
    ['warning a.yaml', 'warning a.yaml'],
  );
  assert.match(problemsOf('a: 1\na: 2\n')[0] ?? '', /^2: .*written twice/);
  assert.match(problemsOf('a: *nowhere\n')[0] ?? '', /^1: .*names no anchor/);
});

test('hostile YAML ends in a moment, with a problem and nothing else', () => {
  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 30; level++) {
    const before = String.fromCharCode(96 + level);
    const own = level < 26 ? String.fromCharCode(97 + level) : `z${level}`;
    laughs.push(
      `${own}: &${own} [${Array.from({ length: 9 }, () => `*${level <= 26 ? before : `z${level - 1}`}`).join(', ')}]`,
    );
  }
  const merges = ['m0: &m0 { k0: 0 }'];
  for (let level = 1; level < 3000; level++)
    merges.push(`m${level}: &m${level} { <<: *m${level - 1}, k${level}: 0 }`);
  for (const [what, text] of [
    ['deep lists', '['.repeat(100_000)],
    ['deep maps', Array.from({ length: 5000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['aliases of aliases', laughs.join('\n')],
    ['merges of merges', merges.join('\n')],
    ['an anchor in itself', 'a: &a [*a]'],
    ['a merge of itself', 'a: &a { <<: *a }\nb: *b\n'],
    ['quotes', '"'.repeat(100_001)],
    ['markers', '---\n'.repeat(50_000) + 'a: ['],
  ] as const) {
    const { problems, documents } = soon(what, () => read(text));
    assert.deepEqual([documents.length, problems.length], [0, 1], what);
  }
});

test('definitions are passed over: they are large and say nothing of a fleet', () => {
  const text = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: [\n---\na: 1\n';
  const { documents, problems } = read(text);
  assert.deepEqual([documents.map(({ index }) => index), problems], [[1], []]);
});

test('other files are none of its business', () => {
  assert.deepEqual(
    readObjectFolder(
      new Map([
        ['README.md', '# x'],
        ['a.tf', '{'],
      ]),
    ).documents,
    [],
  );
});
