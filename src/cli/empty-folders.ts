import type { FileTree } from '../base/file-tree.ts';
import type { Finding } from '../base/finding.ts';
import { checkoutOf } from '../contract/gitops/checkout.ts';
import {
  generatedSecrets,
  objectsOf,
  readableFiles,
  unclaimedReleases,
} from '../contract/gitops/tree-objects.ts';
import { type ObjectDocument, objectsIn, readObjectFolder } from '../contract/kubernetes/documents.ts';
import { objectAt } from '../contract/kubernetes/object.ts';
import { listOf, valueAt } from '../contract/kubernetes/value-at.ts';
import { idAt } from '../contract/live/arm-resources.ts';
import type { FolderLoad } from '../plan/folder-check.ts';

const SNAPSHOT_FILE = /^(?:arm\/|kubernetes\/[^/]+\/)/;
/** The shortest beginning of a path below which a snapshot lies. */
const SNAPSHOT_BELOW = /^(.+?)\/(?:arm\/|kubernetes\/[^/]+\/)/;

const SAVE =
  'save there what `az resource list` or `az aks show` and `kubectl get --output json` print, and name that folder';

/**
 * Why nothing could be checked in a folder that was named to be checked; undefined where something can. All that it
 * does not say would be undetermined, and a wrong path would pass.
 */
export function emptinessOf({ kind, folder, files, findings }: FolderLoad): string | undefined {
  return kind === 'gitops' ? emptyTree(folder, files, findings) : emptySnapshot(folder, files, findings);
}

function emptySnapshot(folder: string, files: FileTree, leftOut: readonly Finding[]): string | undefined {
  const own = [...files].filter(([file]) => SNAPSHOT_FILE.test(file));
  if (own.length === 0) {
    const below = [...files.keys()].flatMap((file) => SNAPSHOT_BELOW.exec(file)?.[1] ?? [])[0];
    const advice = below === undefined ? SAVE : `did you mean ${folder.replace(/\/+$/, '')}/${below}?`;
    return `${folder} holds neither arm/*.json nor kubernetes/<cluster>/*, so it is no snapshot; ${advice}`;
  }
  const problem = emptiness(own, holdsResourceOrObject, leftOut);
  if (problem === undefined) return undefined;
  return `nothing of ${folder} can be checked: no resource of Azure in arm/, no object in kubernetes/<cluster>/${problem}; ${SAVE}`;
}

function emptyTree(folder: string, files: FileTree, leftOut: readonly Finding[]): string | undefined {
  const problem = emptiness([...readableFiles(checkoutOf(files))], holdsManifest, leftOut);
  if (problem === undefined) return undefined;
  return `${folder} holds no manifest${problem}; name one environment's tree, such as <folder>/production of \`bulkhead plan --out <folder>\``;
}

/** Undefined where a document says something; else the first thing that was not read, if any. Most ask one file alone. */
function emptiness(
  files: readonly (readonly [file: string, text: string])[],
  says: (document: ObjectDocument) => boolean,
  leftOut: readonly Finding[],
): string | undefined {
  const unread = [...leftOut];
  for (const [file, text] of files) {
    const { documents, problems } = readObjectFolder(new Map([[file, text]]));
    if (documents.some(says)) return undefined;
    unread.push(...problems);
  }
  const [first] = unread;
  return first === undefined ? '' : ` (${first.file ?? ''}: ${first.message})`;
}

/** A resource of Azure has an id of a provider; an answer may be one, a list, or a page of one. */
function holdsResourceOrObject(document: ObjectDocument): boolean {
  const { file, value } = document;
  if (!file.startsWith('arm/')) {
    return objectsIn(document).some((one) => objectAt(one.path, one.value) !== undefined);
  }
  const tops = listOf(value) ?? listOf(valueAt(value, 'value')) ?? [value];
  return tops.some((top) => idAt(top, 'id')?.includes('/providers/') === true);
}

function holdsManifest(document: ObjectDocument): boolean {
  return [objectsOf([document]), generatedSecrets([document]), unclaimedReleases([document], [])].some(
    (found) => found.length > 0,
  );
}
