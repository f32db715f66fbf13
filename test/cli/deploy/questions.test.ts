import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { questionsOf } from '../../../src/cli/deploy/questions.ts';
import { type Ask, Declined } from '../../../src/deploy/ask.ts';
import { plainStyle } from '../../../src/report/style.ts';
import { change } from '../../deploy/fake-terraform.ts';

const NEVER = new AbortController().signal;
const OUTLOOK = [{ root: 'keeper', kind: 'expected', resources: 2 }] as const;
const LOSSES = [{ root: 'keeper', change: change('azurerm_subnet.a', 'delete') }];
const FAREWELL = { roots: OUTLOOK, dies: [], remains: [] };

type Options = { readonly isAgreed?: boolean; readonly mayDestroy?: boolean; readonly answer?: string };

function asking({ isAgreed = false, mayDestroy = false, answer }: Options) {
  const log: string[] = [];
  const questions = questionsOf(
    {
      write: (text) => void log.push(text.trim().split('\n')[0]!),
      ask: answer === undefined ? undefined : async (prompt) => (log.push(prompt), answer),
      aside: (ask) => ask(),
      fleet: 'atlas',
      environment: 'demo',
      style: plainStyle,
    },
    { isAgreed, mayDestroy },
  );
  return { log, questions };
}

const ASKED: Readonly<Record<keyof Ask, (ask: Ask) => Promise<void>>> = {
  begin: (ask) => ask.begin(OUTLOOK, NEVER),
  lose: (ask) => ask.lose(LOSSES, NEVER),
  end: (ask) => ask.end(FAREWELL, NEVER),
};

describe('questions', () => {
  for (const [question, yes, no] of [
    ['begin', ['y', 'Y', ' yes ', 'YES'], ['', 'n', 'no', 'yess', 'ye', 'atlas']],
    ['lose', ['yes', 'Yes', ' yes'], ['', 'y', 'no', 'yes please']],
    ['end', ['atlas', ' atlas '], ['', 'y', 'yes', 'Atlas', 'demo', 'atla']],
  ] as const) {
    it(`take a yes for one, and all else for a no: ${question}`, async () => {
      for (const answer of yes) await ASKED[question](asking({ answer }).questions);
      for (const answer of no) {
        await assert.rejects(ASKED[question](asking({ answer }).questions), Declined, answer);
      }
    });
  }

  it('show what they are about first, and say what to type', async () => {
    const shown = asking({ answer: 'no' });
    for (const ask of Object.values(ASKED)) await ask(shown.questions).catch(() => undefined);
    assert.deepEqual(shown.log, [
      'What would change',
      'Do this? [y/N] ',
      'What would be lost',
      'Destroy these? Type yes in full: ',
      'What goes',
      'To take this down in demo, type the name of the fleet, atlas: ',
    ]);
  });

  it('name the option that answers where nobody is there', async () => {
    const { questions } = asking({});
    const refused = (option: string) => ({
      message: 'nobody is here to answer',
      advice: new RegExp(` ${option}$`),
    });
    await assert.rejects(ASKED.begin(questions), refused('--yes'));
    await assert.rejects(ASKED.lose(questions), refused('--allow-destroy'));
    await assert.rejects(ASKED.end(questions), refused('--allow-destroy'));
  });

  it('are answered by options, each by its own: --yes never destroys', async () => {
    const agreed = asking({ isAgreed: true });
    await ASKED.begin(agreed.questions);
    assert.deepEqual(agreed.log, ['What would change']);
    await assert.rejects(ASKED.lose(agreed.questions), /nobody is here/);
    await assert.rejects(ASKED.end(agreed.questions), /nobody is here/);
    const destroying = asking({ mayDestroy: true });
    await ASKED.lose(destroying.questions);
    await ASKED.end(destroying.questions);
    assert.deepEqual(destroying.log, ['What would be lost', 'What goes']);
    await assert.rejects(ASKED.begin(destroying.questions), /nobody is here/);
  });
});
