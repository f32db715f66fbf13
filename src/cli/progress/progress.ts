import type { Step, StepEvent } from '../../deploy/step.ts';
import { displayWidth, printable, type Style } from '../../report/style.ts';
import { elapsedText, eventLine } from './event-text.ts';

/** What shows how far a run is. */
export type Progress = {
  readonly onEvent: (event: StepEvent) => void;
  /** Runs something that has the terminal for itself: a question. */
  readonly aside: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Leaves nothing that moves behind. */
  readonly stop: () => void;
};

type Screen = {
  readonly write: (text: string) => unknown;
  readonly columns?: number;
  readonly rows?: number;
};

/** Between two lines about one step, where lines cannot be taken back: Terraform tells every ten seconds. */
const DETAIL_EVERY_MS = 30_000;
const REDRAW_EVERY_MS = 200;
const TITLE_MAX = 34;

/** For logs: a line for each end, and one now and then for what goes on. */
export function plainProgress(screen: Screen, style: Style): Progress {
  const started = new Map<string, number>();
  const told = new Map<string, number>();
  return {
    onEvent: (event) => {
      const { step, atMs } = event;
      if (event.kind === 'started') started.set(step.id, atMs);
      if (event.kind === 'detail') {
        if (atMs - (told.get(step.id) ?? -DETAIL_EVERY_MS) < DETAIL_EVERY_MS) return;
        told.set(step.id, atMs);
      }
      const line = eventLine(event, started.get(step.id), style);
      if (line !== undefined) screen.write(`${line}\n`);
    },
    aside: (ask) => ask(),
    stop: () => undefined,
  };
}

type Running = { readonly step: Step; readonly startedMs: number; readonly detail: string };

/**
 * For people: what has ended stands above, what goes on is drawn anew below it, with how long it has taken. Runs a timer
 * until `stop`; `now` gives milliseconds since the run began.
 */
export function liveProgress(screen: Screen, style: Style, now: () => number): Progress {
  const running = new Map<string, Running>();
  /** What ended while somebody else had the screen. */
  const waiting: string[] = [];
  let ended = 0;
  let drawn = 0;
  let asides = 0;
  const erase = (): void => {
    // Up to the first drawn line, and clear from there.
    if (drawn > 0) screen.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (asides > 0) return;
    erase();
    const above = waiting.splice(0);
    const below = liveLines([...running.values()], { ended, atMs: now(), style, ...sizeOf(screen) });
    const lines = [...above, ...below];
    if (lines.length > 0) screen.write(`${lines.join('\n')}\n`);
    drawn = below.length;
  };
  const timer = setInterval(draw, REDRAW_EVERY_MS);
  timer.unref();
  return {
    onEvent: (event) => {
      const { step, atMs } = event;
      const known = running.get(step.id);
      if (event.kind === 'started') running.set(step.id, { step, startedMs: atMs, detail: '' });
      if (event.kind === 'detail' && known) running.set(step.id, { ...known, detail: event.text });
      if (event.kind === 'ended' && known) {
        running.delete(step.id);
        ended += 1;
        waiting.push(eventLine(event, known.startedMs, style)!);
        draw();
      }
    },
    aside: async (ask) => {
      erase();
      asides += 1;
      try {
        return await ask();
      } finally {
        asides -= 1;
      }
    },
    stop: () => {
      clearInterval(timer);
      running.clear();
      asides = 0;
      draw();
    },
  };
}

function sizeOf({ columns = 80, rows = 24 }: Screen): { readonly columns: number; readonly rows: number } {
  return { columns, rows };
}

/**
 * What goes on now, the longest first, and a line for all of it: none wider than the screen, and fewer than it has rows,
 * since the cursor stands below them.
 */
export function liveLines(
  running: readonly Running[],
  screen: {
    readonly ended: number;
    readonly atMs: number;
    readonly columns: number;
    readonly rows: number;
    readonly style: Style;
  },
): readonly string[] {
  const { ended, atMs, rows, style } = screen;
  // Some terminals begin a new line once the last column is taken.
  const columns = screen.columns - 1;
  if (running.length === 0 || rows < 2) return [];
  const shown = running.slice(0, rows - 2);
  const width = Math.min(TITLE_MAX, Math.max(0, ...shown.map(({ step }) => displayWidth(step.title))));
  const lines = shown.map(({ step, startedMs, detail }) => {
    const title = padded(cut(step.title, width), width);
    const head = cut(`${elapsedText(atMs - startedMs).padStart(7)}  > ${title}`, columns);
    const rest = cut(printable(detail), columns - displayWidth(head) - 2);
    return rest === '' ? head : `${head}  ${style.dim(rest)}`;
  });
  const more = running.length > shown.length ? `, ${running.length - shown.length} not shown` : '';
  const all = `${elapsedText(atMs).padStart(7)}  ${running.length} at work${more}, ${ended} done`;
  return [...lines, style.dim(cut(all, columns))];
}

/** As much of a text as fits so many columns. */
function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (displayWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
