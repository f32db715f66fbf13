import { countText } from '../../contract/wording.ts';
import type { Farewell, Loss, RootOutlook } from '../../deploy/ask.ts';
import type { Change } from '../../deploy/world.ts';
import { printable, type Style } from '../../report/style.ts';

/** Of what is made anew or goes; beyond it a count. A cluster that is replaced names all that hangs on it. */
const LOSSES_MAX = 40;

/** What `up` would change: a line for each root. What is lost is told by name when it is asked about. */
export function outlookText(outlook: readonly RootOutlook[], style: Style): string {
  const width = Math.max(...outlook.map(({ root }) => root.length));
  const lines = outlook.map((of) => `  ${of.root.padEnd(width)}  ${countsText(of, style)}\n`);
  return `${style.bold('What would change')}\n\n${lines.join('')}`;
}

/** What would be destroyed or made anew, and which immutable field makes it so. */
export function lossesText(losses: readonly Loss[], style: Style): string {
  const shown = losses.slice(0, LOSSES_MAX).map(({ root, change }) => {
    const verb = change.action === 'replace' ? 'is destroyed and made anew' : 'is destroyed';
    const why = change.replacedBy.length === 0 ? '' : `: ${reasonText(change.replacedBy)}`;
    return `  ${style.red(`${root} ${printable(change.address)} ${verb}${why}`)}\n`;
  });
  const more = losses.length > LOSSES_MAX ? `  and ${losses.length - LOSSES_MAX} more\n` : '';
  return `${style.red('What would be lost')}\n\n${shown.join('')}${more}`;
}

/** What `down` takes away, what nobody gets back, and what stays. */
export function farewellText({ roots, dies, remains }: Farewell, style: Style): string {
  const width = Math.max(...roots.map(({ root }) => root.length));
  const going = roots.map((of) => `  ${of.root.padEnd(width)}  ${style.dim(goingText(of))}\n`);
  const list = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `\n${title}\n\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;
  return (
    `${style.bold('What goes')}\n\n${going.join('')}` +
    list(style.red('Data that nobody gets back'), dies) +
    list(style.bold('What remains'), remains)
  );
}

function goingText(of: RootOutlook): string {
  return of.kind === 'planned' ? countText(of.changes.length, 'resource') : 'not known';
}

function reasonText(paths: readonly string[]): string {
  return `${paths.map(printable).join(', ')} cannot change in place`;
}

const VERBS: readonly (readonly [Change['action'], string])[] = [
  ['create', 'to make'],
  ['import', 'to take over'],
  ['update', 'to change'],
  ['replace', 'to make anew'],
  ['delete', 'to destroy'],
];

function countsText(of: RootOutlook, style: Style): string {
  if (of.kind === 'expected') return style.dim(`${of.resources} to make`);
  if (of.kind === 'unknown')
    return style.dim('not known until you may read its state: you are given the role first');
  const counts = VERBS.flatMap(([action, verb]) => {
    const count = of.changes.filter((change) => change.action === action).length;
    const paint = action === 'replace' || action === 'delete' ? style.red : style.dim;
    return count === 0 ? [] : [paint(`${count} ${verb}`)];
  });
  return counts.length === 0 ? style.dim('no change') : counts.join(style.dim(', '));
}
