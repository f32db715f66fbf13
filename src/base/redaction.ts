import type { Finding } from './finding.ts';

/**
 * The sources with every place that holds a secret painted over, so that no frame around it, nor around a neighbour on
 * its line, shows it in a terminal or a log. Lines and columns stay where they are.
 */
export function redacted(
  sources: ReadonlyMap<string, string>,
  findings: readonly Finding[],
): ReadonlyMap<string, string> {
  const clean = new Map(sources);
  for (const { span, isSecret } of findings) {
    const text = span && clean.get(span.file);
    if (!isSecret || !span || text === undefined) continue;
    const lines = text.split('\n');
    for (let line = span.start.line; line <= Math.min(span.end.line, lines.length); line++) {
      const content = lines[line - 1]!;
      const from = line === span.start.line ? span.start.column - 1 : 0;
      const to = line === span.end.line ? span.end.column - 1 : content.length;
      lines[line - 1] = content.slice(0, from) + '*'.repeat(Math.max(0, to - from)) + content.slice(to);
    }
    clean.set(span.file, lines.join('\n'));
  }
  return clean;
}
