import type { Deployment } from './run.ts';

/** As azurerm 5.2.0 asks for resource groups. */
export const RESOURCE_GROUP_API = '2023-07-01';

/** Azure id of a resource group. */
export function resourceGroupPath({ subscription }: Pick<Deployment, 'subscription'>, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${name}`;
}
