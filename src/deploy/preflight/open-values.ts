import { rootPaths } from '../roots.ts';
import type { Deployment } from '../run.ts';
import { listText } from '../../contract/wording.ts';
import type { Refusal } from './refusal.ts';

/** What a plan does without and a deployment does not. */
export function openValues(deployment: Deployment): readonly Refusal[] {
  return [...openIds(deployment), ...openRepository(deployment), ...openImage(deployment)];
}

/** Whether nobody says where the fleet is to be. */
export function isWithoutPlace(deployment: Deployment): boolean {
  return openIds(deployment).length > 0;
}

function openIds({ subscription, tenant }: Deployment): readonly Refusal[] {
  const ids = { 'azure.subscription': subscription, 'azure.tenant': tenant };
  const open = Object.entries(ids).flatMap(([key, id]) => (isPlaceholder(id) ? [key] : []));
  if (open.length === 0) return [];
  const isOrAre = open.length === 1 ? 'is' : 'are';
  return [
    {
      id: 'azure-ids',
      severity: 'error',
      message: `${listText(open)} ${isOrAre} not written in the fleet file, or a placeholder`,
      advice: 'write the ids that `az account show` prints as `id` and `tenantId`',
    },
  ];
}

/** Nothing, or the id of nothing that examples have: zeros. */
function isPlaceholder(id: string): boolean {
  return /^[0-]*$/.test(id);
}

function openRepository({ platform }: Deployment): readonly Refusal[] {
  if (platform.fleet.gitops !== undefined) return [];
  return [
    {
      id: 'git-repository',
      severity: 'error',
      message: 'gitops.repo is not written in the fleet file: Argo CD would have nothing to read',
      advice: 'write `gitops: { repo: https://…, revision: main, path: … }`, where the plan is committed',
    },
  ];
}

function openImage({ platform, keeperImage }: Deployment): readonly Refusal[] {
  if (keeperImage !== undefined || !rootPaths(platform).includes('keeper')) return [];
  return [
    {
      id: 'keeper-image',
      severity: 'error',
      message: 'nobody says which image the keeper runs, which wakes and stops the clusters',
      advice: 'name it in BULKHEAD_KEEPER_IMAGE, with a tag or a digest, or write `keeper: { run: none }`',
    },
  ];
}
