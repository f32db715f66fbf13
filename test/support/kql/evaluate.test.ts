import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateQuery } from './evaluate.ts';
import { firesFor } from './log-alert.ts';
import { record } from './log-tables.ts';
import { type Row, at } from './values.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');

const people: readonly Row[] = [
  { name: 'Ada', team: 'core', age: 36, seen: at('2026-11-23T02:50:00Z') },
  { name: 'Bob', team: 'core', age: 41, seen: at('2026-11-23T02:00:00Z') },
  { name: 'Cid', team: 'edge', age: null, seen: null },
];

function ask(query: string): readonly Row[] {
  return evaluateQuery(`T ${query}`, { T: people }, NOW);
}

function names(query: string): readonly unknown[] {
  return ask(query).map(({ name }) => name);
}

test('where: comparisons, words, lists, and nulls that hold for nothing', () => {
  assert.deepEqual(names('| where age >= 41'), ['Bob']);
  assert.deepEqual(names('| where age < 100'), ['Ada', 'Bob']);
  assert.deepEqual(names('| where not(age < 100)'), []);
  assert.deepEqual(names('| where isnull(age) or age == 36'), ['Ada', 'Cid']);
  assert.deepEqual(names('| where name == "ada"'), []);
  assert.deepEqual(names('| where name =~ "ada"'), ['Ada']);
  assert.deepEqual(names('| where name !~ "ada" and team in ("core", "hub")'), ['Bob']);
  assert.deepEqual(names('| where name !in ("Ada", "Bob")'), ['Cid']);
  assert.deepEqual(names('| where name contains \'B\' or name startswith "c"'), ['Bob', 'Cid']);
  assert.deepEqual(names('| where seen > ago(15m)'), ['Ada']);
  assert.deepEqual(names('| where now() - seen >= 1h'), ['Bob']);
});

test('has finds whole terms, whatever stands between them', () => {
  const found = (text: string, term: string): boolean =>
    evaluateQuery(`T | where text has "${term}"`, { T: [{ text }] }, NOW).length === 1;
  assert.ok(found('MemoryPressure,Ready', 'Ready'));
  assert.ok(!found('NotReady', 'Ready'));
  assert.ok(found('message: "Preempt Scheduled: Mon"', 'preempt scheduled'));
  assert.ok(!found('', 'Ready'));
});

test('extend, project, distinct and mv-expand', () => {
  assert.deepEqual(ask('| project name, next = age + 1 | where next > 40'), [{ name: 'Bob', next: 42 }]);
  assert.deepEqual(ask('| distinct team'), [{ team: 'core' }, { team: 'edge' }]);
  assert.deepEqual(
    ask(
      '| extend letter = dynamic(["a", "b"]) | mv-expand letter = letter to typeof(string) | distinct letter',
    ),
    [{ letter: 'a' }, { letter: 'b' }],
  );
});

test('summarize: a row for each group, and one where there is no group to make', () => {
  assert.deepEqual(
    ask(
      '| summarize n = count(), old = countif(age > 40), top = max(age), low = min(age), all = sum(age) by team',
    ),
    [
      { team: 'core', n: 2, old: 1, top: 41, low: 36, all: 77 },
      { team: 'edge', n: 1, old: 0, top: null, low: null, all: 0 },
    ],
  );
  assert.deepEqual(ask('| summarize arg_max(age, name) by team')[0], { team: 'core', age: 41, name: 'Bob' });
  assert.deepEqual(ask('| where age > 99 | summarize n = count(), teams = make_set(team)'), [
    { n: 0, teams: [] },
  ]);
  assert.deepEqual(ask('| where age > 99 | summarize n = count() by team'), []);
  assert.deepEqual(ask('| summarize n = dcount(team)'), [{ n: 2 }]);
  assert.deepEqual(ask('| summarize dozens = sum(age) / 11 + count()'), [{ dozens: 10 }]);
});

test('the clock of a zone', () => {
  const local = (zone: string, iso: string) =>
    evaluateQuery(
      `let L = datetime_utc_to_local(now(), "${zone}"); T | project day = dayofweek(L) / 1d`.replace(
        ' / 1d',
        '',
      ),
      { T: [{}] },
      Date.parse(iso),
    )[0]?.day;
  assert.deepEqual(local('Asia/Seoul', '2026-11-22T14:59:59Z'), { kind: 'timespan', ms: 0 });
  assert.deepEqual(local('Asia/Seoul', '2026-11-22T15:00:00Z'), { kind: 'timespan', ms: 86_400_000 });
});

test('what is not known here is refused, and so is a table or a column that is not there', () => {
  for (const query of [
    '| take 5',
    '| where age > 5 5',
    '| where foo(age)',
    '| summarize stdev(age)',
    '| where age # 5',
  ]) {
    assert.throws(() => ask(query), query);
  }
  assert.throws(() => ask('| where height > 5'), /no column height/);
  assert.throws(() => evaluateQuery('U | where true', { T: people }, NOW), /no table U/);
});

test('an alert sees the records of its window, and fires for each value of its dimension', () => {
  const node = (Computer: string, ClusterName: string, TimeGenerated: string) =>
    record('KubeNodeInventory', { Computer, ClusterName, TimeGenerated });
  const tables = {
    KubeNodeInventory: [
      node('a', 'one', '2026-11-23T02:45:00Z'),
      node('b', 'one', '2026-11-23T02:45:01Z'),
      node('c', 'one', '2026-11-23T03:00:00Z'),
      node('d', 'two', '2026-11-23T02:59:00Z'),
      node('e', 'two', '2026-11-23T03:00:01Z'),
    ],
  };
  const rule = {
    kind: 'log',
    id: 'x',
    description: '',
    severity: 3,
    watches: 'fleet',
    why: '',
    source: '',
    query: 'KubeNodeInventory | distinct ClusterName, Computer',
    tables: ['KubeNodeInventory'],
    splitBy: 'ClusterName',
    frequencyMinutes: 5,
    windowMinutes: 15,
  } as const;
  assert.deepEqual(firesFor({ ...rule, rowsAbove: 0 }, tables, '2026-11-23T03:00:00Z'), ['one', 'two']);
  assert.deepEqual(firesFor({ ...rule, rowsAbove: 1 }, tables, '2026-11-23T03:00:00Z'), ['one']);
  assert.deepEqual(firesFor({ ...rule, rowsAbove: 2 }, tables, '2026-11-23T03:00:00Z'), []);
  assert.deepEqual(firesFor({ ...rule, rowsAbove: 2, rangeMinutes: 1440 }, tables, '2026-11-23T03:00:00Z'), [
    'one',
  ]);
});
