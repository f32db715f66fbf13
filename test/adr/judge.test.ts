import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeDecisions, judgeRecords, type Standing } from '../../src/adr/judge.ts';
import { readRecords, type Records } from '../../src/adr/record.ts';

const start = { line: 3, column: 1 };
const PLACE = { file: 'fleet.yaml', start, end: start };

const STANDING: readonly Standing[] = [
  { id: 'demo-user-pools-are-spot', alias: 'C2', adr: 'ADR-A01' },
  { id: 'spot-has-two-families', adr: 'ADR-A01' },
  { id: 'what-azure-refuses', adr: 'ADR-0005' },
];

function folder(statuses: Readonly<Record<string, string>>): Records {
  const files = Object.entries(statuses).map(([name, status]) => ({
    file: `docs/adr/${name}`,
    text: `# ${name}\n\n- Status: ${status}\n- Date: 2026-11-22\n`,
  }));
  return readRecords({ folder: 'docs/adr', files });
}

/** `severity id message` of each finding, with the line that it points at. */
function told(statuses: Readonly<Record<string, string>>, judge = judgeRecords): string[] {
  return judge(folder(statuses), STANDING, PLACE).map(
    ({ id, severity, message, span }) =>
      `${span!.file.replace('docs/adr/', '')}:${span!.start.line} ${severity} ${id}: ${message}`,
  );
}

test('accepted decisions are no finding', () => {
  assert.deepEqual(
    told({ 'ADR-A01-a.md': 'accepted', '0001-b.md': 'rejected', '0002-c.md': 'proposed' }),
    [],
  );
});

test('a missing record is told where the fleet begins, once, with what stands on it', () => {
  assert.deepEqual(told({ '0001-b.md': 'accepted', 'ADR-A02-b.md': 'accepted' }), [
    'fleet.yaml:3 error adr-missing: docs/adr has no ADR-A01, and C2 and 1 other invariant stand on it',
  ]);
});

test('a folder of other decisions alone was never meant to hold these: one note', () => {
  const note =
    'fleet.yaml:3 note adr-missing: docs/adr holds none of the decisions that the contract stands on: ADR-A01';
  for (const judge of [judgeDecisions, judgeRecords]) {
    assert.deepEqual(told({ '0001-b.md': 'accepted', '0002-c.md': 'proposed' }, judge), [note]);
    assert.deepEqual(told({}, judge), [note]);
  }
});

test('a record of the same number is not the decision that comes with Bulkhead', () => {
  assert.deepEqual(told({ 'ADR-A01-a.md': 'accepted', '0005-postgres.md': 'rejected' }), []);
});

test('a decision that does not hold is told at its status', () => {
  for (const [status, severity, state] of [
    ['rejected', 'error', 'is rejected'],
    ['deprecated', 'warning', 'is deprecated'],
    ['proposed', 'note', 'is only proposed'],
    ['superseded by ADR-0002', 'error', 'is superseded by "ADR-0002"'],
  ] as const) {
    const id = `adr-${status.split(' ')[0]}`;
    assert.deepEqual(told({ 'ADR-A01-a.md': status, '0002-b.md': 'accepted' }), [
      `ADR-A01-a.md:3 ${severity} ${id}: ADR-A01 ${state}, and C2 and 1 other invariant stand on it`,
    ]);
  }
});

test('a status that means nothing is told with the nearest that does', () => {
  const [finding] = judgeRecords(folder({ 'ADR-A01-a.md': 'acepted' }), STANDING, PLACE);
  assert.equal(finding?.id, 'adr-status');
  assert.match(finding.help ?? '', /^write accepted,/);
  const records = readRecords({ folder: 'd', files: [{ file: 'd/ADR-A01-a.md', text: '# A\n' }] });
  const [absent] = judgeRecords(records, STANDING, PLACE);
  assert.match(absent?.message ?? '', /^ADR-A01 has no status/);
});

test('a successor must be there, be another, and lead to what holds', () => {
  const standing = { 'ADR-A01-a.md': 'accepted' };
  const successors = (statuses: Record<string, string>): string[] => told({ ...standing, ...statuses });
  for (const good of ['ADR-2', '2', '[it](0002-b.md)', '[it](./0002-b.md#why)', '[it](0002%2Db.md)'])
    assert.deepEqual(successors({ '0001-a.md': `superseded by ${good}`, '0002-b.md': 'accepted' }), [], good);
  for (const elsewhere of ['[it](https://acme.example/x.md)', '[it](../other/0002-b.md)'])
    assert.deepEqual(successors({ '0001-a.md': `superseded by ${elsewhere}` }), [], elsewhere);
  assert.deepEqual(successors({ '0001-a.md': 'superseded' }), [
    '0001-a.md:3 warning adr-successor: ADR-0001 is superseded, and does not say by what',
  ]);
  for (const nowhere of ['ADR-0009', '[it](0009-x.md)'])
    assert.match(successors({ '0001-a.md': `superseded by ${nowhere}` })[0]!, /there is no such record/);
  assert.deepEqual(successors({ '0001-a.md': 'superseded by ADR-0001' }), [
    '0001-a.md:3 error adr-successor: ADR-0001 is superseded by itself',
  ]);
  const circle = successors({
    '0001-a.md': 'superseded by 2',
    '0002-b.md': 'superseded by 1',
    '0003-c.md': 'superseded by 1',
  });
  assert.deepEqual(circle, [
    '0001-a.md:3 error adr-successor: ADR-0001 → ADR-0002 → ADR-0001: each is superseded, and none holds',
    '0002-b.md:3 error adr-successor: ADR-0002 → ADR-0001 → ADR-0002: each is superseded, and none holds',
  ]);
});

test('two files of one number are told once, with both places', () => {
  const found = judgeRecords(
    folder({ 'ADR-A01-a.md': 'accepted', '0002-b.md': 'accepted', '2-c.md': 'accepted' }),
    STANDING,
    PLACE,
  );
  assert.deepEqual(
    found.map(({ id, span, related }) => [id, span?.file, related?.[0]?.span?.file]),
    [['adr-duplicate', 'docs/adr/2-c.md', 'docs/adr/0002-b.md']],
  );
});

test('a date that is none is told; none at all is not', () => {
  const texts = ['# A\n\nStatus: accepted\nDate: soon\n', '# B\n\nStatus: accepted\n'];
  const files = texts.map((text, index) => ({ file: `d/ADR-A0${index + 1}-x.md`, text }));
  const found = judgeRecords(readRecords({ folder: 'd', files }), [], PLACE);
  assert.deepEqual(
    found.map(({ id, span }) => [id, span?.file, span?.start.line]),
    [['adr-date', 'd/ADR-A01-x.md', 4]],
  );
});

test('a contract asks for its own decisions only', () => {
  const statuses = { 'ADR-A01-a.md': 'accepted', '0001-b.md': 'nonsense', 'notes.md': 'accepted' };
  assert.deepEqual(told(statuses, judgeDecisions), []);
  assert.equal(told(statuses).length, 2);
  assert.deepEqual(judgeDecisions(folder({}), [], PLACE), []);
});
