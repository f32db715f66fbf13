import type { Fleet } from '../fleet/fleet.ts';
import { NO_REPOSITORY } from '../model/no-repository.ts';

/** Where Argo CD reads what is written here. */
export type Checkout = { readonly repo: string; readonly revision: string };

export function checkoutOf(fleet: Fleet): Checkout {
  return fleet.gitops ?? { repo: NO_REPOSITORY, revision: 'main' };
}

/** Path in the repository of a folder or file of this environment: `platform/demo/gitops/argocd`. */
export function pathInCheckout(fleet: Fleet, path: string): string {
  const root = fleet.gitops?.path ?? '';
  return `${root === '' ? '' : `${root}/`}${fleet.environment}/${path}`;
}
