import type { Environment } from '../fleet/fleet.ts';

/** How each command can write its answer, the default first. */
export const FORMATS = {
  plan: ['text', 'json', 'markdown'],
  check: ['text', 'json', 'sarif', 'markdown', 'junit'],
  cost: ['text', 'json'],
  diff: ['text', 'json', 'markdown'],
  'adr list': ['text', 'json'],
  'adr check': ['text', 'json', 'sarif'],
} as const;

type Format<Command extends keyof typeof FORMATS> = (typeof FORMATS)[Command][number];

/** What the commands over a fleet file have in common, as the command line gave it. */
export type CommonOptions<F extends string = string> = {
  readonly environment: readonly Environment[];
  readonly format: F;
  readonly failOn: 'error' | 'warning' | 'note';
};
export type PlanOptions = CommonOptions<Format<'plan'>> & {
  readonly out?: string;
  readonly explain?: boolean;
};
export type DiffOptions = CommonOptions<Format<'diff'>>;
export type CheckOptions = CommonOptions<Format<'check'>> & EvidenceOptions;

/** What is to be held against the contract beside the fleet file. */
export type EvidenceOptions = {
  /** Plans and states of Terraform, as `terraform show -json` prints them. */
  readonly terraformPlan?: readonly string[];
  /** What Argo CD keeps in the clusters. */
  readonly gitops?: readonly string[];
  /** What Azure and the API servers of the clusters answered. */
  readonly snapshot?: readonly string[];
};

/** The fleet file when none is named. */
export const FLEET_DEFAULT = 'fleet.yaml';

type RecordOptions = {
  /** The folder of the records; looked for when it is not given. */
  readonly dir?: string;
};
export type AdrListOptions = RecordOptions & { readonly format: Format<'adr list'> };
export type AdrNewOptions = RecordOptions & { readonly title: string };
export type AdrCheckOptions = RecordOptions &
  Pick<CommonOptions<Format<'adr check'>>, 'format' | 'failOn'> & { readonly file?: string };
export type InitOptions = {
  readonly folder: string;
  readonly environment: Environment;
  /** Default: the folder's own name, where that is a name for a fleet. */
  readonly name?: string;
  readonly region: string;
  readonly apps: readonly string[];
};

/** `bulkhead lab arm`. */
export type LabArmOptions = {
  readonly port: number;
  /** The file that it goes on from and writes. */
  readonly state?: string;
  /** Milliseconds that an operation takes. */
  readonly latency: number;
  /** A file of faults. */
  readonly faults?: string;
  readonly throttle?: true;
};
