import type { Json, Shown } from './plan-under-test.ts';

/** A block of HCL, by what `terraform show -json` would print of it. */
export type Block = {
  readonly type: string;
  readonly name: string;
  readonly mode?: 'managed' | 'data';
  /** Of `for_each` or `count`. */
  readonly keys?: readonly (string | number)[];
  readonly values?: Shown | ((key: string | number) => Shown);
  /** What attributes refer to. */
  readonly refers?: Readonly<Record<string, readonly string[]>>;
  readonly forEach?: readonly string[];
};

export type Module = {
  readonly blocks?: readonly Block[];
  readonly outputs?: Readonly<Record<string, readonly string[]>>;
  readonly calls?: Readonly<Record<string, Call>>;
};

export type Call = Module & {
  readonly keys?: readonly string[];
  readonly passes?: Readonly<Record<string, readonly string[]>>;
  readonly forEach?: readonly string[];
};

/** A plan as Terraform would print it, of modules that are written down shortly. */
export function planOf(root: Module): Shown {
  return {
    format_version: '1.2',
    planned_values: { root_module: { resources: instancesOf(root, '') } },
    configuration: { root_module: configurationOf(root) },
  };
}

/** All modules' resources in one list: addresses say where each belongs. */
function instancesOf(module: Module, prefix: string): Json[] {
  const own = (module.blocks ?? []).flatMap((block) => {
    const { type, name, mode = 'managed', keys, values = {} } = block;
    const valuesOf = (key: string | number): Shown => (typeof values === 'function' ? values(key) : values);
    const address = `${prefix}${mode === 'data' ? 'data.' : ''}${type}.${name}`;
    const common = { mode, type, name, provider_name: 'registry.terraform.io/hashicorp/azurerm' };
    if (keys === undefined) return [{ ...common, address, values: valuesOf('') }];
    return keys.map((key) => ({
      ...common,
      address: `${address}[${JSON.stringify(key)}]`,
      index: key,
      values: valuesOf(key),
    }));
  });
  const inside = Object.entries(module.calls ?? {}).flatMap(([name, call]) =>
    (call.keys ?? [undefined]).flatMap((key) => {
      const which = key === undefined ? '' : `[${JSON.stringify(key)}]`;
      return instancesOf(call, `${prefix}module.${name}${which}.`);
    }),
  );
  return [...own, ...inside];
}

function configurationOf(module: Module): Shown {
  const expressions = (refers: Readonly<Record<string, readonly string[]>> = {}): Shown =>
    Object.fromEntries(
      Object.entries(refers).map(([key, references]) => [key, { references: withPrefixes(references) }]),
    );
  const loop = (forEach: readonly string[] | undefined): Shown =>
    forEach ? { for_each_expression: { references: withPrefixes(forEach) } } : {};
  return {
    resources: (module.blocks ?? []).map(({ type, name, mode = 'managed', refers, forEach }) => ({
      type,
      name,
      mode,
      expressions: expressions(refers),
      ...loop(forEach),
    })),
    outputs: Object.fromEntries(
      Object.entries(module.outputs ?? {}).map(([key, references]) => [
        key,
        { expression: { references: withPrefixes(references) } },
      ]),
    ),
    module_calls: Object.fromEntries(
      Object.entries(module.calls ?? {}).map(([name, call]) => [
        name,
        { expressions: expressions(call.passes), ...loop(call.forEach), module: configurationOf(call) },
      ]),
    ),
  };
}

/** Terraform lists `a.b.id` and then `a.b`. */
function withPrefixes(references: readonly string[]): string[] {
  return references.flatMap((one) => {
    const block = /^((?:module\.[^.]+|data\.[^.]+\.[^.]+|[^.]+\.[^.]+))\.[^.]+$/.exec(one)?.[1];
    return block === undefined ? [one] : [one, block];
  });
}
