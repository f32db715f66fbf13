import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../src/base/finding.ts';
import { redacted } from '../../src/base/redaction.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { readShownFile } from '../../src/contract/terraform/shown-file.ts';
import { type Environment, environments } from '../../src/fleet/fleet.ts';
import type { EvidenceCheck } from '../../src/plan/evidence-check.ts';
import type { FolderLoad } from '../../src/plan/folder-check.ts';
import { othersOf } from '../../src/plan/other-evidence.ts';
import { planWithoutFleet } from '../../src/plan/plan.ts';
import { filesBelow, type Files } from '../contract/gitops/tree-under-test.ts';
import { type Json, resourcesOf, type Shown } from '../contract/terraform/plan-under-test.ts';

/** Evidence of one fleet, by fixtures and what is different in them. */
export type EvidenceCase = {
  /** As the command line names it, where the evidence does not. */
  readonly environment?: Environment;
  /** Plans and states, by their paths in this repository. */
  readonly terraform?: readonly string[];
  /** Small states, written here: resources by their addresses, file by file. */
  readonly states?: Readonly<Record<string, Readonly<Record<string, Shown>>>>;
  /** Folders of this repository. */
  readonly gitops?: string;
  readonly snapshot?: string;
  /** What is merged into the values of resources of the plans, by their addresses. */
  readonly resources?: Readonly<Record<string, Shown>>;
  /** What is merged into files of JSON below the snapshot, by path. */
  readonly snapshotFiles?: Readonly<Record<string, Shown>>;
  /** Files that are added to the tree, or replace one. */
  readonly treeFiles?: Readonly<Record<string, string>>;
};

export type EvidenceResult = {
  /** A column each for Terraform, the tree and the snapshot, as far as they are there. */
  readonly checks: readonly EvidenceCheck[];
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
};

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Holds the contract against a case as `check` does without a fleet file. */
export function judgeCase(one: EvidenceCase): EvidenceResult {
  const plans = (one.terraform ?? []).map((path) => [path.split('/').at(-1)!, planOf(one, path)] as const);
  const states = Object.entries(one.states ?? {}).map(([name, own]) => [name, stateOf(own)] as const);
  const terraform = [...plans, ...states].map(([name, shown]) =>
    readShownFile(name, [Buffer.from(JSON.stringify(shown))]),
  );
  const folders = [...treeOf(one), ...snapshotOf(one)];
  const { evidence = [], findings } = planWithoutFleet(othersOf({ terraform, folders }), {
    environments: one.environment === undefined ? environments : [one.environment],
    today: '2026-11-22',
    priceBook: builtInPriceBook,
  });
  const texts = folders.flatMap(({ folder, files }) =>
    [...files].map(([file, text]) => [`${folder}/${file}`, text] as const),
  );
  return {
    checks: evidence,
    findings,
    sources: redacted(new Map(texts), findings),
  };
}

function planOf({ resources = {} }: EvidenceCase, path: string): Shown {
  const plan = JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')) as Shown;
  const own = resourcesOf(plan);
  for (const [address, patch] of Object.entries(resources)) {
    const resource = own.find((candidate) => candidate.address === address);
    if (resource) resource.values = merged(resource.values, patch) as Shown;
  }
  return plan;
}

/** As `terraform show -json` prints a state. */
function stateOf(resources: Readonly<Record<string, Shown>>): Shown {
  const list = Object.entries(resources).map(([address, values]) => {
    const [type = '', name = ''] = address.split('.');
    const provider = `registry.terraform.io/hashicorp/${type.split('_')[0]}`;
    return { address, mode: 'managed', type, name, provider_name: provider, values };
  });
  return { format_version: '1.0', values: { root_module: { resources: list } } };
}

function treeOf({ gitops, treeFiles = {} }: EvidenceCase): FolderLoad[] {
  if (gitops === undefined) return [];
  const files: Files = new Map([...filesBelow(gitops), ...Object.entries(treeFiles)]);
  return [{ kind: 'gitops', folder: 'tree', files, findings: [] }];
}

function snapshotOf({ snapshot, snapshotFiles = {} }: EvidenceCase): FolderLoad[] {
  if (snapshot === undefined) return [];
  const files = new Map(filesBelow(snapshot));
  for (const [path, patch] of Object.entries(snapshotFiles)) {
    const before = files.get(path);
    const value = before === undefined ? patch : merged(JSON.parse(before) as Json, patch);
    files.set(path, JSON.stringify(value, undefined, 2));
  }
  return [{ kind: 'live', folder: 'snapshot', files, findings: [] }];
}

/**
 * A value with a patch merged in (RFC 7396: a null removes), but that a map of positions changes items of a list, and a
 * name those that are called so.
 */
function merged(before: Json, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  if (Array.isArray(before)) {
    const list = [...before];
    for (const [key, inner] of Object.entries(patch)) {
      const index = /^\d+$/.test(key) ? Number(key) : list.findIndex((item) => nameOf(item) === key);
      if (index < 0) throw new Error(`nothing is called ${key}`);
      if (inner === null) delete list[index];
      else list[index] = merged(list[index] ?? null, inner);
    }
    return list.filter((item) => item !== undefined);
  }
  const rest: Shown = typeof before === 'object' && before !== null ? { ...before } : {};
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete rest[key];
    else rest[key] = merged(rest[key] ?? null, inner);
  }
  return rest;
}

function nameOf(item: Json): Json | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  return item.name ?? nameOf(item.metadata ?? null);
}
