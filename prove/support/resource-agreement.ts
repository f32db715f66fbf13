import type { ExpectedResource } from './expected-resources.ts';

type ShownResource = { readonly address: string; readonly type: string; readonly values: unknown };

type Shown = {
  readonly planned_values?: { readonly root_module?: { readonly resources?: readonly ShownResource[] } };
};

/**
 * Where plans and expectations differ, both ways: a resource that no plan has, and one that nobody expects. `plans` are
 * what `terraform show -json` prints, by the path of the root. Empty when they agree.
 */
export function disagreements(
  expected: readonly ExpectedResource[],
  plans: ReadonlyMap<string, string>,
): readonly string[] {
  const planned = [...plans].flatMap(([root, json]) =>
    ((JSON.parse(json) as Shown).planned_values?.root_module?.resources ?? []).map((own) => ({ root, own })),
  );
  const open = new Set(planned);
  const missing: string[] = [];
  // What says more is matched first, so that what says little does not take its place.
  const demanding = expected.toSorted((a, b) => sizeOf(b.values) - sizeOf(a.values));
  for (const { root, type, values } of demanding) {
    const match = [...open].find(
      (each) => each.root === root && each.own.type === type && holds(each.own.values, values),
    );
    if (match) open.delete(match);
    else missing.push(`${root} has no ${type} ${JSON.stringify(values)}`);
  }
  return [...missing, ...[...open].map(({ root, own }) => `nobody expects ${own.address} of ${root}`)];
}

/** Whether a value has at least what is expected of it. A list has as many items, each like one that is expected. */
function holds(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return expected.length === 0 && !actual;
    const open = [...(actual as unknown[])];
    return expected.every((item) => {
      const index = open.findIndex((each) => holds(each, item));
      if (index >= 0) open.splice(index, 1);
      return index >= 0;
    });
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(expected).every(([key, value]) =>
      holds((actual as Record<string, unknown>)[key], value),
    );
  }
  return expected === null ? isNothing(actual) : actual === expected;
}

/** What a plan says of an argument that is not given. */
function isNothing(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}
