import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetIn, loadFleetFile } from '../../src/fleet/load.ts';
import { load, told, toldPlaces } from './told.ts';
import { soon } from '../support/cpu.ts';

const HEAD = 'name: atlas\nregion: koreacentral\nclusters: { mgmt: {} }\n';
const BYTES_MAX = 2 ** 20;

/** As many copies as fit into so many bytes; by default into a file that is still read. */
function filled(unit: string, head = '', size = BYTES_MAX): string {
  return head + unit.repeat(Math.floor((size - head.length) / unit.length));
}

function numbered(unit: (index: number) => string, count: number, head = ''): string {
  return head + Array.from({ length: count }, (_, index) => unit(index)).join('');
}

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])),
  );
}

test('a file above 1 MiB is not read', () => {
  assert.deepEqual(told(new Uint8Array(10 * BYTES_MAX).fill(0x61)), [
    '1:1-1:1 fleet/too-large the file is larger than the 1048576 bytes that a fleet file may have | check that this is the fleet file; nothing in it was read',
  ]);
  assert.equal(load(new Uint8Array(10 * BYTES_MAX)).document.text, '');
});

test('a file of more words than any fleet has is not judged', () => {
  assert.deepEqual(told(filled('a: 1\n')), [
    '71429:3-71429:4 fleet/too-large the file holds more than 500000 words and signs up to here | check that this is the fleet file; nothing in it was judged',
  ]);
});

test('nesting ends at 64 levels, however it is written', () => {
  const message =
    'fleet/too-deep maps and lists are nested more than 64 levels deep here | check the indentation and the brackets above; nothing in the file was judged';
  assert.deepEqual(told('['.repeat(100_000)), [`1:66-1:67 ${message}`]);
  assert.deepEqual(told('- '.repeat(100_000)), [`1:131-1:132 ${message}`]);
  assert.deepEqual(told('{a: '.repeat(100_000)), [`1:261-1:262 ${message}`]);
  assert.deepEqual(told('? '.repeat(100_000)), [`1:131-1:132 ${message}`]);
  assert.deepEqual(told('a: '.repeat(100_000)), [`1:196-1:197 ${message}`]);
  assert.deepEqual(told(numbered((level) => `${' '.repeat(level)}a:\n`, 1000)), [`66:66-66:67 ${message}`]);
  assert.deepEqual(toldPlaces(`${HEAD}live: ${'['.repeat(62)}${']'.repeat(62)}\n`), ['4:7-4:131 fleet/type']);
});

