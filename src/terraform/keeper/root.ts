import type { ClusterPlan, Identity, Platform } from '../../model/platform.ts';
import { type Item, type ObjectMap, attr, call, ref } from '../block.ts';
import { type Input, subscriptionId, tenantId } from '../inputs.ts';
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

/** What wakes and stops the fleet, outside any cluster; undefined when nothing is to. */
export function keeperRoot(platform: Platform): Root | undefined {
  const { run } = platform.fleet.keeper;
  const identity = platform.identities.find(({ purpose }) => purpose === 'keeper');
  if (run === 'none' || !identity) return undefined;
  return {
    path: 'keeper',
    frame: frameOf(platform, inputs(platform), AFTER_FOUNDATION),
    files: {
      'locals.tf': [locals(platform, localItems(platform, identity))],
      'keeper.tf': run === 'container-instance' ? containerGroup(platform) : containerAppsJob(platform),
    },
  };
}

function inputs({ fleet }: Platform): readonly Input[] {
  return [
    subscriptionId(fleet),
    tenantId(fleet),
    {
      name: 'identity_client_id',
      type: ref('string'),
      description:
        'Client id of the identity that the keeper acts as. From foundation.auto.tfvars.json, ' +
        'which is the output keeper_inputs of the foundation.',
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
  const { names, network, fleet } = platform;
  const subnet = network.subnets.find(({ delegation }) => delegation !== undefined);
  return [
    attr('resource_group_name', names.resourceGroup),
    foundationId(platform),
    subnet && subnetId(platform, subnet.name),
    identitiesId(),
    attr('identity_id', identityId(identity.name)),
    fleet.keeper.run === 'container-apps-job' ? logWorkspaceId(platform) : undefined,
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
