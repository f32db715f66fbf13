import { objectAt, textAt, valueAt, withProperties } from '../body.ts';
import { armId } from '../id.ts';
import type { ArmKind } from '../kind.ts';
import { digitsOf, uuidOf } from '../uuid.ts';

const WORKSPACE = 'microsoft.operationalinsights/workspaces';

const workspaces: ArmKind = {
  type: WORKSPACE,
  isLongRunning: true,
  etag: 'etag',
  complete: ({ id, body }) => {
    const capping = objectAt(body, 'properties', 'workspaceCapping');
    return withProperties(body, {
      customerId: uuidOf(`customer of ${id.key}`),
      sku: valueAt(body, 'properties', 'sku') ?? { name: 'pergb2018' },
      retentionInDays: valueAt(body, 'properties', 'retentionInDays') ?? 30,
      workspaceCapping: { dailyQuotaGb: -1, dataIngestionStatus: 'RespectQuota', ...capping },
    });
  },
  written: ({ id }, lab) => {
    lab.softDeleted.delete(id.key);
  },
  // A deleted workspace keeps its name and its data for 14 days, and comes back when it is made again.
  removed: ({ id, body }, lab) => {
    lab.softDeleted.set(id.key, body);
  },
  actions: {
    sharedkeys: ({ resource }) => ({
      status: 200,
      body: { primarySharedKey: key(resource.id.key, 1), secondarySharedKey: key(resource.id.key, 2) },
    }),
  },
};

/** azurerm lists these before it makes a workspace. */
const deletedWorkspaces: ArmKind = {
  type: 'microsoft.operationalinsights/deletedworkspaces',
  virtualList: (scope, _, lab) =>
    [...lab.softDeleted]
      .filter(([key]) => armId(key).type === WORKSPACE && key.startsWith(`${scope.toLowerCase()}/`))
      .map(([key, body]) => ({ ...body, id: textAt(body, 'id') ?? key })),
};

export const operationalInsights: readonly ArmKind[] = [workspaces, deletedWorkspaces];

function key(seed: string, index: number): string {
  return Buffer.from(digitsOf(`key ${index} of ${seed}`, 64)).toString('base64');
}
