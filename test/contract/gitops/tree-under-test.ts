import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../../src/base/finding.ts';
import { checkContract } from '../../../src/contract/check.ts';
import type { Evidence } from '../../../src/contract/evidence.ts';
import type { FolderEvidence } from '../../../src/contract/folder-evidence.ts';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { invariants } from '../../../src/contract/invariants/index.ts';
import type { Environment } from '../../../src/fleet/fleet.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export type Files = ReadonlyMap<string, string>;

/** The files below a folder of this repository, by path. */
export function filesBelow(folder: string): Files {
  const path = join(root, folder);
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => [file.slice(path.length + 1), readFileSync(file, 'utf8')] as const),
  );
}

/** A tree of a few files; the text begins on the line after the backtick. */
export function treeOf(files: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(files).map(([path, text]) => [path, text.replace(/^\n/, '')]));
}

/** The files with one text replaced; it is a bug of the test when it is not there. */
export function replaced(files: Files, file: string, from: string, to: string): Files {
  const text = files.get(file);
  if (text === undefined || !text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  return new Map([...files, [file, text.replace(from, to)]]);
}

/** What the contract says of a tree, with spans; what cannot be said of it at all is left out. */
export function findingsIn(files: Files, environment?: Environment): readonly Finding[] {
  return findingsOf(evidenceFromTree(files, environment));
}

export function findingsOf({ evidence, locate }: FolderEvidence): readonly Finding[] {
  return hold(evidence)
    .filter(({ path, file }) => file !== undefined || path.length > 0)
    .map(locate);
}

export function hold(evidence: Evidence): readonly Finding[] {
  return checkContract(invariants, evidence, { prices: undefined }, { list: [], today: '2026-11-22' })
    .findings;
}

/** What each invariant concludes, by id. */
export function verdictsOf(evidence: Evidence): ReadonlyMap<string, string> {
  const { results } = checkContract(
    invariants,
    evidence,
    { prices: undefined },
    { list: [], today: '2026-11-22' },
  );
  return new Map(results.map(({ invariant, verdict }) => [invariant.id, verdict]));
}

/** `severity id file:line:column: message`. */
export function lineOf({ severity, id, file, span, message }: Finding): string {
  const place = span ? `${span.file}:${span.start.line}:${span.start.column}` : file;
  return `${severity} ${id} ${place}: ${message}`;
}

/** What is wrong, without what only cannot be said. */
export function broken(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ isUndetermined }) => !isUndetermined);
}
