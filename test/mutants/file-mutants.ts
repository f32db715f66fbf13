import { parse, stringify } from 'yaml';
import {
  type Change,
  DROP,
  type Edit,
  listEdits,
  type Place,
  placesIn,
  placeText,
  scalarEdits,
  valuesByLeaf,
  withValue,
} from './edits.ts';
import type { Steps } from './edits.ts';

/** A fleet file in which one thing is different. */
export type FileMutant = {
  /** `clusters.*.user.nodes`: names that people chose are left open. */
  readonly leaf: string;
  readonly change: Change;
  readonly text: string;
  readonly steps: Steps;
  /** YAML, a line for each leaf. */
  readonly file: string;
};

/** Values that a key may have and that no sibling may happen to have. */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  role: ['mgmt', 'app'],
  demo: ['Spot', 'OnDemand'],
  production: ['Spot', 'OnDemand'],
  cni: ['cilium', 'azure-overlay'],
  egress: ['nat-gateway', 'load-balancer'],
  sync: ['external-secrets', 'csi'],
  stack: ['self', 'azure'],
  asleep: ['stop', 'destroy'],
  run: ['container-instance', 'container-apps-job', 'none'],
};
/** Maps whose keys are names. */
const NAMED = new Set(['clusters', 'workloads', 'subnets', 'env']);

/** The file again, as every mutant is written. */
export function rewritten(text: string): string {
  return stringify(parse(text));
}

/** Every mutant of a fleet file: each value dropped, swapped with a sibling's, put to a neighbouring one. */
export function* fileMutantsOf(text: string): Iterable<FileMutant> {
  const data = parse(text) as object;
  const places = [...placesIn(data)];
  const siblings = valuesByLeaf(places, leafOf);
  for (const place of places) {
    const leaf = leafOf(place.steps);
    for (const edit of editsOf(place, siblings.get(leaf) ?? [])) {
      yield {
        leaf,
        change: edit.change,
        text: `${placeText(place.steps)} ${edit.text}`,
        steps: place.steps,
        file: stringify(withValue(data, place.steps, edit)),
      };
    }
  }
}

function* editsOf({ steps, value }: Place, siblings: readonly unknown[]): Iterable<Edit> {
  const key = steps.at(-1);
  if (typeof key === 'string') yield DROP;
  if (Array.isArray(value)) yield* listEdits(value, 'every');
  else if (typeof value !== 'object') yield* scalarEdits(value, UNIONS[String(key)] ?? [], siblings);
}

function leafOf(steps: Steps): string {
  let leaf = '';
  for (const [index, step] of steps.entries()) {
    const isName = NAMED.has(String(steps[index - 1]));
    leaf += typeof step === 'number' ? '[]' : `.${isName ? '*' : step}`;
  }
  return leaf.slice(1);
}
