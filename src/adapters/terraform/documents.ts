import { pathText } from '../../base/finding.ts';

/** As `Change` of a deployment. */
export type PlannedChange = {
  readonly address: string;
  readonly type: string;
  readonly action: 'create' | 'update' | 'delete' | 'replace' | 'import';
  readonly replacedBy: readonly string[];
};

type Actions = readonly string[];

type PlanDocument = {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly mode: string;
    readonly change: {
      readonly actions: Actions;
      readonly importing?: object | null;
      readonly replace_paths?: readonly (readonly (string | number)[])[] | null;
    };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: Actions }>>;
};

/**
 * What a plan, as `terraform show -json` gives it, would change, in its own order. An output counts only where no
 * resource changes: it has to be applied too, and an apply of resources brings the outputs along.
 */
export function plannedChanges(plan: unknown): readonly PlannedChange[] {
  const { resource_changes: resources = [], output_changes: outputs = {} } = plan as PlanDocument;
  const changes = resources.flatMap(({ address, type, mode, change }): PlannedChange[] => {
    if (mode !== 'managed') return [];
    const planned = actionOf(change.actions);
    const action = planned ?? (change.importing ? 'import' : undefined);
    if (action === undefined) return [];
    return [{ address, type, action, replacedBy: (change.replace_paths ?? []).map(pathText) }];
  });
  if (changes.length > 0) return changes;
  return Object.entries(outputs).flatMap(([name, { actions }]): PlannedChange[] => {
    const action = actionOf(actions);
    return action === undefined
      ? []
      : [{ address: `output.${name}`, type: 'output', action, replacedBy: [] }];
  });
}

/** Undefined for what changes nothing: `no-op`, `read`; and for `forget`, which leaves the resource alone. */
function actionOf(actions: Actions): PlannedChange['action'] | undefined {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  return (['create', 'update', 'delete'] as const).find((action) => actions.includes(action));
}

export type StateResource = {
  readonly address: string;
  readonly id: string | undefined;
  readonly isTainted: boolean;
};

type StateModule = {
  readonly resources?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly values?: { readonly id?: unknown } | null;
    readonly tainted?: boolean;
  }[];
  readonly child_modules?: readonly StateModule[];
};

/** The managed resources of a state as `terraform show -json` gives it, those of modules included. */
export function stateResources(state: unknown): readonly StateResource[] {
  const { values } = state as { readonly values?: { readonly root_module?: StateModule } | null };
  return resourcesOf(values?.root_module ?? {});
}

function resourcesOf({ resources = [], child_modules: modules = [] }: StateModule): StateResource[] {
  const own = resources
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, values, tainted }) => ({
      address,
      id: typeof values?.id === 'string' ? values.id : undefined,
      isTainted: tainted === true,
    }));
  return [...own, ...modules.flatMap(resourcesOf)];
}

/** The values in what `terraform output -json` gives, sensitive ones included. */
export function outputValues(document: unknown): Readonly<Record<string, unknown>> {
  const outputs = document as Readonly<Record<string, { readonly value?: unknown }>>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
