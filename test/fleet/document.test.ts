import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFleetDocument } from '../../src/fleet/document.ts';
import { load, SOUND, told } from './told.ts';

const HEAD = 'name: atlas\nregion: koreacentral\nclusters: { mgmt: {} }\n';

function read(text: string) {
  return readFleetDocument('fleet.yaml', new TextEncoder().encode(text));
}

test('a sound file has no findings and becomes plain data', () => {
  assert.deepEqual(told(SOUND), []);
  assert.deepEqual(read('a: { b: [1, x, null, true, 2..5, 2026-01-31, on, 0x10] }').value, {
    a: { b: [1, 'x', null, true, '2..5', '2026-01-31', 'on', 16] },
  });
});

test('keys and values know their places', () => {
  const document = read('a:\n  b: [x, "y z"]\n');
  const at = (line: number, start: number, end: number) => ({
    file: 'fleet.yaml',
    start: { line, column: start },
    end: { line, column: end },
  });
  assert.deepEqual(document.spanOf(['a', 'b'], 'key'), at(2, 3, 4));
  assert.deepEqual(document.spanOf(['a', 'b', 1]), at(2, 10, 15));
  assert.equal(document.writtenAt(['a', 'b', 1]), '"y z"');
  assert.equal(document.spanOf(['a', 'c']), undefined);
  assert.equal(document.spanOf(['a', 'b', 2]), undefined);
});

test('numbers are names as they are written, and a path may give them as numbers', () => {
  const document = read('tiers: { 1: a, 1.0: b }');
  assert.deepEqual(document.value, { tiers: { 1: 'a', '1.0': 'b' } });
  assert.equal(document.writtenAt(['tiers', 1]), 'a');
});

test('a byte order mark and Windows line ends are fine', () => {
  assert.deepEqual(told(`\ufeff${SOUND.replaceAll('\n', '\r\n')}`), []);
  assert.deepEqual(told(`\ufeff${HEAD.replaceAll('\n', '\r\n')}foo: 1\r\n`), [
    '4:1-4:4 fleet/unknown-key the top level has no key "foo"; it would have no effect | remove it; `bulkhead schema` lists the keys that there are',
  ]);
});

test('an empty file is said to be empty', () => {
  const empty =
    '1:1-1:1 fleet/empty the file is empty; a fleet has a name, a region and clusters | `bulkhead init` writes a complete example';
  for (const text of ['', '\n\n', '# a comment\n', '---\n', '~', '\ufeff']) {
    assert.deepEqual(told(text), [empty], JSON.stringify(text));
    assert.equal(load(text).file, undefined);
  }
});

test('a list or a plain text is no fleet', () => {
  const help = 'write keys and values on the lines below it, indented, without a leading -';
  assert.deepEqual(told('- a\n- b\n'), [
    `1:1-1:4 fleet/type the fleet file must be a map, not a list | ${help}`,
  ]);
  assert.deepEqual(told('hello'), [
    `1:1-1:6 fleet/type the fleet file must be a map, not the text "hello" | ${help}`,
  ]);
});

test('a key written twice is shown with its first place, and the first one counts', () => {
  const { findings, file } = load(`${HEAD}live: true\nlive: false\n`);
  assert.equal(file?.['live'], true);
  assert.deepEqual(findings, [
    {
      id: 'fleet/duplicate-key',
      severity: 'error',
      path: ['live'],
      at: 'key',
      message: 'the key "live" is written twice in one map; only the first one counts',
      help: 'remove one of the two, or merge what they hold',
      span: { file: 'fleet.yaml', start: { line: 5, column: 1 }, end: { line: 5, column: 5 } },
      related: [
        {
          message: 'first written here',
          path: ['live'],
          span: { file: 'fleet.yaml', start: { line: 4, column: 1 }, end: { line: 4, column: 5 } },
        },
      ],
    },
  ]);
  assert.deepEqual(
    told(`${HEAD}tiers: { 1: {}, "1": {} }\n`).map((text) => text.slice(0, 30)),
    ['4:17-4:20 fleet/duplicate-key '],
  );
});

test('keys that are no texts', () => {
  const help = 'write a key like `name:`; put a text such as null or ~ in quotes';
  assert.deepEqual(told(`${HEAD}? [a]\n: 1\n~: 2\n? {b: c}\n: 3\n`), [
    `4:3-4:6 fleet/key a key must be a text, not a list | ${help}`,
    `6:1-6:2 fleet/key a key must be a text, not empty | ${help}`,
    `7:3-7:9 fleet/key a key must be a text, not a map | ${help}`,
  ]);
});

test('__proto__ is refused, changes nothing, and the rest is still checked', () => {
  const { file } = load(`${HEAD}__proto__: { live: true }\nlive: 1\n`);
  assert.deepEqual(Object.keys(file ?? {}), ['name', 'region', 'clusters']);
  assert.equal(file?.['live'], undefined);
  assert.equal(({} as { live?: unknown }).live, undefined);
  assert.deepEqual(told(`${HEAD}"__proto__": { live: true }\nlive: 1\n`), [
    '4:1-4:12 fleet/forbidden-key the key "__proto__" means something to the programs that read this file, and is never a setting | remove it',
    '5:7-5:8 fleet/type live must be true or false, not the number 1 | write true or false, without quotes',
  ]);
});

test('constructor and prototype are ordinary names', () => {
  assert.deepEqual(told('name: atlas\nregion: x\nclusters: { constructor: {}, prototype: {} }\n'), []);
  assert.deepEqual(
    told(`${HEAD}constructor: 1\nprototype: 1\ntoString: 1\n`).map((text) => text.slice(0, 27)),
    ['4:1-4:12 fleet/unknown-key ', '5:1-5:10 fleet/unknown-key ', '6:1-6:9 fleet/unknown-key t'],
  );
});

