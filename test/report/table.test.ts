import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import test from 'node:test';
import fc from 'fast-check';
import { ansiStyle, displayWidth, plainStyle } from '../../src/report/style.ts';
import { renderTable } from '../../src/report/table.ts';
import type { Cell, Column, Row } from '../../src/report/table.ts';
import { anyText, UNCLEAN } from './any-text.ts';
import { golden } from './golden.ts';

const columns: readonly Column[] = [
  { title: 'Component', align: 'left' },
  { title: 'Quantity', align: 'right' },
  { title: 'Monthly', align: 'right' },
  { title: 'Note', align: 'left', maxWidth: 16 },
];

test('columns are aligned under their titles, headings set rows apart, a rule sets totals apart', () => {
  const rows: readonly Row[] = [
    { group: 'mgmt' },
    ['System pool', '1', { text: '$70.08', tone: 'green' }, 'Regular'],
    ['Load balancer', '730 h', '$18.25'],
    { group: '운영 클러스터' },
    ['디스크', '2', '$1,234.50', 'managed, zone redundant'],
    ['', '', '$0.00'],
  ];
  const table = { columns, rows, footer: ['Total', '', '$1,322.83'], indent: 2 };
  const text = golden(`
      Component        Quantity    Monthly  Note
      ---------------  --------  ---------  ----------------
      mgmt
        System pool           1     $70.08  Regular
        Load balancer     730 h     $18.25
      운영 클러스터
        디스크                2  $1,234.50  managed, zone r…
                                     $0.00
      ---------------  --------  ---------  ----------------
      Total                      $1,322.83
  `);
  assert.equal(renderTable(table, plainStyle), text);
  const coloured = renderTable(table, ansiStyle);
  assert.ok(coloured.includes('\x1b[32m$70.08\x1b[39m'));
  assert.equal(stripVTControlCharacters(coloured), text);
});

test('columns without titles have no header', () => {
  const pairs: readonly Column[] = [
    { title: '', align: 'left' },
    { title: '', align: 'left' },
  ];
  const rows = [
    ['region', 'koreacentral'],
    ['clusters', 'mgmt, app1'],
  ];
  assert.equal(
    renderTable({ columns: pairs, rows }, plainStyle),
    golden(`
    region    koreacentral
    clusters  mgmt, app1
    `),
  );
});

test('a table without rows is its header, and one without columns is nothing', () => {
  const text = renderTable({ columns: columns.slice(0, 2), rows: [] }, plainStyle);
  assert.equal(text, 'Component  Quantity\n---------  --------\n');
  assert.equal(renderTable({ columns: [], rows: [] }, plainStyle), '');
});

test('a row with more cells than columns is our mistake', () => {
  assert.throws(() => renderTable({ columns: [], rows: [['a']] }, plainStyle), /1 cells in 0 columns/);
});

test('any text keeps a table in shape', () => {
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    anyText,
    anyText.map((content) => ({ text: content, tone: 'red' as const })),
  );
  const row: fc.Arbitrary<Row> = fc.oneof(
    fc.array(cell, { maxLength: 4 }),
    anyText.map((group) => ({ group })),
  );
  fc.assert(
    fc.property(fc.array(row), fc.nat(4), (rows, indent) => {
      const lines = renderTable({ columns, rows, indent }, plainStyle).split('\n');
      const rule = lines[1]!;
      assert.equal(lines.length, rows.length + 3);
      for (const [at, line] of lines.slice(0, -1).entries()) {
        assert.doesNotMatch(line, UNCLEAN);
        const content = rows[at - 2];
        if (content === undefined || !('group' in content)) assert.ok(displayWidth(line) <= rule.length);
      }
    }),
  );
});
