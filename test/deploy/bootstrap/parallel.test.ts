import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eachOf } from '../../../src/deploy/bootstrap/parallel.ts';

test('each item is called once, so many at once, and answers keep their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      async (turns, atOnce) => {
        let running = 0;
        const answers = await eachOf([...turns.entries()], atOnce, async ([index, count]) => {
          running += 1;
          assert.ok(running <= atOnce);
          for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
          running -= 1;
          return index;
        });
        assert.deepEqual(answers, [...turns.keys()]);
      },
    ),
  );
});

test('after a failure nothing new is called, and what runs is waited for', async () => {
  const log: string[] = [];
  const call = async (name: string): Promise<void> => {
    log.push(`${name} begins`);
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
    if (name === 'b') throw new Error('broken');
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
  };
  await assert.rejects(eachOf(['a', 'b', 'c', 'd'], 2, call), /broken/);
  assert.deepEqual(log, ['a begins', 'b begins', 'a ends']);
});
