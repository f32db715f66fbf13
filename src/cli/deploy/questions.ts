import { StepError } from '../../base/step-error.ts';
import { type Ask, Declined } from '../../deploy/ask.ts';
import type { Style } from '../../report/style.ts';
import { farewellText, lossesText, outlookText } from './outlook-text.ts';

/** What may be answered without a person. */
export type Answers = {
  /** `--yes`: to the first question. */
  readonly isAgreed: boolean;
  /** `--allow-destroy`: to the second one, and to the name that `down` asks for. */
  readonly mayDestroy: boolean;
};

export type Questions = {
  readonly write: (text: string) => void;
  /** Undefined where nobody can answer: then only options can. */
  readonly ask: ((prompt: string, signal: AbortSignal) => Promise<string>) | undefined;
  /** Runs with the screen for itself. */
  readonly aside: <T>(ask: () => Promise<T>) => Promise<T>;
  readonly fleet: string;
  readonly environment: string;
  readonly style: Style;
};

/** Asks a person, or takes the options for an answer. What is asked about is shown either way. */
export function questionsOf(questions: Questions, { isAgreed, mayDestroy }: Answers): Ask {
  const { write, ask, aside, fleet, environment, style } = questions;
  const answered = async (
    option: string,
    prompt: string,
    isYes: (answer: string) => boolean,
    signal: AbortSignal,
  ): Promise<void> => {
    if (!ask) {
      throw new StepError('nobody is here to answer', {
        advice: `look at what is shown above; who agrees to it runs the same command with ${option}`,
      });
    }
    if (!isYes((await ask(prompt, signal)).trim())) throw new Declined();
  };
  const yes = (answer: string): boolean => /^(?:y|yes)$/i.test(answer);
  return {
    begin: (outlook, signal) =>
      aside(async () => {
        write(`\n${outlookText(outlook, style)}\n`);
        if (!isAgreed) await answered('--yes', 'Do this? [y/N] ', yes, signal);
      }),
    lose: (losses, signal) =>
      aside(async () => {
        write(`\n${lossesText(losses, style)}\n`);
        if (mayDestroy) return;
        const isYes = (answer: string): boolean => answer.toLowerCase() === 'yes';
        await answered('--allow-destroy', 'Destroy these? Type yes in full: ', isYes, signal);
      }),
    end: (farewell, signal) =>
      aside(async () => {
        write(`\n${farewellText(farewell, style)}\n`);
        if (mayDestroy) return;
        const prompt = `To take this down in ${environment}, type the name of the fleet, ${fleet}: `;
        await answered('--allow-destroy', prompt, (answer) => answer === fleet, signal);
      }),
  };
}
