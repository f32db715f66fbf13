import type { Fleet } from '../fleet/fleet.ts';

/** Where Argo CD reads what is written here. */
export type Checkout = { readonly repo: string; readonly revision: string };

/** Stands where the fleet file names no repository: a name that resolves nowhere and says what to do. */
const NO_REPOSITORY: Checkout = { repo: 'https://example.invalid/replace-me.git', revision: 'main' };

export function checkoutOf(fleet: Fleet): Checkout {
  return fleet.gitops ?? NO_REPOSITORY;
}

/** Path in the repository of a folder or file of this environment: `platform/demo/gitops/argocd`. */
export function pathInCheckout(fleet: Fleet, path: string): string {
  const root = fleet.gitops?.path ?? '';
  return `${root === '' ? '' : `${root}/`}${fleet.environment}/${path}`;
}
