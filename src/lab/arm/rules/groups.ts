import { textAt } from '../body.ts';
import { groupScope } from '../id.ts';
import type { ArmId } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { isSame, regionOf } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { sources, unread } from './sources.ts';

const GROUP = 'microsoft.resources/resourcegroups';
const ERRORS = unread('azure-resource-manager/troubleshooting/common-deployment-errors');

const groupIsThere: ArmRule = {
  id: 'resource-group-is-there',
  source: ERRORS,
  types: ['*'],
  check: whenWritten((_body, { id }, { store }) => {
    if (id.type === GROUP || id.resourceGroup === undefined || store.get(groupScope(id))) return undefined;
    const message = `Resource group '${id.resourceGroup}' could not be found.`;
    return { status: 404, code: 'ResourceGroupNotFound', message };
  }),
};

const groupIsStaying: ArmRule = {
  id: 'resource-group-is-not-being-deleted',
  source: ERRORS,
  types: ['*'],
  check: whenWritten((_body, { id }, { store, running }) => {
    const group = groupScope(id).toLowerCase();
    const isDeleted = running.get(group)?.what.toUpperCase() === 'DELETE';
    const state = textAt(store.get(group)?.body, 'properties', 'provisioningState');
    if (id.resourceGroup === undefined && id.type !== GROUP) return undefined;
    if (!isDeleted && !isSame(state, 'Deleting')) return undefined;
    const message = `The resource group '${id.resourceGroup}' is being deleted; no write to it is possible.`;
    return { status: 409, code: 'ResourceGroupBeingDeleted', message };
  }),
};

const parentIsThere: ArmRule = {
  id: 'parent-resource-is-there',
  source: ERRORS,
  types: ['*'],
  check: whenWritten((_body, { id }, { store }) => {
    if (!isChild(id) || store.get(id.parent ?? '')) return undefined;
    const message = `The parent resource '${id.parent}' could not be found.`;
    return { status: 404, code: 'ParentResourceNotFound', message };
  }),
};

const locationStays: ArmRule = {
  id: 'location-stays',
  source: ERRORS,
  types: ['*'],
  check: whenWritten((body, { id, current }) => {
    const [before, after] = [regionOf(current), regionOf(body)];
    if (before === undefined || after === undefined || before === after) return undefined;
    const message = `'${id.name}' exists in ${before} and cannot be created in ${after}.`;
    const code = id.type === GROUP ? 'InvalidResourceGroupLocation' : 'InvalidResourceLocation';
    return { status: 409, code, message };
  }),
};

const etagIsFresh: ArmRule = {
  id: 'if-match-is-fresh',
  source: sources(ERRORS, 'RFC 9110, section 13'),
  types: ['*'],
  check: ({ id, headers, current }) => {
    const asked = headers['if-match'];
    const etag = textAt(current, 'etag') ?? textAt(current, 'eTag');
    const isRefused = headers['if-none-match'] === '*' && current !== undefined;
    // An empty header, which some clients send with every write, asks for nothing.
    const isStale =
      asked === '*' ? current === undefined : Boolean(asked) && etag !== undefined && etag !== asked;
    if (!isRefused && !isStale) return undefined;
    const message = `The precondition on '${id.name}' failed: its etag is ${etag ?? 'none'}.`;
    return { status: 412, code: 'PreconditionFailed', message };
  },
};

export const groupRules: readonly ArmRule[] = [
  groupIsThere,
  groupIsStaying,
  parentIsThere,
  locationStays,
  etagIsFresh,
];

/**
 * True for a resource that lies in another, `virtualNetworks/subnets`. What every account has and
 * nobody makes, such as `blobServices/default`, is no parent to miss.
 */
function isChild({ type, parent }: ArmId): boolean {
  const isNested =
    type.split('/').length > 2 && !type.startsWith('microsoft.resources/') && !type.includes('/locations/');
  return isNested && !/\/default$/i.test(parent ?? '');
}
