import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceFromTerraform } from '../../src/contract/terraform/evidence-from-terraform.ts';
import { isKept, keptOf } from '../../src/contract/terraform/kept-attributes.ts';
import { readShownFile, type ShownFile } from '../../src/contract/terraform/shown-file.ts';
import { configurationsOf, fixture, type Json, type Shown } from '../contract/terraform/plan-under-test.ts';
import type { DocumentBase, RawDocument } from './document-mutants.ts';

/** A hand-written fleet, planned and applied, and what is synthesised of atlas: every root of it. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  'the plan by hand': ['sound.json'],
  'the state by hand': ['sound.state.json'],
  'the plans of atlas': ['foundation', 'clusters-mgmt', 'clusters-app1', 'clusters-app2'].map(
    (root) => `atlas-production/${root}.json`,
  ),
};

type Place = { readonly file: number; readonly address: string };

/** Documents are resources, with those of their attributes that a reader keeps. */
export function terraformBases(): readonly DocumentBase[] {
  return Object.entries(SETS).map(([name, files]) => {
    const texts = files.map((file) => JSON.stringify(fixture(file)));
    const shown = texts.map((text, file) => shownFile(files[file]!, text));
    const found = texts.flatMap((text, file) =>
      resourceLists(JSON.parse(text) as Shown)
        .flat()
        .filter(({ type }) => isKept(String(type)))
        .map((resource) => ({ file, resource })),
    );
    const places = found.map(({ file, resource }): Place => ({ file, address: String(resource.address) }));
    return {
      name,
      documents: found.map(({ resource }): RawDocument => ({
        kind: `${resource.mode === 'data' ? 'data.' : ''}${String(resource.type)}`,
        name: String(resource.address),
        value: keptOf(String(resource.type), resource.values as Shown),
      })),
      read(position, instead) {
        const { file, address } = places[position]!;
        const plan = JSON.parse(texts[file]!) as Shown;
        replaceResource(plan, address, instead as Shown | undefined);
        return evidenceOf(shown.with(file, shownFile(files[file]!, JSON.stringify(plan))));
      },
      others: [],
    };
  });
}

function shownFile(name: string, text: string): ShownFile {
  return readShownFile(name, [Buffer.from(text)]).file!;
}

function evidenceOf(files: readonly ShownFile[]): Evidence {
  // A tag that is wrong takes its file out of the fleet: the others are still the fleet.
  const all = evidenceFromTerraform(files, { known: [] });
  return all.find(({ environment }) => environment === 'production') ?? all[0]!;
}

/** What is not written any more is null in the values, and the configuration does not speak of it. */
function replaceResource(plan: Shown, address: string, instead: Shown | undefined): void {
  for (const list of resourceLists(plan)) {
    const index = list.findIndex((resource) => resource.address === address);
    if (index < 0) continue;
    const resource = list[index]!;
    if (instead === undefined) {
      list.splice(index, 1);
      return;
    }
    const values = resource.values as Shown;
    for (const name of Object.keys(keptOf(String(resource.type), values))) {
      values[name] = withNulls(values[name]!, instead[name]);
      if (instead[name] === undefined) removeExpression(plan, resource, name);
    }
    return;
  }
}

/** What is written no more, at any depth, is null. */
function withNulls(before: Json, after: Json | undefined): Json {
  if (after === undefined || after === null) return null;
  if (Array.isArray(before) && Array.isArray(after)) {
    return after.map((item, index) => withNulls(before[index] ?? null, item));
  }
  if (typeof before !== 'object' || before === null || typeof after !== 'object') return after;
  const [old, now] = [before, after] as readonly Shown[];
  return Object.fromEntries(
    Object.keys({ ...old, ...now }).map((key) => [key, withNulls(old![key] ?? null, now![key])]),
  );
}

function removeExpression(plan: Shown, { type, name }: Shown, attribute: string): void {
  for (const block of configurationsOf(plan)) {
    if (block.type === type && block.name === name) delete (block.expressions as Shown)[attribute];
  }
}

function resourceLists(plan: Shown): Shown[][] {
  const below = (module: Shown): Shown[][] => [
    (module.resources ?? []) as Shown[],
    ...((module.child_modules ?? []) as Json[] as Shown[]).flatMap(below),
  ];
  const top = (plan.planned_values ?? plan.values) as Shown;
  return below(top.root_module as Shown);
}
