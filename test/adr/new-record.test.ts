import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShippedRecords } from '../../src/adapters/record-folder.ts';
import { judgeRecords } from '../../src/adr/judge.ts';
import { newRecord } from '../../src/adr/new-record.ts';
import { readRecords } from '../../src/adr/record.ts';
import { adoptedRecord, shippedRecord } from '../../src/adr/shipped-record.ts';

const TODAY = '2026-11-22';
const start = { line: 1, column: 1 };
const PLACE = { file: 'fleet.yaml', start, end: start };

function nameAfter(title: string, ...existing: string[]): string | undefined {
  const files = existing.map((name) => ({ file: `d/${name}`, text: '# X\n\nStatus: accepted\n' }));
  return newRecord(title, readRecords({ folder: 'd', files }).records, TODAY)?.name;
}

test('the next number is written as the highest one is', () => {
  assert.equal(nameAfter('Use a queue'), '0001-use-a-queue.md');
  assert.equal(nameAfter('Use a queue', 'ADR-A01-x.md'), '0001-use-a-queue.md');
  assert.equal(nameAfter('Use a queue', '0009-x.md', '0002-y.md'), '0010-use-a-queue.md');
  assert.equal(nameAfter('Use a queue', 'adr-099-x.md', '0002-y.md'), 'adr-100-use-a-queue.md');
});

test('a name is made of the letters of any script', () => {
  assert.equal(nameAfter('  "Queues", or ../logs?  '), '0001-queues-or-logs.md');
  assert.equal(nameAfter('대기열을 쓴다'), '0001-대기열을-쓴다.md');
  assert.equal(nameAfter('🚢 / ..'), undefined);
  assert.equal(nameAfter('word '.repeat(40)), `0001-${Array(8).fill('word').join('-')}.md`);
  assert.equal(nameAfter('x'.repeat(300)), `0001-${'x'.repeat(40)}.md`);
});

test('a new record reads back as proposed today, with nothing wrong', () => {
  const file = newRecord('Use a queue:\n# now', [], TODAY)!;
  const records = readRecords({ folder: 'd', files: [{ file: `d/${file.name}`, text: file.text }] });
  const [record] = records.records;
  assert.equal(record?.title, 'Use a queue: # now');
  assert.equal(record.status?.kind, 'proposed');
  assert.equal(record.date?.text, TODAY);
  assert.deepEqual(judgeRecords(records, [], PLACE), []);
});

test('the shipped records are taken over accepted today, without links that lead nowhere', () => {
  const shipped = readShippedRecords();
  assert.deepEqual(
    shipped.map(({ name }) => name.slice(0, 7)),
    ['ADR-A01', 'ADR-A02', 'ADR-A03'],
  );
  const names = shipped.map(({ name }) => name);
  const adopted = shipped.map((record) => adoptedRecord(record, names, '2027-01-02'));
  for (const { name, text } of adopted) {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) assert.match(target!, /^https:/, name);
    assert.match(text, /K8s 아키텍처/);
    assert.ok(text.split('\n').every((line) => line.length <= 120));
  }
  const files = adopted.map(({ name, text }) => ({ file: `d/${name}`, text }));
  const records = readRecords({ folder: 'd', files });
  assert.deepEqual(judgeRecords(records, [{ id: 'any', adr: 'ADR-A02' }], PLACE), []);
  for (const { status, date } of records.records)
    assert.deepEqual([status?.kind, date?.text], ['accepted', '2027-01-02']);
  assert.match(adopted[0]!.text, /Bulkhead's price-sources\.json/);
});

test('each reference of the source design stands in one of the shipped records', () => {
  const text = readShippedRecords()
    .map((record) => record.text)
    .join('');
  for (const url of [
    'https://learn.microsoft.com/en-us/azure/aks/',
    'https://learn.microsoft.com/en-us/azure/virtual-machines/spot-vms',
    'https://learn.microsoft.com/en-us/azure/key-vault/',
    'https://docs.cilium.io/en/stable/installation/k8s-install-helm/',
    'https://github.com/joelparkerhenderson/architecture-decision-record',
  ])
    assert.ok(text.includes(`(${url})`), url);
});

test('links to records that come along stay', () => {
  const record = { name: 'ADR-A09-x.md', text: '- Date: 2020-01-01\n\n[a](ADR-A01-y.md) [b](0001-z.md)\n' };
  assert.match(adoptedRecord(record, ['ADR-A01-y.md'], TODAY).text, /\[a\]\(ADR-A01-y\.md\) Bulkhead's b/);
  assert.equal(shippedRecord('adr-a09', [record]), record);
  assert.equal(shippedRecord('ADR-A08', [record]), undefined);
});
