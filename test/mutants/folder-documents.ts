import { parseAllDocuments, stringify } from 'yaml';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceFromPlatform } from '../../src/contract/evidence-from-platform.ts';
import { evidenceFromTree } from '../../src/contract/gitops/evidence-from-tree.ts';
import { ofFile } from '../../src/contract/joined-evidence.ts';
import { evidenceFromSnapshot } from '../../src/contract/live/evidence-from-snapshot.ts';
import { fleetIn, loadFleetFile } from '../../src/fleet/load.ts';
import { buildPlatform } from '../../src/model/build.ts';
import { filesBelow, type Files } from '../contract/gitops/tree-under-test.ts';
import type { DocumentBase, RawDocument } from './document-mutants.ts';

type Reader = (files: Files) => Evidence;
type File = { readonly file: string; readonly documents: readonly object[] };

const readTree: Reader = (files) => evidenceFromTree(files, 'production').evidence;
const readSnapshot: Reader = (files) => evidenceFromSnapshot(files, undefined).evidence;

/** A tree by hand, beside the snapshot of its fleet, and the one that is synthesised of atlas, beside its fleet file. */
export function treeBases(): readonly DocumentBase[] {
  const orchard = filesBelow('test/fixtures/gitops/orchard');
  const live = readSnapshot(filesBelow('test/fixtures/live/orchard'));
  const atlas = new Map(
    [...filesBelow('corpus/trees/atlas/production')].filter(([file]) => !file.startsWith('terraform/')),
  );
  return [
    treeBase('the tree by hand', orchard, [live]),
    { ...treeBase('the tree of atlas', atlas, [atlasEvidence()]), isRepetitive: true },
  ];
}

export function snapshotBases(): readonly DocumentBase[] {
  const files = filesBelow('test/fixtures/live/orchard');
  const parsed = [...files].map(([file, text]): { readonly file: string; readonly value: Listed } => ({
    file,
    value: JSON.parse(text) as Listed,
  }));
  const flat = parsed.flatMap(({ file, value }) =>
    listOf(value).map((document, index) => ({ file, index, document })),
  );
  return [
    {
      name: 'the snapshot by hand',
      documents: flat.map(({ document }) => documentOf(document, '')),
      read(position, instead) {
        const { file, index } = flat[position]!;
        const list = listOf(parsed.find((one) => one.file === file)!.value);
        const changed = instead ? list.with(index, instead) : list.toSpliced(index, 1);
        return readSnapshot(new Map([...files, [file, JSON.stringify(changed)]]));
      },
      others: [readTree(filesBelow('test/fixtures/gitops/orchard'))],
    },
  ];
}

function treeBase(name: string, files: Files, others: readonly Evidence[]): DocumentBase {
  const parsed = [...files]
    .filter(([file]) => /\.ya?ml$/.test(file))
    .map(([file, text]): File => ({
      file,
      documents: parseAllDocuments(text, { merge: true }).map((one) => one.toJS() as object),
    }));
  const flat = parsed.flatMap(({ file, documents }) =>
    documents.map((document, index) => ({ file, index, document })),
  );
  return {
    name,
    documents: flat.map(({ file, document }) => documentOf(document, file)),
    read(position, instead) {
      const { file, index } = flat[position]!;
      const { documents } = parsed.find((one) => one.file === file)!;
      const changed = instead ? documents.with(index, instead) : documents.toSpliced(index, 1);
      const text = changed.map((one) => stringify(one, { aliasDuplicateObjects: false })).join('---\n');
      return readTree(new Map([...files, [file, text]]));
    },
    others,
  };
}

type Listed = { readonly value?: readonly object[]; readonly items?: readonly object[] } | readonly object[];

/** A page of Azure, a List of Kubernetes, or a list alone. */
function listOf(value: Listed): readonly object[] {
  return 'value' in value ? value.value! : 'items' in value ? value.items! : (value as readonly object[]);
}

/** An object by its kind, a resource by its type, anything else by its file, whichever cluster it is of. */
function documentOf(value: object, file: string): RawDocument {
  const { kind, metadata, id } = value as {
    kind?: string;
    metadata?: { name?: string };
    id?: string;
  };
  if (id !== undefined) return { kind: id.split('/').at(-2)!, name: id.split('/').at(-1)!, value };
  if (kind !== undefined) return { kind, name: metadata?.name ?? file, value };
  return { kind: file.replace(/\b(hub|east|west|mgmt|app[12])\b/, '*'), name: file, value };
}

function atlasEvidence(): Evidence {
  const file = 'fleet.yaml';
  const load = loadFleetFile(file, Buffer.from(filesBelow('examples/atlas').get(file)!));
  return ofFile(evidenceFromPlatform(buildPlatform(fleetIn(load, 'production')!.fleet)), file);
}
