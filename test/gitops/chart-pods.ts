import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type ChartContainer,
  type ChartFacts,
  chartFacts,
  type ChartWorkload,
  keysOf,
} from '../../src/catalog/chart-facts.ts';
import { environments } from '../../src/fleet/fleet.ts';
import type { PodName } from '../../src/model/container-requests.ts';
import type { ClusterPlan, ComponentId, PlannedPods, Platform } from '../../src/model/platform.ts';
import { type FleetData, platformOf } from '../support/fleets.ts';
import { type Loose, valuesOf } from './any-platform.ts';

/** Pods of a chart on a cluster: as planned, as the chart makes them, and what our values say to it. */
export type ChartPod = {
  readonly cluster: ClusterPlan;
  readonly component: ComponentId;
  readonly planned: PlannedPods & { readonly name: PodName };
  readonly workload: ChartWorkload;
  readonly values: Loose;
};

/** Every example in every environment, with a name for messages. */
export function examplePlatforms(): readonly { readonly name: string; readonly platform: Platform }[] {
  const folder = new URL('../../../examples/', import.meta.url);
  return readdirSync(folder).flatMap((example) => {
    const data = parse(readFileSync(new URL(`${example}/fleet.yaml`, folder), 'utf8')) as FleetData;
    return environments.map((environment) => ({
      name: `${example}/${environment}`,
      platform: platformOf(data, environment),
    }));
  });
}

/** Every pod that the platform plans, with the chart's workload of that name. */
export function chartPods(platform: Platform): readonly ChartPod[] {
  return platform.clusters.flatMap((cluster) =>
    cluster.components.flatMap(({ id, pods }) =>
      pods.map((planned) => ({
        cluster,
        component: id,
        planned: planned as ChartPod['planned'],
        workload: workloadOf(id, planned.name),
        values: valuesOf(platform, cluster.name, id),
      })),
    ),
  );
}

function workloadOf(id: ComponentId, pod: string): ChartWorkload {
  const workload = chartFacts(id).workloads.find((candidate) => candidate.pod === pod);
  if (!workload) throw new Error(`the facts of ${id} know no pods called ${pod}`);
  return workload;
}

/** What stands at a path of values; undefined where nothing does. */
export function valueAt(values: Loose, path: string): Loose {
  return keysOf(path).reduce((value, key) => value?.[key], values);
}

/** What the first of the paths that is set says; undefined where none is. */
export function firstAt(values: Loose, paths: readonly string[] = []): Loose {
  return paths.map((path) => valueAt(values, path)).find((value) => value !== undefined);
}

/** A container's security context as the chart and our values make it, over that of its pod. */
export function securityOf({ workload, values }: ChartPod, container: ChartContainer): Loose {
  const ours = (path: string | undefined): Loose => (path === undefined ? {} : (valueAt(values, path) ?? {}));
  return {
    ...workload.securityContext,
    ...ours(workload.securityPath),
    ...container.securityContext,
    ...ours(container.securityPath),
  };
}

/** Which probes a container has. */
export function probesOf({ values }: ChartPod, { probes, probeSwitches = [] }: ChartContainer): string[] {
  return [...probes, ...probeSwitches.filter((path) => valueAt(values, path) === true)];
}

/** What is wrong with values, by the facts of their chart: unknown, rejected and dead keys, and wrong types. */
export function problemsOf(facts: ChartFacts, values: Loose): string[] {
  return [...problemsBelow(facts, values, '')];
}

function* problemsBelow(facts: ChartFacts, value: Loose, path: string): Generator<string> {
  if (facts.rejectedKeys.includes(path)) yield `${path} is rejected`;
  if (facts.deadKeys.includes(path)) yield `${path} is read by no template`;
  const types = facts.keys[path]?.split('|');
  if (types && !types.some((type) => isOfType(value, type))) yield `${path} is no ${types.join(' or ')}`;
  const allowed = facts.enums?.[path];
  if (allowed && !allowed.includes(value)) yield `${path} is none of ${allowed.join(', ')}`;
  const isOpen = facts.openMaps.includes(path);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const members = facts.members?.[path];
  if (members) {
    for (const member of Object.values<Loose>(value)) {
      for (const field of Object.keys(member)) {
        if (!members.includes(field)) yield `${path}: no template reads ${field}`;
      }
    }
  }
  if (!isMap || types?.includes('any')) {
    if (!types) yield `${path} is unknown`;
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const escaped = key.replaceAll('.', '\\.');
    const below = path === '' ? escaped : `${path}.${escaped}`;
    const isKnown = Object.keys(facts.keys).some((known) => known === below || known.startsWith(`${below}.`));
    const isListed = facts.rejectedKeys.includes(below) || facts.deadKeys.includes(below);
    if (isKnown || isListed || !isOpen) yield* problemsBelow(facts, inner, below);
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'any':
    case 'null':
      return true;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
