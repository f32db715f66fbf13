import { hasContainerInsights } from '../../model/fit.ts';
import type { ClusterPlan, Identity, Platform } from '../../model/platform.ts';
import { type Block, type Item, type ObjectMap, attr, block, call, ref } from '../block.ts';
import { type Input, isUuid, subscriptionId, tenantId } from '../inputs.ts';
import {
  AFTER_FOUNDATION,
  type Root,
  foundationId,
  frameOf,
  identitiesId,
  identityId,
  locals,
  logWorkspaceId,
  subnetId,
} from '../root.ts';
import { containerAppsJob } from './container-apps-job.ts';
import { containerGroup } from './container-group.ts';
import { logBlocks } from './logs.ts';
import { keeperTests } from './tests.ts';

/** What wakes and stops the fleet, outside any cluster; undefined when nothing is to. */
export function keeperRoot(platform: Platform): Root | undefined {
  const { run } = platform.fleet.keeper;
  const identity = platform.identities.find(({ purpose }) => purpose === 'keeper');
  if (run === 'none' || !identity) return undefined;
  return {
    path: 'keeper',
    purpose:
      'What wakes and stops the clusters, outside any of them. It is applied last, so that nothing stops a half-built ' +
      'fleet.',
    frame: frameOf(platform, inputs(platform), AFTER_FOUNDATION),
    about: ABOUT,
    files: {
      'locals.tf': [locals(platform, localItems(platform, identity), {})],
      'keeper.tf': run === 'container-instance' ? containerGroup(platform) : containerAppsJob(platform),
      'logs.tf': hasContainerInsights(platform.fleet) ? logBlocks(run) : [],
      'outputs.tf': outputBlocks(run),
    },
    tests: keeperTests(platform, inputs(platform)),
  };
}

const ABOUT = {
  'locals.tf': 'tags, the ids of what the foundation made, and what the keeper is told',
  'keeper.tf': 'the keeper itself',
  'logs.tf': 'where what it says is kept',
  'outputs.tf': 'where to look for it',
};

function outputBlocks(run: 'container-instance' | 'container-apps-job'): readonly Block[] {
  return [
    block(
      'output',
      ['keeper_id'],
      [attr('description', 'Azure id of the keeper.'), attr('value', ref(`${ADDRESS[run]}.id`))],
    ),
  ];
}

const ADDRESS = {
  'container-instance': 'azurerm_container_group.keeper',
  'container-apps-job': 'azurerm_container_app_job.keeper',
} as const;

function inputs({ fleet }: Platform): readonly Input[] {
  return [
    subscriptionId(fleet),
    tenantId(fleet),
    {
      name: 'identity_client_id',
      type: ref('string'),
      description: 'Client id of the identity that the keeper acts as.',
      from: 'keeper_inputs',
      check: {
        condition: isUuid('var.identity_client_id'),
        message: 'Write the client id of an identity, like 00000000-0000-0000-0000-000000000000.',
      },
    },
    {
      name: 'keeper_image',
      type: ref('string'),
      description:
        "Bulkhead's image, with a tag or better a digest, in a registry that asks for no login: " +
        'the keeper has no password to give.',
      check: {
        condition: 'can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]*)$", var.keeper_image))',
        message:
          'Name a tag or a digest, like registry.example/bulkhead@sha256:... (without one, latest would be run).',
      },
    },
  ];
}

function localItems(platform: Platform, identity: Identity): readonly (Item | undefined)[] {
  const { names, network } = platform;
  const subnet = network.subnets.find(({ delegation }) => delegation !== undefined);
  return [
    attr('resource_group_name', names.resourceGroup),
    foundationId(platform),
    subnet && subnetId(platform, subnet.name),
    identitiesId(),
    attr('identity_id', identityId(identity.name)),
    logWorkspaceId(platform),
    attr(
      'environment',
      environment(platform),
      'What the keeper is told. It holds no secret: the identity is all it needs (C4).',
    ),
  ];
}

/** Fleet facts as the keeper reads them. */
function environment({ fleet, clusters }: Platform): ObjectMap {
  const { schedule } = fleet;
  return {
    AZURE_TENANT_ID: ref('var.tenant_id'),
    AZURE_SUBSCRIPTION_ID: ref('var.subscription_id'),
    AZURE_CLIENT_ID: ref('var.identity_client_id'),
    BULKHEAD_FLEET: fleet.name,
    BULKHEAD_ENVIRONMENT: fleet.environment,
    ...(schedule && {
      BULKHEAD_TIMEZONE: schedule.timezone,
      BULKHEAD_AWAKE: schedule.awakeText,
      BULKHEAD_ASLEEP: schedule.asleep,
    }),
    BULKHEAD_CLUSTERS: call('jsonencode', clusters.map(clusterFact)),
  };
}

function clusterFact({ name, role, resourceGroup, resourceName }: ClusterPlan): ObjectMap {
  return { name, role, resourceGroup, resourceName };
}
