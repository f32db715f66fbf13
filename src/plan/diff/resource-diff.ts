import { replaces } from '../../catalog/replacing-arguments.ts';
import type { DeclaredResource } from '../../terraform/resources.ts';
import { pairs } from './pairs.ts';

/** One argument that differs; `before` or `after` is absent where the argument is. */
export type ArgumentChange = {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** The provider cannot change it: the resource is destroyed and made anew. */
  readonly isReplacing: boolean;
};

export type ResourceChange = {
  readonly root: string;
  /** `azurerm_subnet.app1_nodes` */
  readonly address: string;
  readonly type: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete';
  /** Empty for what is made or destroyed whole. */
  readonly changes: readonly ArgumentChange[];
};

/** What Terraform cannot know before an apply: an attribute of something that is made anew. */
const UNKNOWN = '(known after apply)';

/**
 * What an apply would do to get from one fleet to another, by address, in the order of roots. What is made anew takes
 * along what is bound to it by an argument that cannot be changed, within its root: between roots ids are computed.
 */
export function diffResources(
  base: readonly DeclaredResource[],
  head: readonly DeclaredResource[],
): readonly ResourceChange[] {
  const key = ({ root, address }: DeclaredResource): string => `${root}\0${address}`;
  const both = pairs(base, head, key);
  const replaced = new Set<string>();
  for (;;) {
    const changes = both.flatMap(([before, after]) => changeOf(before, after, replaced));
    const before = replaced.size;
    for (const { action, root, address } of changes) {
      if (action === 'replace') replaced.add(`${root}\0${address}`);
    }
    if (replaced.size === before) return changes;
  }
}

function changeOf(
  before: DeclaredResource | undefined,
  after: DeclaredResource | undefined,
  replaced: ReadonlySet<string>,
): ResourceChange[] {
  const { root, address, type } = (after ?? before)!;
  if (!before) return [{ root, address, type, action: 'create', changes: [] }];
  if (!after) return [{ root, address, type, action: 'delete', changes: [] }];
  const changes = diffArguments(before, after, replaced);
  if (changes.length === 0) return [];
  const action = changes.some(({ isReplacing }) => isReplacing) ? 'replace' : 'update';
  return [{ root, address, type, action, changes }];
}

function diffArguments(
  before: DeclaredResource,
  after: DeclaredResource,
  replaced: ReadonlySet<string>,
): ArgumentChange[] {
  const paths = new Set([...before.arguments.keys(), ...after.arguments.keys()]);
  const ignored = ignoredBy(after);
  return [...paths].flatMap((path): ArgumentChange[] => {
    const [old, now] = [before.arguments.get(path), after.arguments.get(path)];
    if (META_ARGUMENTS.test(path) || ignored.some((own) => isWithin(path, own))) return [];
    const isUnknown = now !== undefined && refersTo(now, after.root, replaced);
    if (old === now && !isUnknown) return [];
    return [
      {
        path,
        ...(old === undefined ? {} : { before: old }),
        ...(isUnknown ? { after: UNKNOWN } : now === undefined ? {} : { after: now }),
        isReplacing: replaces(after.type, path),
      },
    ];
  });
}

/** They change the order of an apply and how it goes, not what is in Azure. */
const META_ARGUMENTS = /^(?:depends_on|lifecycle|timeouts|provider)(?:[.[]|$)/;

/** Arguments that Terraform leaves as they are in Azure: the autoscaler's count. */
function ignoredBy({ arguments: own }: DeclaredResource): readonly string[] {
  const listed = own.get('lifecycle.ignore_changes') ?? '';
  return listed.match(/[\w[\].]+/g)?.map((path) => path.replaceAll(/^\[+|\[0\]|\]$/g, '')) ?? [];
}

function isWithin(path: string, argument: string): boolean {
  return path === argument || path.startsWith(`${argument}.`) || path.startsWith(`${argument}[`);
}

const REFERENCE = /\bazurerm_\w+\.\w+(?=\.)/g;

function refersTo(text: string, root: string, replaced: ReadonlySet<string>): boolean {
  return [...text.matchAll(REFERENCE)].some(([address]) => replaced.has(`${root}\0${address}`));
}
