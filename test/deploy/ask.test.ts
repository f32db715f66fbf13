import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agree, askingApproval, Declined, type Loss, lossesIn } from '../../src/deploy/ask.ts';
import type { Change } from '../../src/deploy/world.ts';
import { change } from './fake-terraform.ts';

const NEVER = new AbortController().signal;
const DELETE = change('azurerm_subnet.a', 'delete');
const REPLACE = change('azurerm_kubernetes_cluster.b', 'replace', ['dns_prefix']);
const HARMLESS: readonly Change[] = (['create', 'update', 'import'] as const).map((action) =>
  change(`azurerm_subnet.${action}`, action),
);

function asking(agreed = new Set<string>(), answer: () => Promise<void> = async () => undefined) {
  const asked: (readonly Loss[])[] = [];
  const lose = async (losses: readonly Loss[]): Promise<void> => {
    asked.push(losses);
    await answer();
  };
  return { asked, approve: askingApproval({ lose }, agreed) };
}

describe('losses', () => {
  it('are what is destroyed or made anew, of roots that were planned', () => {
    const outlook = [
      { root: 'foundation', kind: 'planned', changes: [...HARMLESS, DELETE] },
      { root: 'clusters/app1', kind: 'planned', changes: [REPLACE] },
      { root: 'keeper', kind: 'expected', resources: 3 },
      { root: 'clusters/app2', kind: 'unknown' },
    ] as const;
    assert.deepEqual(lossesIn(outlook), [
      { root: 'foundation', change: DELETE },
      { root: 'clusters/app1', change: REPLACE },
    ]);
  });

  it('are asked about, and nothing else is', async () => {
    const { asked, approve } = asking();
    await approve('foundation', HARMLESS, NEVER);
    assert.deepEqual(asked, []);
    await approve('foundation', [...HARMLESS, DELETE], NEVER);
    assert.deepEqual(asked, [[{ root: 'foundation', change: DELETE }]]);
  });

  it('are asked about again only where they are new: another root, another way to go', async () => {
    const agreed = new Set<string>();
    agree([{ root: 'foundation', change: DELETE }], agreed);
    const { asked, approve } = asking(agreed);
    await approve('foundation', [DELETE], NEVER);
    assert.deepEqual(asked, []);
    const anew = change(DELETE.address, 'replace');
    await approve('foundation', [DELETE, anew], NEVER);
    await approve('clusters/app1', [DELETE], NEVER);
    await approve('clusters/app1', [DELETE], NEVER);
    assert.deepEqual(asked, [
      [{ root: 'foundation', change: anew }],
      [{ root: 'clusters/app1', change: DELETE }],
    ]);
  });

  it('are not agreed to by a no', async () => {
    const { asked, approve } = asking(new Set(), async () => {
      throw new Declined();
    });
    await assert.rejects(approve('foundation', [DELETE], NEVER), Declined);
    await assert.rejects(approve('foundation', [DELETE], NEVER), Declined);
    assert.equal(asked.length, 2);
  });

  it('are asked about one root after the other, and not after an abort', async () => {
    const answers: (() => void)[] = [];
    const { asked, approve } = asking(new Set(), () => new Promise<void>((resolve) => answers.push(resolve)));
    const stopping = new AbortController();
    const first = approve('clusters/app1', [DELETE], stopping.signal);
    const second = approve('clusters/app2', [DELETE], stopping.signal);
    const third = approve('clusters/app3', [DELETE], stopping.signal);
    await turn();
    assert.equal(asked.length, 1);
    answers[0]!();
    await first;
    await turn();
    assert.equal(asked.length, 2);
    stopping.abort(new Error('stopped'));
    answers[1]!();
    await second;
    await assert.rejects(third, /stopped/);
    assert.equal(asked.length, 2);
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
