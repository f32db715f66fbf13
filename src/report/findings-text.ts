import type { Finding, Related, Severity } from '../base/finding.ts';
import { docsUrl } from './docs-url.ts';
import { placeText } from './place-text.ts';
import { gutterWidth, renderSourceFrame, sourceLines } from './source-frame.ts';
import type { Mark, SourceFile } from './source-frame.ts';
import { printable } from './style.ts';
import type { Style, Tone } from './style.ts';

const TONES = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, Tone>;

export type Sources = ReadonlyMap<string, SourceFile>;

/**
 * Writes findings for people, in the order given, with a blank line between two: what is wrong, the line of
 * the user's text with carets, what to do, which decision says so and where to read on. A waived finding takes three dim lines
 * instead. `sources` maps the file names that spans use to their text; a span of another file is named
 * without its line.
 */
export function renderFindings(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  style: Style,
): string {
  const files = splitSources(sources);
  return findings
    .map((finding) =>
      finding.waivedBy === undefined
        ? renderFinding(finding, files, style)
        : renderWaived(finding, finding.waivedBy, files, style),
    )
    .join('\n');
}

/** Splits the texts once, for all findings that show lines of them. */
export function splitSources(sources: ReadonlyMap<string, string>): Sources {
  return new Map([...sources].map(([name, text]) => [name, { name, lines: sourceLines(text) }]));
}

/** `2 errors, 1 warning, 3 notes (1 waived)`, without a newline. Waived findings are counted apart only. */
export function renderSummary(findings: readonly Finding[]): string {
  const open = findings.filter((finding) => finding.waivedBy === undefined);
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const waivedCount = findings.length - open.length;
  const waived = waivedCount === 0 ? '' : ` (${waivedCount} waived)`;
  return (counts.length === 0 ? 'no findings' : counts.join(', ')) + waived;
}

function renderFinding(finding: Finding, files: Sources, style: Style): string {
  const tone = TONES[finding.severity];
  const kind = `${finding.severity}[${printable(finding.id)}]`;
  const header =
    style.bold(style[tone](kind)) + tagsOf(finding) + style.bold(`: ${oneLine(finding.message)}`.trimEnd());
  const { frames, gutter } = renderFrames(finding, files, style);
  const margin = ' '.repeat(gutter);

  let text = `${header}\n${frames}`;
  const notes = notesOf(finding, files);
  if (marksOf(finding, files).length > 0 && notes.length > 0) text += `${style.blue(`${margin} |`)}\n`;
  for (const { title, body } of notes) {
    const indent = ' '.repeat(gutter + ` = ${title} `.length);
    text += `${style.blue(`${margin} =`)} ${`${style.bold(title)} ${hang(body, indent)}`.trimEnd()}\n`;
  }
  return text;
}

/** Where a finding stands, with the lines of the user's text, carets below them; `gutter` is their margin. */
export function renderFrames(
  finding: Finding,
  files: Sources,
  style: Style,
): { readonly frames: string; readonly gutter: number } {
  const marks = marksOf(finding, files);
  const lineCounts = marks.map((mark) => files.get(mark.span.file)!.lines.length);
  const gutter = gutterWidth(marks, Math.max(1, ...lineCounts));
  const look = { gutter, tone: TONES[finding.severity], style };
  let frames = '';
  if (!marks.some((mark) => mark.isPrimary)) {
    frames += `${style.blue(`${' '.repeat(gutter)}-->`)} ${placeIn(finding, files)}\n`;
  }
  for (const name of new Set(marks.map((mark) => mark.span.file))) {
    const ofFile = marks.filter((mark) => mark.span.file === name);
    frames += renderSourceFrame(files.get(name)!, ofFile, look);
  }
  return { frames, gutter };
}

function renderWaived(
  finding: Finding,
  waiver: NonNullable<Finding['waivedBy']>,
  files: Sources,
  style: Style,
): string {
  const [owner, reason, expires] = [waiver.owner, waiver.reason, waiver.expires].map(oneLine);
  const lines = [
    `waived[${printable(finding.id)}]${tagsOf(finding)}: ${oneLine(finding.message)}`,
    `  --> ${placeIn(finding, files)}`,
    `   = waived by ${owner} until ${expires}: ${reason}`,
  ];
  return lines.map((line) => `${style.dim(line.trimEnd())}\n`).join('');
}

/** ` C3 (production)`: the contract's number and the environment, where there are any. */
function tagsOf(finding: Finding): string {
  const alias = finding.alias === undefined ? '' : ` ${printable(finding.alias)}`;
  return finding.environment === undefined ? alias : `${alias} (${printable(finding.environment)})`;
}

/** The marks that can be drawn, the primary one first. */
function marksOf(finding: Finding, files: Sources): Mark[] {
  const marks: Mark[] = [];
  if (finding.span !== undefined) marks.push({ span: finding.span, isPrimary: true, label: '' });
  for (const { message, span } of finding.related ?? []) {
    if (span !== undefined) marks.push({ span, isPrimary: false, label: oneLine(message) });
  }
  return marks.filter((mark) => files.has(mark.span.file));
}

/** The place by name. Of a path alone, the file is the one that there is. */
function placeIn(place: Finding | Related, files: Sources): string {
  const [file, ...others] = files.keys();
  const isPathAlone = place.span === undefined && place.file === undefined;
  return placeText(isPathAlone && file !== undefined && others.length === 0 ? { ...place, file } : place);
}

type Note = { readonly title: string; readonly body: string };

function notesOf(finding: Finding, files: Sources): Note[] {
  const notes: Note[] = [];
  for (const related of finding.related ?? []) {
    if (related.span !== undefined && files.has(related.span.file)) continue;
    notes.push({ title: 'note:', body: `${oneLine(related.message)} (${placeText(related)})` });
  }
  if (finding.help !== undefined) notes.push({ title: 'help:', body: finding.help });
  if (finding.adr !== undefined) notes.push({ title: 'decided in', body: oneLine(finding.adr) });
  const url = docsUrl(finding.id);
  if (url !== undefined) notes.push({ title: 'more:', body: url });
  return notes;
}

/** A sentence of a library may hold line breaks; in a heading or a label they are spaces. */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return printable(lines.join(' ').trim());
}

/** The lines of a text, each but the first below the start of the first. */
function hang(text: string, indent: string): string {
  const lines = text.trim().split(/\r?\n/);
  return lines.map((line, at) => `${at === 0 ? '' : indent}${printable(line)}`.trimEnd()).join('\n');
}
