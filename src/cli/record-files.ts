import { dirname } from 'node:path';
import { readRecordFolder, recordFolderOf } from '../adapters/record-folder.ts';
import { readRecords, type Records } from '../adr/record.ts';
import { UsageError } from './terminal.ts';

/** Decision records, and the texts that findings about them quote. */
export type RecordFiles = { readonly records: Records; readonly sources: ReadonlyMap<string, string> };

/** Reads the records of a folder; one that cannot be read is a usage error. */
export function readRecordsIn(folder: string): RecordFiles {
  const read = readRecordFolder(folder);
  if ('problem' in read) throw new UsageError(read.problem);
  return { records: readRecords(read), sources: new Map(read.files.map(({ file, text }) => [file, text])) };
}

/** The records that are kept with a fleet file: `docs/adr` beside it or at its repository's root, where it is there. */
export function readRecordsOf(fleetFile: string): RecordFiles | undefined {
  const folder = recordFolderOf(dirname(fleetFile));
  return folder === undefined ? undefined : readRecordsIn(folder);
}
