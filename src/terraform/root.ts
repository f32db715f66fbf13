import type { FileTree } from '../base/file-tree.ts';
import type { Platform } from '../model/platform.ts';
import { type Block, type Expression, type Item, attr, block, ref, remark, template } from './block.ts';
import { renderHcl } from './hcl.ts';
import { type Input, knownValues, variableBlocks } from './inputs.ts';

/** One root module: a state of its own, planned and applied alone. */
export type Root = {
  /** Folder below `terraform/`, and the state's key: `clusters/mgmt`. */
  readonly path: string;
  readonly inputs: readonly Input[];
  /** What this root alone sets in the provider block. */
  readonly provider: { readonly items: readonly Item[]; readonly features: readonly Item[] };
  /** Blocks by subject; a file without blocks is not written. */
  readonly files: Readonly<Record<string, readonly Block[]>>;
};

/** The files of a root, below its own folder. */
export function rootFiles(platform: Platform, root: Root): FileTree {
  const { fleet } = platform;
  const header = remark(
    `Fleet ${fleet.name}, ${fleet.environment}. Written by Bulkhead: change the fleet file instead.`,
  );
  const files: Record<string, readonly Block[]> = {
    'versions.tf': versions(root),
    'backend.tf': backend(platform, root),
    'variables.tf': variableBlocks(root.inputs),
    ...root.files,
  };
  const tree = new Map<string, string>();
  for (const [name, blocks] of Object.entries(files)) {
    if (blocks.length > 0) tree.set(name, renderHcl([header, ...blocks]));
  }
  const known = knownValues(root.inputs);
  if (known !== undefined) tree.set('fleet.auto.tfvars.json', known);
  return tree;
}

/** `location`, `tags` and whatever else a root names once, above them. */
export function locals(platform: Platform, items: readonly Item[]): Block {
  const { fleet } = platform;
  return block('locals', [], [
    attr('location', fleet.region),
    attr('tags', { fleet: fleet.name, environment: fleet.environment, 'managed-by': 'bulkhead' }),
    ...items,
  ]);
}

/** Where ids of the foundation start: computed, so that a root plans alone and asks Azure nothing. */
export function foundationId({ names }: Platform): Item {
  return attr(
    'foundation',
    template`/subscriptions/${ref('var.subscription_id')}/resourceGroups/${names.resourceGroup}/providers`,
    'Ids of the foundation are computed from names, so that this root plans alone.',
  );
}

/** The id of something in the foundation, for the other roots: `inFoundation('Microsoft.Network/virtualNetworks/x')`. */
export function inFoundation(path: string): Expression {
  return template`${ref('local.foundation')}/${path}`;
}

export function identityId(name: string): Expression {
  return inFoundation(`Microsoft.ManagedIdentity/userAssignedIdentities/${name}`);
}

export function logWorkspaceId({ names }: Platform): Expression {
  return inFoundation(`Microsoft.OperationalInsights/workspaces/${names.logWorkspace}`);
}

function versions({ provider }: Root): readonly Block[] {
  return [
    block('terraform', [], [
      attr('required_version', '>= 1.11'),
      block('required_providers', [], [
        attr('azurerm', { source: 'hashicorp/azurerm', version: '~> 5.0' }),
      ]),
    ]),
    block('provider', ['azurerm'], [
      attr('subscription_id', ref('var.subscription_id')),
      ...provider.items,
      block('features', [], [
        attr(
          'persist_id_on_create_before_polling_for_completion',
          true,
          'A create that fails halfway stays in the state, where the next run finds it.',
        ),
        ...provider.features,
      ]),
    ]),
  ];
}

function backend({ fleet }: Platform, { path }: Root): readonly Block[] {
  return [
    block('terraform', [], [
      block(
        'backend',
        ['azurerm'],
        [
          attr('key', `${fleet.name}/${fleet.environment}/${path}.tfstate`),
          attr('use_azuread_auth', true, 'The state is reached as a person or a CI identity, by no storage key.'),
        ],
        'A state of its own: no apply of another root can break this one. `terraform init` takes the storage ' +
          'account and container from -backend-config; without them it stops, rather than keep a state locally.',
      ),
    ]),
  ];
}
