import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { elapsedText, eventLine } from '../../../src/cli/progress/event-text.ts';
import { Declined } from '../../../src/deploy/ask.ts';
import type { Step, StepEnd } from '../../../src/deploy/step.ts';
import { plainStyle } from '../../../src/report/style.ts';

const STEP: Step = {
  id: 'clusters/app1',
  phase: 'clusters',
  title: 'Cluster app1',
  after: [],
  run: async () => ({ isChanged: false }),
};

function line(end: StepEnd, startedMs: number | undefined = 0): string | undefined {
  return eventLine({ kind: 'ended', step: STEP, atMs: 247_900, end }, startedMs, plainStyle);
}

describe('the time that something took', () => {
  it('is told to the second', () => {
    const told = [0, 999, 59_999, 60_000, 3_599_999, 3_600_000, 36_000_000].map(elapsedText);
    assert.deepEqual(told, ['0:00', '0:00', '0:59', '1:00', '59:59', '1:00:00', '10:00:00']);
  });
});

describe('the line of a step', () => {
  it('tells how it ended, and how long it took', () => {
    const ends: readonly StepEnd[] = [
      { kind: 'changed', note: '12 changes' },
      { kind: 'unchanged' },
      { kind: 'failed', error: new StepError('no quota') },
      { kind: 'failed', error: new Declined() },
      { kind: 'stopped' },
    ];
    assert.deepEqual(
      ends.map((end) => line(end)),
      [
        '   4:07  + Cluster app1  12 changes, 4:07',
        '   4:07  = Cluster app1  4:07',
        '   4:07  x Cluster app1  failed, 4:07',
        '   4:07  - Cluster app1  not agreed to, 4:07',
        '   4:07  - Cluster app1  stopped, 4:07',
      ],
    );
    assert.equal(
      line({ kind: 'unchanged', note: 'no change' }, 247_000),
      '   4:07  = Cluster app1  no change',
    );
  });

  it('is none for one that begins, or never began', () => {
    assert.equal(eventLine({ kind: 'started', step: STEP, atMs: 0 }, 0, plainStyle), undefined);
    const end = { kind: 'skipped', because: 'clusters/mgmt' } as const;
    assert.equal(eventLine({ kind: 'ended', step: STEP, atMs: 9, end }, undefined, plainStyle), undefined);
  });

  it('lets nothing that a program says act on the terminal', () => {
    const detail = eventLine(
      { kind: 'detail', step: STEP, atMs: 61_000, text: 'azurerm_subnet.a:\u001b[2J creating' },
      0,
      plainStyle,
    );
    assert.equal(detail, '   1:01    Cluster app1: azurerm_subnet.a:\\x1b[2J creating');
    assert.match(line({ kind: 'changed', note: 'a\rb' })!, /a\\rb/);
  });
});
