import type { Environment } from '../fleet/fleet.ts';

/** What the commands over a fleet file have in common, as the command line gave it. */
export type CommonOptions = {
  readonly environment: readonly Environment[];
  readonly format: 'text' | 'json';
  readonly failOn: 'error' | 'warning' | 'note';
};
export type PlanOptions = CommonOptions & { readonly out?: string; readonly explain?: boolean };
