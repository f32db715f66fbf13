import {
  clusterLimits,
  identityLimits,
  nodePoolLimits,
  sharedServiceLimits,
} from '../../../catalog/limits.ts';
import type { ArmRule } from '../rule.ts';
import { CLUSTER, POOL } from './pool-profiles.ts';
import { CONTAINER_GROUP } from './subnet-tenants.ts';
import { whenWritten } from './judgement.ts';
import { learn, sources, unread } from './sources.ts';

type Naming = {
  readonly pattern: RegExp;
  readonly minLength?: number;
  readonly maxLength: number;
  readonly code?: string;
};

/** What most services answer. */
const INVALID_NAME = 'InvalidResourceName';

/** Names that Azure takes, by type. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  'microsoft.resources/resourcegroups': {
    pattern: /^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u,
    ...sharedServiceLimits.resourceGroupName,
  },
  [CLUSTER]: { pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/, ...clusterLimits.name },
  [POOL]: nodePoolLimits.name,
  'microsoft.keyvault/vaults': {
    ...sharedServiceLimits.vaultName,
    pattern: /^[A-Za-z](?:-?[A-Za-z0-9])*$/,
    code: 'VaultNameNotValid',
  },
  'microsoft.containerregistry/registries': sharedServiceLimits.registryName,
  'microsoft.storage/storageaccounts': {
    ...sharedServiceLimits.storageAccountName,
    code: 'AccountNameInvalid',
  },
  'microsoft.operationalinsights/workspaces': {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/,
    ...sharedServiceLimits.workspaceName,
  },
  'microsoft.managedidentity/userassignedidentities': {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    ...identityLimits.name,
  },
  [CONTAINER_GROUP]: { pattern: /^[a-z0-9](?:-?[a-z0-9])*$/, ...sharedServiceLimits.containerGroupName },
};

const namesFitTheirType: ArmRule = {
  id: 'names-fit-their-type',
  source: sources(
    unread('resource-name-rules'),
    learn('key-vault/general/common-error-codes', '2026-08'),
    'InvalidResourceName is an assumption for most types',
  ),
  types: Object.keys(NAMINGS),
  check: whenWritten((_body, { id, current }) => {
    // What is there may be named in another case than it was made with.
    if (current !== undefined) return undefined;
    const { pattern, minLength = 1, maxLength, code = INVALID_NAME } = NAMINGS[id.type]!;
    const { name, type } = id;
    if (pattern.test(name) && name.length >= minLength && name.length <= maxLength) return undefined;
    const wanted = `${minLength} to ${maxLength} characters of ${pattern.source}`;
    const message = `'${name}' is no name for ${type}, which wants ${wanted}.`;
    return { status: 400, code, message };
  }),
};

export const nameRules: readonly ArmRule[] = [namesFitTheirType];
