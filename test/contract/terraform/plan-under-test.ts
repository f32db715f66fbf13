import { readFileSync } from 'node:fs';
import { type Finding, pathText } from '../../../src/base/finding.ts';
import { builtInPriceBook } from '../../../src/catalog/price-book.ts';
import type { Evidence } from '../../../src/contract/evidence.ts';
import { evidenceFromTerraform } from '../../../src/contract/terraform/evidence-from-terraform.ts';
import { readShownFile, type ShownFile } from '../../../src/contract/terraform/shown-file.ts';
import type { Environment } from '../../../src/fleet/fleet.ts';
import { checkEvidence, type EvidenceCheck } from '../../../src/plan/evidence-check.ts';

/** JSON of a plan or a state, to be changed by a test. */
export type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
export type Shown = { [key: string]: Json };
export type Steps = readonly (string | number)[];

type Resource = { address: string; type: string; mode: string; name: string; values: Shown };

/** A fresh copy of a fixture. */
export function fixture(name: string): Shown {
  const url = new URL(`../../../../test/fixtures/terraform/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Shown;
}

/** The files as the reader gives them; throws on one that it refuses. */
export function read(...plans: readonly Shown[]): ShownFile[] {
  return plans.map((plan, index) => {
    const name = `${index + 1}.json`;
    const { file, findings } = readShownFile(name, [Buffer.from(JSON.stringify(plan))]);
    if (!file) throw new Error(findings.map(({ message }) => message).join());
    return file;
  });
}

/** Evidence of one environment of these plans. */
export function evidenceOf(plans: readonly Shown[], environment?: Environment): Evidence {
  const context = environment === undefined ? { known: [] } : { environment, known: [] };
  const [evidence, ...others] = evidenceFromTerraform(read(...plans), context);
  if (!evidence || others.length > 0) throw new Error('not one environment');
  return evidence;
}

/** What the contract says of these plans. */
export function hold(...plans: readonly Shown[]): EvidenceCheck {
  return checkEvidence(evidenceOf(plans), {
    waiversIn: () => ({ list: [], today: '2026-11-22' }),
    priceBook: builtInPriceBook,
  });
}

export function verdictOf(id: string, ...plans: readonly Shown[]): string | undefined {
  return hold(...plans).contract.results.find(({ invariant }) => invariant.id === id)?.verdict;
}

/** Findings of one invariant, as `severity file address.attribute: message`. */
export function said(id: string, ...plans: readonly Shown[]): string[] {
  return hold(...plans)
    .findings.filter((finding) => finding.id === id)
    .map(lineOf);
}

export function lineOf({ severity, file, path, message }: Finding): string {
  return `${severity} ${file} ${pathText(path)}: ${message}`;
}

/** Every resource of a plan or state, those of modules among them. */
export function resourcesOf(plan: Shown): Resource[] {
  const top = (plan.planned_values ?? plan.values) as Shown;
  return below(top.root_module as Shown);
}

function below(module: Shown): Resource[] {
  const children = (module.child_modules ?? []) as Shown[];
  return [...((module.resources ?? []) as unknown as Resource[]), ...children.flatMap(below)];
}

/** The plan with an attribute of every resource of a type set. */
export function withValue(plan: Shown, type: string, path: Steps, value: Json): Shown {
  for (const resource of resourcesOf(plan)) if (resource.type === type) put(resource.values, path, value);
  return plan;
}

/** The plan with an attribute of every resource of a type known after the apply only, from a local. */
export function hiding(plan: Shown, type: string, path: Steps): Shown {
  for (const resource of resourcesOf(plan)) if (resource.type === type) hide(plan, resource, path);
  return plan;
}

/** Hides one attribute of one resource: nothing in values, and a configuration that leads nowhere. */
export function hide(plan: Shown, resource: Resource, path: Steps): void {
  remove(resource.values, path);
  const blocks = configurationsOf(plan).filter(
    (block) => block.type === resource.type && block.name === resource.name,
  );
  for (const block of blocks) {
    put(block.expressions as Shown, [path[0]!], { references: ['local.hidden'] });
  }
}

export function configurationsOf(plan: Shown): Shown[] {
  const configuration = plan.configuration as Shown | undefined;
  return configuration ? configuredBelow(configuration.root_module as Shown) : [];
}

function configuredBelow(module: Shown): Shown[] {
  const calls = Object.values((module.module_calls ?? {}) as Record<string, Shown>);
  return [
    ...((module.resources ?? []) as Shown[]),
    ...calls.flatMap((call) => configuredBelow(call.module as Shown)),
  ];
}

function put(values: Shown, path: Steps, value: Json): void {
  const [last, ...rest] = path.toReversed();
  let at: Record<string | number, Json> = values;
  for (const step of rest.toReversed()) at = at[step] as Record<string | number, Json>;
  at[last!] = value;
}

function remove(values: Shown, path: Steps): void {
  const [last, ...rest] = path.toReversed();
  let at: Record<string | number, Json> | undefined = values;
  for (const step of rest.toReversed()) at = at?.[step] as Record<string | number, Json> | undefined;
  if (at) delete at[last!];
}
