import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFields } from '../../src/adr/fields.ts';
import { type DecisionRecord, idOf, keyOf, readRecords } from '../../src/adr/record.ts';
import { soon } from '../support/cpu.ts';

function read(text: string, name = '0007-queue.md'): DecisionRecord {
  const { records } = readRecords({ folder: 'docs/adr', files: [{ file: `docs/adr/${name}`, text }] });
  return records[0]!;
}

/** What a record says of itself, and the places it says it in, as `line:column`. */
function told(text: string): string[] {
  const { title, status, date } = read(text);
  const at = (span: { start: { line: number; column: number } } | undefined): string =>
    span ? `${span.start.line}:${span.start.column}` : '-';
  return [
    title,
    `${status?.kind ?? 'unknown'} at ${at(status?.span)}`,
    `${date?.isValid ? date.text : 'no date'} at ${at(date?.span)}`,
  ];
}

const TEMPLATES: readonly (readonly [name: string, text: string, ...told: string[]])[] = [
  [
    'MADR 2',
    '# Use a queue\n\n* Status: accepted <!-- optional -->\n* Deciders: all\n* Date: 2026-11-22 <!-- optional -->\n\n## Context\n\nStatus: rejected\n',
    'Use a queue',
    'accepted at 3:11',
    '2026-11-22 at 5:9',
  ],
  [
    'MADR 3',
    '---\n# These are optional elements.\nstatus: proposed\ndate: 2026-11-22\ndeciders: all\n---\n# Use a queue\n',
    'Use a queue',
    'proposed at 3:9',
    '2026-11-22 at 4:7',
  ],
  [
    'MADR 4',
    '---\nstatus: "superseded by ADR-0123" # since spring\ndate: \'2026-11-22\'\ndecision-makers: all\n---\n\n# Use a queue\n',
    'Use a queue',
    'superseded at 2:10',
    '2026-11-22 at 3:8',
  ],
  [
    'Nygard, as adr-tools writes it',
    '# 7. Use a queue\n\nDate: 2026-11-22\n\n## Status\n\nAccepted\n\nSuperceded by [9. Use a log](0009-use-a-log.md)\n\n## Context\n\nAccepted wisdom.\n',
    'Use a queue',
    'superseded at 9:1',
    '2026-11-22 at 3:7',
  ],
  [
    'Tyree and Akerman',
    '# Use a queue\n\n* **Issue**: which one\n\n* **Status**: decided, by all\n\n* **Group**: integration\n',
    'Use a queue',
    'accepted at 5:15',
    'no date at -',
  ],
  [
    'sections under other sections, with a table of contents',
    '# Decision record: CSS\n\nContents:\n\n- [Summary](#summary)\n  - [Status](#status)\n\n## Summary\n\n### Status\n\nDecided on Bulma. Open to others.\n\n### Date\n\n2026-11-22\n',
    'Decision record: CSS',
    'accepted at 12:1',
    '2026-11-22 at 16:1',
  ],
  [
    'a table',
    '# Use a queue\n\n| Status | accepted |\n| --- | --- |\n| Date | 2026-11-22 |\n',
    'Use a queue',
    'accepted at 3:12',
    '2026-11-22 at 5:10',
  ],
  [
    'a heading with its value, Windows lines',
    '# ADR-0007: Use a queue\r\n\r\n## Status: deprecated\r\n\r\n## Date: 2026-11-22\r\n',
    'Use a queue',
    'deprecated at 3:12',
    '2026-11-22 at 5:10',
  ],
  [
    'our own',
    '# ADR-0007: Use a queue\n\n- Status: accepted. The rest is planned\n- Date: 2026-11-22\n',
    'Use a queue',
    'accepted at 3:11',
    '2026-11-22 at 4:9',
  ],
  [
    'a template left as it is',
    '---\nstatus: "{proposed | rejected | accepted | … | superseded by ADR-0123}"\ndate: {YYYY-MM-DD when it was}\n---\n\n# {short title}\n',
    '{short title}',
    'unknown at 2:10',
    'no date at 3:7',
  ],
  ['nothing at all', '', 'queue', 'unknown at -', 'no date at -'],
  [
    'front matter that nothing closes, and a fence',
    '---\n# Use a queue\n\n```\nStatus: rejected\n```\n\nStatus: accepted\n',
    'Use a queue',
    'accepted at 8:9',
    'no date at -',
  ],
];

for (const [name, text, ...expected] of TEMPLATES) {
  test(`a record in the shape of: ${name}`, () => assert.deepEqual(told(text), expected));
}

