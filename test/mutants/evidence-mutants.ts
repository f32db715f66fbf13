import type { Evidence } from '../../src/contract/evidence.ts';
import {
  type Change,
  DROP,
  type Edit,
  isCidr,
  isPlainObject,
  leafText,
  listEdits,
  type Place,
  placesIn,
  placeText,
  scalarEdits,
  valuesByLeaf,
  withValue,
} from './edits.ts';

/** Evidence in which one thing is different. */
export type EvidenceMutant = {
  /** What kind of place it is, alike for all items of a part: `nodePools.vmSize`, `capacities.pods[].cpuMillis`. */
  readonly leaf: string;
  readonly change: Change;
  /** The very place and what became of it: `nodePools[2].maxPods: 60 becomes 61`. */
  readonly text: string;
  readonly part: Part;
  readonly evidence: Evidence;
};

export type Part = Exclude<keyof Evidence, 'kind' | 'isOfFiles'>;

/** Where a thing stands and what became of it are no facts about the fleet. */
const NO_FACTS = new Set(['path', 'places']);

/**
 * Values of the closed unions, by leaf or by property, which no sibling may happen to have. A union that is missing here
 * is mutated less, never wrongly.
 */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  environment: ['demo', 'production'],
  role: ['mgmt', 'app'],
  skuTier: ['Free', 'Standard', 'Premium'],
  cni: ['cilium', 'azure-overlay'],
  mode: ['System', 'User'],
  capacityType: ['Spot', 'OnDemand'],
  osDiskType: ['Ephemeral', 'Managed'],
  'ranges.use': [
    'vnet',
    'nodes',
    'services-subnet',
    'endpoints',
    'container-instances',
    'container-apps',
    'pods',
    'cluster-ips',
  ],
  access: ['Allow', 'Deny'],
  protocol: ['*', 'Tcp', 'Udp', 'Icmp'],
  method: ['external-secrets', 'csi'],
  deletionPolicy: ['Retain', 'Delete', 'Merge'],
  creationPolicy: ['Owner', 'Orphan', 'Merge', 'None'],
  asleep: ['stop', 'destroy'],
  'texts.kind': ['repository', 'image', 'setting', 'prose'],
  'vaultReads.maker': ['generated', 'fixed', 'mesh-ca', 'person'],
};
/** Properties by which an item is told from its siblings. */
const LABELS = ['cluster', 'subnet', 'identity', 'name'];

/**
 * Every mutant of the evidence: each part absent, emptied, with each item removed or twice; and of each item each leaf
 * dropped, swapped with a sibling's or another value of its union, and put to a neighbouring value. Nothing here knows
 * what any invariant reads.
 */
export function* mutantsOf(evidence: Evidence): Iterable<EvidenceMutant> {
  for (const [key, content] of Object.entries(evidence)) {
    if (key === 'kind' || key === 'isOfFiles' || content === undefined) continue;
    const part = key as Part;
    const mutant = (leaf: string, place: string, { change, text }: Edit, value: unknown): EvidenceMutant => ({
      leaf,
      change,
      text: `${place} ${text}`,
      part,
      evidence: { ...evidence, [part]: value },
    });
    const isList = Array.isArray(content);
    yield mutant(part, part, DROP, undefined);
    for (const edit of isList ? listEdits(content, 'every') : scalarEdits(content, UNIONS[key] ?? [], [])) {
      yield mutant(part, part, edit, edit.value);
    }
    if (typeof content !== 'object') continue;
    const items: readonly object[] = isList ? content : [content];
    const siblings = valuesByLeaf(
      items.flatMap((item) => [...placesIn(item, NO_FACTS)]),
      leafText,
    );
    for (const [index, item] of items.entries()) {
      for (const place of placesIn(item, NO_FACTS)) {
        const leaf = `${part}.${leafText(place.steps)}`;
        const where = `${isList ? `${part}[${index}]` : part}${labelOf(item)}.${placeText(place.steps)}`;
        for (const edit of editsOf(place, leaf, siblings.get(leafText(place.steps)) ?? [])) {
          const changed = withValue(item, place.steps, edit);
          yield mutant(leaf, where, edit, isList ? items.with(index, changed) : changed);
        }
      }
    }
  }
}

/** ` (snet-mgmt, deny-virtual-network)`: by what people know an item, as far as it says it. */
export function labelOf(item: object): string {
  const names = LABELS.flatMap((key) => {
    const value: unknown = key in item ? item[key as keyof typeof item] : undefined;
    return typeof value === 'string' ? [value] : [];
  });
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}

function* editsOf({ steps, value }: Place, leaf: string, siblings: readonly unknown[]): Iterable<Edit> {
  const key = String(steps.findLast((step) => typeof step === 'string'));
  // Only an item's own properties may be absent: what stands inside one is whole, by its type.
  if (steps.length === 1) yield DROP;
  if (Array.isArray(value)) yield* listEdits(value, 'first');
  else if (!isPlainObject(value) || isCidr(value))
    yield* scalarEdits(value, UNIONS[leaf] ?? UNIONS[key] ?? [], siblings);
}
