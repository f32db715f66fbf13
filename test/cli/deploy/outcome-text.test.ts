import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { outcomeText } from '../../../src/cli/deploy/outcome-text.ts';
import { Declined } from '../../../src/deploy/ask.ts';
import type { Step, StepEnd } from '../../../src/deploy/step.ts';
import { plainStyle } from '../../../src/report/style.ts';

const DONE: StepEnd = { kind: 'changed' };
const SAME: StepEnd = { kind: 'unchanged' };
const SKIPPED: StepEnd = { kind: 'skipped', because: 'clusters/app1' };
const STOPPED: StepEnd = { kind: 'stopped' };

/** Ends by title; `Preflight` and `Agreement` come before all else. */
function textOf(ends: Readonly<Record<string, StepEnd>>, lost?: Error): string {
  const steps = Object.keys(ends).map((title): Step => {
    const phase = title === 'Preflight' || title === 'Agreement' ? 'preflight' : 'clusters';
    return { id: title, phase, title, after: [], run: async () => ({ isChanged: false }) };
  });
  return outcomeText(
    { steps, ends: new Map(Object.entries(ends)), ...(lost ? { lost } : {}) },
    {
      command: 'bulkhead up -e demo fleet.yaml',
      idle: 'everything is as the fleet file says',
      style: plainStyle,
      detailOf: (error) => (error instanceof StepError ? error.message : `a bug: ${error.message}`),
    },
  );
}

const failed = (message: string, advice?: string): StepEnd => ({
  kind: 'failed',
  error: new StepError(message, advice === undefined ? {} : { advice }),
});

describe('the end of a run', () => {
  it('is short where all went well', () => {
    assert.equal(textOf({ Preflight: SAME, 'Cluster app1': DONE }), 'Done.\n');
    assert.equal(
      textOf({ Preflight: SAME, 'Cluster app1': SAME }),
      'Nothing to do: everything is as the fleet file says.\n',
    );
  });

  it('tells every failure with what to do, what was left out, and the command that goes on', () => {
    const text = textOf({
      Preflight: SAME,
      Foundation: DONE,
      'Cluster app1': failed(
        'terraform apply of clusters/app1 failed:\nQuota exceeded',
        'ask for more\nor take less',
      ),
      'Cluster app2': { kind: 'failed', error: new TypeError('x is not a function') },
      'Access to app1': SKIPPED,
      Keeper: SKIPPED,
    });
    assert.equal(
      text,
      `Cluster app1 failed
  terraform apply of clusters/app1 failed:
  Quota exceeded
  what to do: ask for more
  or take less

Cluster app2 failed
  a bug: x is not a function

Not done: Access to app1, Keeper.
What is done stays done. To go on: bulkhead up -e demo fleet.yaml
`,
    );
  });

  it('says that nothing was done where nothing was', () => {
    const text = textOf({
      Preflight: failed('2 things stand in the way'),
      Agreement: SKIPPED,
      Foundation: SKIPPED,
    });
    assert.equal(
      text,
      `Preflight failed
  2 things stand in the way

Nothing was done. To begin again: bulkhead up -e demo fleet.yaml
`,
    );
    const stopped = textOf({ Preflight: STOPPED, Agreement: STOPPED, Foundation: STOPPED });
    assert.equal(stopped, 'Nothing was done. To begin again: bulkhead up -e demo fleet.yaml\n');
  });

  it('makes no failure of a no', () => {
    const no: StepEnd = { kind: 'failed', error: new Declined() };
    assert.equal(textOf({ Preflight: SAME, Agreement: no, Foundation: SKIPPED }), 'Nothing was done.\n');
    assert.equal(
      textOf({ Preflight: SAME, Foundation: DONE, 'Cluster app1': no, Keeper: SKIPPED }),
      `Not done: Cluster app1 (not agreed to), Keeper.
What is done stays done. To go on: bulkhead up -e demo fleet.yaml
`,
    );
  });

  it('tells how a step was stopped where that matters, and why the lease was lost', () => {
    const killed = new StepError('Terraform was killed', { advice: 'look at its log' });
    const text = textOf(
      { Preflight: SAME, 'Cluster app1': { kind: 'stopped', error: killed }, Keeper: STOPPED },
      new StepError('it was broken', { advice: 'find out by whom' }),
    );
    assert.equal(
      text,
      `Cluster app1 was stopped
  Terraform was killed
  what to do: look at its log

The lease of the fleet was lost
  it was broken
  what to do: find out by whom

Not done: Cluster app1, Keeper.
What is done stays done. To go on: bulkhead up -e demo fleet.yaml
`,
    );
  });

  it('counts what is left out beyond a dozen, and lets no text act on the terminal', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`Step ${index}`, SKIPPED]));
    const text = textOf({ Preflight: SAME, 'Cluster app1': failed('it says \u001b[2J'), ...many });
    assert.match(text, /Not done: Step 0, .*, Step 11 and 8 more\.\n/);
    assert.match(text, /it says \\x1b\[2J\n/);
  });
});