test('merge keys are refused with a way out', () => {
  assert.deepEqual(told('name: atlas\nregion: x\nclusters:\n  a1: &a { tier: 2 }\n  a2: { <<: *a }\n'), [
    '5:9-5:11 fleet/merge-key merge keys (<<) belong to YAML 1.1; in YAML 1.2 this merges nothing | write the keys out, or use an alias (key: *anchor) for a whole value',
  ]);
});

test('small use of anchors and aliases works, and findings point at the anchor', () => {
  const text =
    'name: atlas\nregion: x\nclusters:\n  app1: { user: &pool { nodes: 9..2 } }\n  app2: { user: *pool }\n';
  assert.deepEqual(told(text), [
    '4:32-4:36 fleet/value 9..2 has its bounds the wrong way round | write 2..9',
  ]);
  assert.deepEqual(load(text.replace('9..2', '2..9')).file?.['clusters'], {
    app1: { user: { nodes: '2..9' } },
    app2: { user: { nodes: '2..9' } },
  });
  assert.deepEqual(told('name: &n atlas\nregion: *n\nclusters: {}\n'), []);
});

test('the later of two anchors of one name counts from there on', () => {
  assert.deepEqual(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n').value, { a: 1, b: 1, c: 2, d: 2 });
});

test('aliases that lead nowhere or into themselves', () => {
  assert.deepEqual(told(`${HEAD}live: &lively true\nadmins: [*livly, *lots]\nregistry: &r { sku: *r }\n`), [
    '5:10-5:16 fleet/alias the alias "*livly" names no anchor that stands before it | did you mean *lively?',
    '5:18-5:23 fleet/alias the alias "*lots" names no anchor that stands before it | mark the value with & and the name, or put a text that begins with * in quotes',
    '6:21-6:23 fleet/alias the alias "*r" stands inside its own anchor, so it would never end | move the alias out of the value that it names',
  ]);
});

test('tags, directives and further documents are refused, and the first document is still read', () => {
  const tag =
    'fleet/tag YAML tags are not used in a fleet file: the schema decides the type of every value | remove the tag; a text that begins with ! needs quotes';
  assert.deepEqual(told(`${HEAD}live: !!js/function "x"\nadmins: !foo [a]\n`), [
    `4:7-4:20 ${tag}`,
    `5:9-5:13 ${tag}`,
  ]);
  assert.deepEqual(
    told(`${HEAD}live: !!int x\nlive: 1\n`).map((text) => text.split(' ')[1]),
    ['fleet/tag', 'fleet/duplicate-key'],
  );
  const { file } = load(`${HEAD}live: !!bool true\n`);
  assert.deepEqual(Object.keys(file ?? {}), ['name', 'region', 'clusters']);
  assert.deepEqual(told(`%YAML 1.1\n---\n${HEAD}`), [
    '1:1-1:10 fleet/yaml YAML directives are not used in a fleet file, which is YAML 1.2 | remove the line',
  ]);
  assert.deepEqual(told(`%YAML 1.2\n---\n${HEAD}...\n`), []);
  assert.deepEqual(told(`${HEAD}live: 1\n---\nfoo: 1\n`), [
    '4:7-4:8 fleet/type live must be true or false, not the number 1 | write true or false, without quotes',
    '5:1-5:4 fleet/yaml a second YAML document begins here; one file holds one fleet | remove the --- line, or move what follows it into a file of its own; it was not read',
  ]);
});

test('slips of syntax are said in plain words, once a line, and the rest is still checked', () => {
  const after = (line: string) => told(`${HEAD}${line}\nlive: 1\n`).map((text) => text.split(' | ')[0]);
  const live = (line: number) =>
    `${line}:7-${line}:8 fleet/type live must be true or false, not the number 1`;
  assert.deepEqual(after('alerts:\n\temail: a'), [
    '5:1-5:2 fleet/yaml a tab indents this line; YAML allows only spaces there',
    live(6),
  ]);
  assert.deepEqual(after('budget'), [
    '4:1-4:7 fleet/yaml this is read as a key that runs over several lines',
  ]);
  assert.deepEqual(after('registry: { sku: Basic'), [
    '4:11-4:12 fleet/yaml this bracket is not closed before the indentation ends',
    live(5),
  ]);
  assert.deepEqual(after('admins: [a]]'), [
    '4:12-4:13 fleet/yaml this bracket closes nothing; what follows it may not have been read',
  ]);
  assert.deepEqual(after('gitops: "https://x'), ['4:9-4:10 fleet/yaml this quoted text never ends']);
  assert.deepEqual(after('registry: { sku: @x }'), [
    '4:18-4:19 fleet/yaml a plain text cannot begin with this sign',
    live(5),
  ]);
  assert.deepEqual(after('alerts: { email: "C:\\dir" }'), [
    '4:21-4:22 fleet/yaml this backslash sequence means nothing inside double quotes',
    live(5),
  ]);
  assert.deepEqual(after('admins: - a'), [
    '4:9-4:10 fleet/yaml a list must begin on the line after its key',
    live(5),
  ]);
});

test('a broken text does not make keys missing', () => {
  assert.deepEqual(told('name: atlas\nregion koreacentral\nclusters: { mgmt: {} }\n'), [
    '2:1-2:20 fleet/yaml this is read as a key that runs over several lines | check that the line has a colon after its key, and the right indentation',
  ]);
});
