import type { Environment } from '../fleet/fleet.ts';

/** How each command can write its answer, the default first. */
export const FORMATS = {
  plan: ['text', 'json', 'markdown'],
  check: ['text', 'json', 'sarif', 'markdown', 'junit'],
  cost: ['text', 'json'],
  diff: ['text', 'json', 'markdown'],
  'secrets list': ['text', 'json'],
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

/** What `up` and `down` have in common: one fleet in one environment, and what may be answered for a person. */
export type DeploymentCommandOptions = {
  readonly file: string;
  readonly environment: Environment;
  /** Where Terraform keeps its states. */
  readonly state: 'azure' | 'local';
  /** How many steps may run at once. */
  readonly parallel: number;
  readonly yes?: true;
  readonly allowDestroy?: true;
  /** The checkout of the repository that Argo CD reads, where it is not the one around the fleet file. */
  readonly checkout?: string;
  readonly clusters?: readonly string[];
  readonly keeper?: true;
};
export type UpOptions = DeploymentCommandOptions;
export type DownOptions = DeploymentCommandOptions;

/** What the commands over the secrets of a vault have in common: one fleet in one environment. */
export type VaultOptions = { readonly file: string; readonly environment: Environment };
export type SecretsListOptions = VaultOptions & { readonly format: Format<'secrets list'> };
export type SecretsSetOptions = VaultOptions & {
  readonly name: string;
  /** Where the value stands; from standard input where it is absent. */
  readonly fromFile?: string;
  readonly any?: true;
};
export type SecretsGenerateOptions = VaultOptions & { readonly names: readonly string[] };

/** What `bulkhead open` knows to open. */
export const PAGES = ['grafana', 'argocd'] as const;

export type OpenOptions = {
  readonly page: (typeof PAGES)[number];
  readonly file: string;
  readonly environment: Environment;
  /** Of this machine; each page has one of its own where none is named. */
  readonly port?: number;
  readonly browser: boolean;
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
  /** The ids that it answers for, where they are not its own. */
  readonly subscription?: string;
  readonly tenant?: string;
};
