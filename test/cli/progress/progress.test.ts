import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { liveLines, liveProgress, plainProgress } from '../../../src/cli/progress/progress.ts';
import type { Step, StepEvent } from '../../../src/deploy/step.ts';
import { displayWidth, plainStyle } from '../../../src/report/style.ts';

function step(title: string): Step {
  return { id: title, phase: 'clusters', title, after: [], run: async () => ({ isChanged: false }) };
}

const started = (of: Step, atMs: number): StepEvent => ({ kind: 'started', step: of, atMs });
const detail = (of: Step, atMs: number, text: string): StepEvent => ({
  kind: 'detail',
  step: of,
  atMs,
  text,
});
const ended = (of: Step, atMs: number): StepEvent => ({
  kind: 'ended',
  step: of,
  atMs,
  end: { kind: 'changed' },
});
const skipped = (of: Step, atMs: number): StepEvent => ({
  kind: 'ended',
  step: of,
  atMs,
  end: { kind: 'skipped', because: 'other' },
});

const ESCAPE = '\u001b';
/** Lines up and clear from there; a line's end; text. */
const WRITTEN = new RegExp(`${ESCAPE}\\[(\\d+)A${ESCAPE}\\[0J|\\n|[^${ESCAPE}\\n]+`, 'g');

/** What a terminal shows after it was written to: the sequences that we use, and no others. */
function screenOf(written: string): readonly string[] {
  const lines = [''];
  let row = 0;
  for (const [piece, up] of written.matchAll(WRITTEN)) {
    if (up !== undefined) {
      row -= Number(up);
      assert.ok(row >= 0, 'above the first line');
      lines.splice(row, lines.length, '');
    } else if (piece === '\n') lines[(row += 1)] ??= '';
    else lines[row] += piece;
  }
  return lines;
}

describe('plain progress', () => {
  it('is a line for each end, and one each half minute for what goes on', () => {
    let written = '';
    const { onEvent, aside } = plainProgress({ write: (text) => (written += text) }, plainStyle);
    const [a, b] = [step('Foundation'), step('Keeper')];
    onEvent(started(a, 0));
    for (let atMs = 0; atMs <= 70_000; atMs += 10_000) onEvent(detail(a, atMs, `${atMs / 1000}s`));
    onEvent(ended(a, 71_000));
    onEvent(skipped(b, 71_000));
    assert.deepEqual(written.split('\n'), [
      '   0:00    Foundation: 0s',
      '   0:30    Foundation: 30s',
      '   1:00    Foundation: 60s',
      '   1:11  + Foundation  1:11',
      '',
    ]);
    assert.ok(aside(async () => 'answer') instanceof Promise);
  });
});

describe('live progress', () => {
  function live(columns = 80, rows = 24) {
    let written = '';
    let now = 0;
    const screen = { write: (text: string) => (written += text), columns, rows };
    const progress = liveProgress(screen, plainStyle, () => now);
    return { ...progress, at: (ms: number) => (now = ms), shown: () => screenOf(written) };
  }

  it('keeps what has ended above what goes on', () => {
    const { onEvent, at, shown, stop } = live();
    const [a, b, c] = [step('Cluster app1'), step('Cluster app2'), step('Keeper')];
    onEvent(started(a, 0));
    onEvent(started(b, 0));
    onEvent(detail(b, 1000, 'azurerm_kubernetes_cluster.app2: creating'));
    at(65_000);
    onEvent(ended(a, 65_000));
    assert.deepEqual(shown(), [
      '   1:05  + Cluster app1  1:05',
      '   1:05  > Cluster app2  azurerm_kubernetes_cluster.app2: creating',
      '   1:05  1 at work, 1 done',
      '',
    ]);
    // Nobody began it, and a word that comes late is no step at work.
    onEvent(skipped(c, 65_000));
    onEvent(detail(a, 66_000, 'late'));
    at(70_000);
    onEvent(ended(b, 70_000));
    stop();
    assert.deepEqual(shown(), ['   1:05  + Cluster app1  1:05', '   1:10  + Cluster app2  1:10', '']);
  });

  it('leaves the screen to a question, and tells afterwards what ended meanwhile', async () => {
    const { onEvent, aside, shown, stop } = live();
    const [a, b, c] = [step('Cluster app1'), step('Cluster app2'), step('Cluster app3')];
    for (const each of [a, b, c]) onEvent(started(each, 0));
    onEvent(ended(a, 0));
    let answer: (() => void) | undefined;
    const asked = aside(() => new Promise<void>((resolve) => (answer = resolve)));
    const atQuestion = shown();
    onEvent(ended(b, 1000));
    // Another one within: the screen is not given back before both are done.
    await aside(async () => undefined);
    assert.deepEqual(shown(), atQuestion);
    answer!();
    await asked;
    onEvent(ended(c, 2000));
    stop();
    assert.deepEqual(shown(), [
      '   0:00  + Cluster app1',
      '   0:01  + Cluster app2  0:01',
      '   0:02  + Cluster app3  0:02',
      '',
    ]);
  });

  it('loses nothing that ended while it was stopped in the middle of a question', () => {
    const { onEvent, aside, shown, stop } = live();
    const a = step('Agreement');
    onEvent(started(a, 0));
    void aside(() => new Promise<void>(() => undefined));
    onEvent(ended(a, 3000));
    stop();
    assert.deepEqual(shown(), ['   0:03  + Agreement  0:03', '']);
  });

  it('is never wider than the screen, nor higher, and counts what it does not show', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', ' ', '한', '가', 'é', '🚀', ESCAPE, '\n'),
      maxLength: 60,
    });
    const running = fc.array(fc.record({ title: texts, text: texts, startedMs: fc.nat(100_000_000) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        running,
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 30 }),
        (all, columns, rows) => {
          const lines = liveLines(
            all.map(({ title, text, startedMs }) => ({
              step: step(title.replaceAll(ESCAPE, '').replaceAll('\n', '')),
              startedMs,
              detail: text,
            })),
            { ended: 0, atMs: 100_000_000, columns, rows, style: plainStyle },
          );
          assert.ok(lines.length <= Math.max(0, rows - 1), `${lines.length} lines on ${rows} rows`);
          for (const line of lines) {
            assert.ok(
              displayWidth(line) < columns || line === '',
              `${displayWidth(line)} on ${columns} columns`,
            );
            assert.ok(!line.includes(ESCAPE) && !line.includes('\n'));
          }
          const hidden = all.length - (lines.length - 1);
          const count = `${all.length} at work${hidden > 0 ? `, ${hidden} not shown` : ''}, 0 done`;
          if (columns > 60 && rows > 1) assert.ok(lines.at(-1)!.endsWith(count), lines.at(-1));
        },
      ),
    );
  });

  it('lines columns up where letters are two wide', () => {
    const running = ['클러스터 앱', 'Cluster app1'].map((title) => ({
      step: step(title),
      startedMs: 0,
      detail: 'at work',
    }));
    const lines = liveLines(running, { ended: 0, atMs: 0, columns: 80, rows: 24, style: plainStyle });
    const starts = lines.slice(0, 2).map((line) => displayWidth(line.slice(0, line.indexOf('at work'))));
    assert.equal(starts[0], starts[1]);
  });
});
