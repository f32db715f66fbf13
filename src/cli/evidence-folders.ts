import { readFolder } from '../adapters/object-folder.ts';
import type { Finding } from '../base/finding.ts';
import type { FolderLoad } from '../plan/folder-check.ts';
import type { EvidenceOptions } from './options.ts';
import { UsageError } from './terminal.ts';

/** Reads the folders named on the command line, each once. */
export function readFolders({ gitops, snapshot }: EvidenceOptions): readonly FolderLoad[] {
  const load = (kind: FolderLoad['kind'], folder: string): FolderLoad => {
    const read = readFolder(folder);
    if ('problem' in read) throw new UsageError(read.problem);
    return { kind, folder, files: read.files, findings: read.problems };
  };
  return [
    ...[...new Set(gitops)].map((folder) => load('gitops', folder)),
    ...[...new Set(snapshot)].map((folder) => load('live', folder)),
  ];
}

/** The texts of the files that findings speak of, as the findings name them. */
export function sourcesOf(
  folders: readonly FolderLoad[],
  findings: readonly Finding[],
): ReadonlyMap<string, string> {
  const named = new Set(
    findings.flatMap(({ span, related = [] }) => [span?.file, ...related.map((other) => other.span?.file)]),
  );
  return new Map(
    folders.flatMap(({ folder, files }) =>
      [...files].flatMap(([file, text]) => {
        const name = `${folder.replace(/\/+$/, '')}/${file}`;
        return named.has(name) ? [[name, text] as const] : [];
      }),
    ),
  );
}
