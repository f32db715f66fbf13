import type { ApplicationEvidence, ApplicationSetEvidence } from '../kubernetes-evidence.ts';
import { factAt, isOf, type KubernetesObject, namePath, objectText } from './object.ts';
import { booleanOf, listOf, textOf, textsOf, valueAt } from './value-at.ts';

const GROUP = 'argoproj.io';
/** Charts without which no pod of a cluster reaches another. */
const NETWORK_CHARTS = new Set(['cilium', 'tigera-operator', 'calico']);

/** Whether the object makes Applications out of rows. */
export function isApplicationSet(object: KubernetesObject): boolean {
  return isOf(object, GROUP, 'ApplicationSet');
}

/** The place of the Application's own spec in an Application, or in a set's template. */
export function applicationSpecPath(object: KubernetesObject): readonly string[] | undefined {
  if (isApplicationSet(object)) return ['spec', 'template', 'spec'];
  return isOf(object, GROUP, 'Application') ? ['spec'] : undefined;
}

/** What each ApplicationSet does to its Applications when a row of its generators vanishes. */
export function applicationSetsOf(objects: readonly KubernetesObject[]): readonly ApplicationSetEvidence[] {
  return objects.filter(isApplicationSet).map((object) => {
    const policy = ['spec', 'syncPolicy'] as const;
    const sync = factAt(object, [...policy, 'applicationsSync'], textOf, 'sync');
    const preserves = factAt(object, [...policy, 'preserveResourcesOnDeletion'], booleanOf, false);
    const isGo = factAt(object, ['spec', 'goTemplate'], booleanOf, false);
    const options = factAt(object, ['spec', 'goTemplateOptions'], textsOf, []);
    return {
      path: namePath(object),
      places: {
        applicationsSync: [...object.path, ...policy, 'applicationsSync'],
        preservesResources: [...object.path, ...policy, 'preserveResourcesOnDeletion'],
        isGoTemplate: [...object.path, 'spec', 'goTemplate'],
        stopsOnMissingKey: [...object.path, 'spec', 'goTemplateOptions'],
      },
      name: objectText(object),
      ...(sync === undefined ? {} : { applicationsSync: sync }),
      ...(preserves === undefined ? {} : { preservesResources: preserves }),
      ...(isGo === undefined ? {} : { isGoTemplate: isGo }),
      ...(options === undefined ? {} : { stopsOnMissingKey: options.includes('missingkey=error') }),
    };
  });
}

/**
 * What each Application, or the template of a set, does to objects that leave its source. `installs` answers
 * which charts it is known to install.
 */
export function applicationsOf(
  objects: readonly KubernetesObject[],
  installs: (object: KubernetesObject) => readonly string[],
): readonly ApplicationEvidence[] {
  return objects.flatMap((object): ApplicationEvidence[] => {
    const spec = applicationSpecPath(object);
    if (spec === undefined) return [];
    const prunes = pruneOf(object);
    const charts = [...chartsNamed(object), ...installs(object)];
    return [
      {
        path: namePath(object),
        places: { prunes: [...object.path, ...spec, 'syncPolicy', 'automated', 'prune'] },
        name: objectText(object),
        isNetwork: charts.some((chart) => NETWORK_CHARTS.has(chart)),
        ...(prunes === undefined ? {} : { prunes }),
      },
    ];
  });
}

/** Whether an Application deletes by itself what leaves its source; undefined where a patch may decide. */
export function pruneOf(object: KubernetesObject): boolean | undefined {
  const policy = [...(applicationSpecPath(object) ?? []), 'syncPolicy'];
  const prune = factAt(object, [...policy, 'automated', 'prune'], booleanOf, false);
  const enabled = factAt(object, [...policy, 'automated', 'enabled'], booleanOf, true);
  const options = factAt(object, [...policy, 'syncOptions'], textsOf, []);
  if (prune === undefined || enabled === undefined || options === undefined) return undefined;
  return prune && enabled && !options.includes('Prune=false');
}

/** The sources of an Application, whichever way it writes them. */
export function sourcesOf(
  object: KubernetesObject,
): readonly { readonly path: readonly (string | number)[]; readonly value: unknown }[] {
  const spec = applicationSpecPath(object);
  if (spec === undefined) return [];
  const many = listOf(valueAt(object.value, ...spec, 'sources'));
  if (many) return many.map((value, index) => ({ path: [...spec, 'sources', index], value }));
  const one = valueAt(object.value, ...spec, 'source');
  return one === undefined ? [] : [{ path: [...spec, 'source'], value: one }];
}

/** The name of the chart that a source takes from a Helm or OCI repository. */
export function chartOf(source: unknown): string | undefined {
  const chart = textOf(valueAt(source, 'chart'));
  const repo = textOf(valueAt(source, 'repoURL')) ?? '';
  // OCI repositories may carry the chart in the address alone.
  const isOci = repo.startsWith('oci://') && (chart === undefined || chart === '.' || chart === '');
  const name = isOci ? repo : chart;
  return name?.split('/').at(-1);
}

function chartsNamed(object: KubernetesObject): readonly string[] {
  return sourcesOf(object).flatMap(({ value }) => {
    const chart = chartOf(value);
    return chart === undefined ? [] : [chart];
  });
}
