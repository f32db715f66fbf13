import type { FileTree } from '../base/file-tree.ts';
import { hasContainerInsights } from '../model/fit.ts';
import type { Platform } from '../model/platform.ts';
import {
  type Block,
  type Expression,
  type Item,
  type Remark,
  attr,
  block,
  ref,
  remark,
  template,
} from './block.ts';
import { renderHcl } from './hcl.ts';
import { type Input, knownValues, variableBlocks } from './inputs.ts';

/** The blocks of files, by name; a file without blocks is not written. */
export type Files = Readonly<Record<string, readonly (Block | Remark)[]>>;

/** One root module: a state of its own, planned and applied alone. */
export type Root = {
  /** Folder below `terraform/`, and the state's key: `clusters/mgmt`. */
  readonly path: string;
  /** What the root is for: the first paragraph of its README. */
  readonly purpose: string;
  readonly frame: Frame;
  readonly files: Files;
  /** What each file holds, in a few words; the files that all roots have need none. */
  readonly about: Readonly<Record<string, string>>;
  /** What `terraform test` runs, without Azure: files below `tests/`. */
  readonly tests: Files;
};

/** What a root takes and which provider it runs; all cluster roots share one, which is printed once. */
export type Frame = { readonly inputs: readonly Input[]; readonly files: FileTree };

/** What a root sets in the provider block beside what all set. */
type Provider = { readonly items: readonly Item[]; readonly features: readonly Item[] };

/** `versions.tf`, `providers.tf`, `variables.tf` and the values that the fleet file gives. */
export function frameOf(platform: Platform, inputs: readonly Input[], provider: Provider): Frame {
  const files = new Map([
    ['versions.tf', print(platform, versions())],
    ['providers.tf', print(platform, providers(provider))],
    ['variables.tf', print(platform, variableBlocks(inputs))],
  ]);
  const known = knownValues(inputs);
  if (known !== undefined) files.set('fleet.auto.tfvars.json', known);
  return { inputs, files };
}

/** The provider of a root that is applied after the foundation. */
export const AFTER_FOUNDATION: Provider = {
  items: [
    attr('resource_provider_registrations', 'none', 'The foundation has registered what the fleet needs.'),
  ],
  features: [],
};

/** A file of Terraform, and on top whose it is. */
export function print({ fleet }: Platform, blocks: readonly (Block | Remark)[]): string {
  const header = remark(
    `Fleet ${fleet.name}, ${fleet.environment}. Written by Bulkhead: change the fleet file instead.`,
  );
  return renderHcl([header, ...blocks]);
}

/**
 * `location`, `tags` and whatever else a root names once. `tags` are those that the root has beside the fleet's; AKS
 * hands a cluster's down to all that it makes.
 */
export function locals(
  platform: Platform,
  items: readonly (Item | undefined)[],
  tags: Readonly<Record<string, string>>,
): Block {
  const { fleet } = platform;
  const own = { fleet: fleet.name, environment: fleet.environment, ...tags, 'managed-by': 'bulkhead' };
  return block('locals', [], [attr('location', fleet.region), attr('tags', own), ...items]);
}

/** Where ids of the foundation start: computed, so that a root plans alone and asks Azure nothing. */
export function foundationId({ names }: Platform): Item {
  return attr(
    'foundation',
    template`/subscriptions/${ref('var.subscription_id')}/resourceGroups/${names.resourceGroup}/providers`,
    'Ids of the foundation are computed from names, so that this root plans alone.',
  );
}

/** The id of something in the foundation: `inFoundation('Microsoft.Network/virtualNetworks/x')`. */
export function inFoundation(path: string): Expression {
  return template`${ref('local.foundation')}/${path}`;
}

/** `log_workspace_id`, where logs are collected. */
export function logWorkspaceId({ fleet, names }: Platform): Item | undefined {
  if (!hasContainerInsights(fleet)) return undefined;
  return attr(
    'log_workspace_id',
    inFoundation(`Microsoft.OperationalInsights/workspaces/${names.logWorkspace}`),
  );
}

/** `subnet_id`, for a root that lives in one subnet. */
export function subnetId({ names }: Platform, subnet: string): Item {
  return attr(
    'subnet_id',
    inFoundation(`Microsoft.Network/virtualNetworks/${names.virtualNetwork}/subnets/${subnet}`),
  );
}

/** `identities`: what the id of an identity begins with. */
export function identitiesId(): Item {
  return attr('identities', inFoundation('Microsoft.ManagedIdentity/userAssignedIdentities'));
}

export function identityId(name: string): Expression {
  return template`${ref('local.identities')}/${name}`;
}

function versions(): readonly Block[] {
  return [
    block(
      'terraform',
      [],
      [
        attr('required_version', '>= 1.11'),
        block(
          'required_providers',
          [],
          [attr('azurerm', { source: 'hashicorp/azurerm', version: '~> 5.0' })],
        ),
      ],
    ),
  ];
}

function providers(provider: Provider): readonly Block[] {
  return [
    block(
      'provider',
      ['azurerm'],
      [
        attr('subscription_id', ref('var.subscription_id')),
        ...provider.items,
        block(
          'features',
          [],
          [
            attr(
              'persist_id_on_create_before_polling_for_completion',
              true,
              'A create that fails halfway stays in the state, where the next run finds it.',
            ),
            ...provider.features,
          ],
        ),
      ],
    ),
  ];
}