test('aliases of aliases are counted, not followed', () => {
  const laughs = [...'bcdefghi'].map((name, index) => {
    const before = 'abcdefgh'[index]!;
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]\n`;
  });
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${laughs.join('')}live: 1\n`;
  assert.deepEqual(told(bomb), [
    '6:12-6:14 fleet/alias the file stands for more than 200000 values up to here | use fewer aliases of aliases; nothing in the file was judged',
  ]);
  assert.equal(load(bomb).file, undefined);
});

test('a chain of aliases ends at 64 levels', () => {
  const chain = numbered(
    (index) => `a${index + 1}: &a${index + 1} { x: *a${index} }\n`,
    100,
    'a0: &a0 { x: 1 }\n',
  );
  const first = told(chain).find((text) => text.includes('fleet/too-deep'));
  assert.equal(
    first,
    '64:16-64:20 fleet/too-deep maps and lists are nested more than 64 levels deep through this alias | use fewer aliases of aliases',
  );
});

test('bytes that are no UTF-8', () => {
  const help = 'save the file as UTF-8';
  assert.deepEqual(told(bytes(HEAD, '# caf', [0xe9], ' au lait\nlive: 1\n')), [
    `4:6-4:7 fleet/encoding byte 61 (0xe9) is no UTF-8; a fleet file is UTF-8 | ${help}`,
    '5:7-5:8 fleet/type live must be true or false, not the number 1 | write true or false, without quotes',
  ]);
  assert.deepEqual(told(bytes([0xef, 0xbb, 0xbf], '# é\n', HEAD, '#', [0xe2, 0x82])), [
    `5:2-5:3 fleet/encoding byte 65 (0xe2) is no UTF-8; a fleet file is UTF-8 | ${help}`,
  ]);
  assert.deepEqual(told(bytes([0xff, 0xfe], 'n', [0])), [
    '1:1-1:1 fleet/encoding the file is UTF-16; a fleet file is UTF-8 | save it as UTF-8; nothing in it was read',
  ]);
  assert.deepEqual(toldPlaces(bytes('n', [0], 'a', [0], 'm', [0])), ['1:1-1:1 fleet/encoding']);
  assert.deepEqual(toldPlaces(bytes([0], 'n', [0], 'a')), ['1:1-1:1 fleet/encoding']);
});

test('control characters are reported once and never reach the text that is shown', () => {
  const content = `${HEAD}live: \u0000\u001b[31m\u009b\nfoo: 1\n`;
  assert.deepEqual(told(content), [
    '4:7-4:8 fleet/encoding the control character U+0000 stands here, and 2 more after it; a fleet file is plain text | remove it',
    '4:7-4:14 fleet/type live must be true or false, not the text "\ufffd\ufffd[31m\ufffd" | write true or false, without quotes',
    '5:1-5:4 fleet/unknown-key the top level has no key "foo"; it would have no effect | remove it; `bulkhead schema` lists the keys that there are',
  ]);
  assert.equal(load(content).document.text, `${HEAD}live: \ufffd\ufffd[31m\ufffd\nfoo: 1\n`);
});

test('messages repeat little of a long text', () => {
  for (const text of [
    `name: ${'x'.repeat(900_000)}`,
    `${'k'.repeat(900)}: 1`,
    `clusters: { ${'K'.repeat(900)}: {} }`,
    `clusters: { app1: { pods: ${'9'.repeat(900_000)}x } }`,
    `schedule: { awake: ${'x'.repeat(900_000)} }`,
    `live: *${'x'.repeat(900_000)}`,
    `live: !${'x'.repeat(900_000)} a`,
  ]) {
    for (const finding of told(text)) assert.ok(finding.length < 600, finding.slice(0, 700));
  }
});

test('of thousands of findings of one kind the first are shown, and the rest counted', () => {
  const keys = told(numbered((index) => `x${index}: 1\n`, 4000, HEAD));
  assert.equal(keys.length, 201);
  assert.equal(
    keys.at(-1),
    '204:1-204:5 fleet/unknown-key 3800 more findings of this kind begin here and are not listed | mend the ones above first; they often have one cause',
  );
  const pairs = numbered(() => '    - 1\n', 40_000, `${HEAD}network:\n  peers:\n`);
  assert.equal(toldPlaces(pairs).length, 201);
});

test('a map of more keys than any fleet has is not judged', () => {
  assert.deepEqual(
    told(numbered((index) => `  a${index}: {}\n`, 5001, 'name: atlas\nregion: x\nclusters:\n')),
    [
      '5004:3-5004:8 fleet/too-large this map holds 5001 keys; 5000 are allowed | check that this is the fleet file; nothing in the map was judged',
    ],
  );
});

test('nothing takes long, or throws', () => {
  const many = (unit: string, head = '') => filled(unit, head, 100_000);
  const inputs: Readonly<Record<string, string>> = {
    'closing brackets': many(']'),
    commas: many(',', '['),
    'open brackets by line': many('a: [\n'),
    'open quotes by line': many('a: "x\n'),
    'bad escapes': many('\\x', 'a: "'),
    escapes: filled('\\\\', 'a: "'),
    'single quotes': filled("'"),
    'explicit keys': many('? a\n'),
    'empty keys': many(':\n'),
    'one key': many('a: 1\n'),
    'long lines of text': filled('a '),
    'many lines of text': filled('a\n'),
    'a block of text': filled(' x\n', 'a: |\n'),
    'a folded text': filled('  x \n   y\n', 'a: >\n'),
    'one comment': filled('x', '#'),
    comments: many('#\n'),
    'comments in a list': many(' #\n', '- a\n'),
    blanks: filled(' '),
    'line feeds': many('\n'),
    tabs: many('\tb\n', 'a:\n'),
    anchors: many('&a '),
    tags: many('- !a x\n'),
    'unknown aliases': numbered((index) => `- *a${index}\n`, 10_000),
    documents: many('---\n'),
    'one digit': filled('1', 'a: '),
    'one key of a megabyte': filled('k'),
    'control characters': filled('\u0000'),
    'bad pairs': numbered(() => '    - [1, 2]\n', 5000, `${HEAD}network:\n  peers:\n`),
    'bad values in many maps': numbered(
      (index) => `  w${index}: { clusters: [a], image: x, env: { ${many('K: 1, ').slice(0, 60)} } }\n`,
      1000,
      `${HEAD}workloads:\n`,
    ),
    'bad clusters': numbered((index) => `  K${index}: { x: 1, tier: a, id: b }\n`, 4000, 'clusters:\n'),
  };
  for (const [name, text] of Object.entries(inputs)) {
    const content = new TextEncoder().encode(text);
    assert.ok(content.length <= BYTES_MAX, name);
    const result = soon(name, () => {
      const loaded = loadFleetFile('fleet.yaml', content);
      fleetIn(loaded, 'production');
      return loaded;
    });
    assert.ok(result.findings.length > 0 && result.findings.length < 2000, name);
  }
});
