import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { invariants } from '../../src/contract/invariants/index.ts';
import { type Refusal, refusalGroups, refusalPage } from '../../scripts/refusal-page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const rows = refusalGroups(root).flatMap((group) => group.rows);
const KEYS = new Set(['refuses', 'answer', 'invariants', 'derived', 'azurerm', 'later']);

test('everything that Azure refuses is said by somebody, or it is said why by nobody', () => {
  const ids = new Set(invariants.map(({ id }) => id));
  for (const row of rows) {
    const { refuses, invariants: own = [], derived, azurerm, later } = row;
    assert.ok(own.length > 0 || [derived, azurerm, later].some((why) => why !== undefined), refuses);
    for (const id of own) assert.ok(ids.has(id), `${refuses}: there is no invariant ${id}`);
    assert.deepEqual(
      Object.keys(row).filter((key) => !KEYS.has(key)),
      [],
      refuses,
    );
  }
  assert.equal(new Set(rows.map(({ refuses }) => refuses)).size, rows.length);
  assert.ok(rows.length >= 66);
});

test('an error of Azure stands in one place of the list, but for those that mean several things', () => {
  const answers = rows.flatMap(({ answer = '' }: Refusal) =>
    answer.split(', ').filter((code) => /^\w+$/.test(code)),
  );
  const twice = answers.filter((code, index) => answers.indexOf(code) !== index);
  assert.deepEqual(twice, ['OperationNotAllowed']);
});

test('the page is made of the list', () => {
  const [path, content] = refusalPage(root);
  for (const { refuses } of rows) assert.ok(content.includes(`| ${refuses} |`), refuses);
  assert.equal(readFileSync(`${root}${path}`, 'utf8'), content);
});
