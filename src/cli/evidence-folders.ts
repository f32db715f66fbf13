import { readFolder } from '../adapters/object-folder.ts';
import type { Finding } from '../base/finding.ts';
import type { FolderLoad } from '../plan/folder-check.ts';
import { emptinessOf } from './empty-folders.ts';
import type { EvidenceOptions } from './options.ts';
import { UsageError } from './terminal.ts';

/** Reads the folders named on the command line, each once. One that holds nothing to check is a usage error. */
export function readFolders({ gitops, snapshot }: EvidenceOptions): readonly FolderLoad[] {
  const load = (kind: FolderLoad['kind'], folder: string): FolderLoad => {
    const read = readFolder(folder);
    if ('problem' in read) throw new UsageError(read.problem);
    const loaded: FolderLoad = { kind, folder, files: read.files, findings: read.problems };
    const emptiness = emptinessOf(loaded);
    if (emptiness !== undefined) throw new UsageError(emptiness);
    return loaded;
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