test('a status names its successor by id or by link', () => {
  const successor = (status: string): unknown => read(`# A\n\n- Status: ${status}\n`).status?.successor;
  assert.deepEqual(successor('superseded by ADR-0123'), { kind: 'id', text: 'ADR-0123' });
  assert.deepEqual(successor('Superseded by 12, in spring'), { kind: 'id', text: '12' });
  assert.deepEqual(successor('replaced by [ADR-A04](<ADR-A04-x.md> "x")'), {
    kind: 'link',
    text: 'ADR-A04-x.md',
  });
  assert.deepEqual(successor('accepted, then superseded by [it](x.md#why)'), {
    kind: 'link',
    text: 'x.md#why',
  });
  assert.equal(successor('superseded'), undefined);
  assert.equal(read('# A\n\n- Status: accepted; supersedes ADR-0003\n').status?.kind, 'accepted');
  const apart = read('---\nstatus: superseded\nsuperseded_by: ADR-0009\n---\n# A\n').status;
  assert.deepEqual(apart?.successor, { kind: 'id', text: 'ADR-0009' });
});

test('a day is one of the calendar', () => {
  const isDay = (date: string): boolean | undefined => read(`# A\n\nDate: ${date}\n`).date?.isValid;
  for (const good of ['2026-11-22', '2024-02-29', '2026-11-22T10:00:00Z', '2026-11-22 (first in 2025)'])
    assert.equal(isDay(good), true, good);
  for (const bad of ['2026-02-29', '2026-13-01', '22 Nov 2026', '2026/11/22', '2026-1-2', '2026-11-221'])
    assert.equal(isDay(bad), false, bad);
});

test('ids come from the names of files', () => {
  for (const [name, id] of [
    ['ADR-A01-spot-tiers.md', 'ADR-A01'],
    ['adr-a01.md', 'ADR-A01'],
    ['0005-queue.md', 'ADR-0005'],
    ['5.md', 'ADR-5'],
    ['adr_12_x.md', 'ADR-12'],
    ['ADR 7 x.md', 'ADR-7'],
    ['2026-11-22-minutes.md', undefined],
    ['README.md', undefined],
    ['2fa.md', undefined],
    ['a1-steak.md', undefined],
    ['adrenaline.md', undefined],
  ] as const)
    assert.equal(idOf(name), id, name);
  assert.equal(keyOf('ADR-0005'), keyOf('adr 5'));
  assert.equal(keyOf('ADR-A01'), keyOf('A1'));
  assert.notEqual(keyOf('ADR-A01'), keyOf('ADR-0001'));
  assert.equal(keyOf('0'), '0');
});

test('records are sorted by id, and what has a status and no number is told apart', () => {
  const files = ['notes.md', 'README.md', '0010-b.md', '0002-a.md', 'ADR-A01-c.md'].map((name) => ({
    file: `d/${name}`,
    text: name === 'README.md' ? '# Decisions\n' : '# X\n\nStatus: accepted\n',
  }));
  const { records, unnumbered } = readRecords({ folder: 'd', files });
  assert.deepEqual(
    records.map(({ id }) => id),
    ['ADR-0002', 'ADR-0010', 'ADR-A01'],
  );
  assert.deepEqual(
    unnumbered.map(({ file }) => file),
    ['d/notes.md'],
  );
});

const piece = fc.constantFrom(
  '---\n',
  '# ',
  '## Status\n',
  'Status: ',
  '* **Date**:',
  '| Status | ',
  '<!--',
  '-->',
  '```\n',
  '\r\n',
  '\n',
  ' ',
  '한글',
  '🚢',
  '[a](b.md)',
  'superseded by ',
);

test('any text is read, and every value stands where it says', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 }))), (parts) => {
      const text = parts.join('');
      for (const field of Object.values(readFields(text))) {
        const [start, end] = field.range;
        assert.ok(field.text !== '' && start >= 0 && end <= text.length && end - start === field.text.length);
        // Comments inside a value are blanks in it.
        if (!text.includes('<!--')) assert.equal(text.slice(start, end), field.text);
      }
      read(text);
    }),
    { seed: 20261122, numRuns: 500 },
  );
});

test('hostile texts take no time', () => {
  for (const unit of [
    '<!--',
    '# ',
    '* ',
    '|',
    '---\n',
    '## Status\n',
    ' ',
    'superseded by ',
    '](',
    '```\n',
    'A ',
  ]) {
    soon(unit, () => read(unit.repeat(Math.ceil((256 * 1024) / unit.length))));
  }
});
