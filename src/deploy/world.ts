import type { FileTree } from '../base/file-tree.ts';

/**
 * What a deployment touches of the outside. The real ones are adapters; a test gives others. None of them keeps
 * state of its own, and every call can be aborted.
 */
export type World = {
  readonly terraform: Terraform;
  readonly azure: Azure;
  readonly vault: Vault;
  readonly lease: Lease;
  /** The API server of a cluster, by its name in the fleet. Rejected while the cluster has none. */
  readonly kube: (cluster: string, signal: AbortSignal) => Promise<Kube>;
  readonly helm: Helm;
  readonly git: Git;
  readonly clock: Clock;
  /** That many bytes from a source that is fit for secrets. */
  readonly random: (bytes: number) => Uint8Array;
};

export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** A root folder that is written to disk, and where its state is. */
export type RootFolder = {
  /** `foundation`, `clusters/app1`, `keeper`. */
  readonly path: string;
  readonly folder: string;
  /** Values of its variables that its own files do not hold. */
  readonly variables?: Readonly<Record<string, unknown>>;
};

export type Change = {
  readonly address: string;
  readonly type: string;
  readonly action: 'create' | 'update' | 'delete' | 'replace' | 'import';
  /** Paths that force a replacement: immutable fields that change. */
  readonly replacedBy: readonly string[];
};

export type PlannedRoot = {
  readonly changes: readonly Change[];
  /** The file that `apply` takes, and nothing else. */
  readonly planFile: string;
};

/** Terraform or OpenTofu, one root at a time. Rejects with a StepError in Terraform's own words. */
export type Terraform = {
  readonly version: (
    signal: AbortSignal,
  ) => Promise<{ readonly program: 'terraform' | 'tofu'; readonly version: string }>;
  readonly init: (root: RootFolder, call: TerraformCall) => Promise<void>;
  readonly plan: (
    root: RootFolder,
    call: TerraformCall & { readonly isDestroy?: boolean },
  ) => Promise<PlannedRoot>;
  readonly apply: (root: RootFolder, planFile: string, call: TerraformCall) => Promise<void>;
  /** Values of the outputs, or an empty record where nothing was applied. */
  readonly outputs: (root: RootFolder, call: TerraformCall) => Promise<Readonly<Record<string, unknown>>>;
  /** Addresses in the state with their Azure ids, and whether they are tainted. */
  readonly resources: (
    root: RootFolder,
    call: TerraformCall,
  ) => Promise<
    readonly { readonly address: string; readonly id: string | undefined; readonly isTainted: boolean }[]
  >;
  readonly untaint: (root: RootFolder, address: string, call: TerraformCall) => Promise<void>;
  readonly import: (root: RootFolder, address: string, id: string, call: TerraformCall) => Promise<void>;
};

export type TerraformCall = {
  /** Aborting interrupts Terraform once, so that it writes its state before it ends. */
  readonly signal: AbortSignal;
  /** What it says while it works: a resource and what happens to it. */
  readonly report: (detail: string) => void;
};

export type Caller = {
  readonly tenant: string;
  readonly objectId: string;
  /** How a role assignment names the kind of principal. */
  readonly kind: 'User' | 'ServicePrincipal';
};

/** What is asked of Azure Resource Manager. Every call is retried within bounds on 429 and 5xx. */
export type Azure = {
  /** Who is signed in, by the claims of the token. */
  readonly caller: (signal: AbortSignal) => Promise<Caller>;
  /** GET of a path with its api-version; undefined for 404. */
  readonly get: (path: string, apiVersion: string, signal: AbortSignal) => Promise<unknown>;
  /** All pages of a collection. */
  readonly list: (path: string, apiVersion: string, signal: AbortSignal) => Promise<readonly unknown[]>;
  readonly put: (path: string, apiVersion: string, body: object, signal: AbortSignal) => Promise<unknown>;
  readonly post: (
    path: string,
    apiVersion: string,
    body: object | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>;
  readonly delete: (path: string, apiVersion: string, signal: AbortSignal) => Promise<void>;
};

/** The lock of the fleet, which the keeper honours too. */
export type Lease = {
  /** False while the caller's role has not reached what it is kept in. */
  readonly isReachable: (signal: AbortSignal) => Promise<boolean>;
  /**
   * Takes it and keeps it until `release`. Rejects, naming the holder and since when, where somebody else has it.
   * `onLost` is told when it could not be kept: then somebody else may be at work.
   */
  readonly acquire: (
    holder: string,
    onLost: (error: Error) => void,
    signal: AbortSignal,
  ) => Promise<{ readonly release: () => Promise<void> }>;
};

/** The data plane of Key Vault. Values pass through memory only. */
export type Vault = {
  /** undefined where there is no such secret. */
  readonly get: (vaultUri: string, name: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly set: (vaultUri: string, name: string, value: string, signal: AbortSignal) => Promise<void>;
  /** Names, without values. */
  readonly list: (vaultUri: string, signal: AbortSignal) => Promise<readonly VaultSecret[]>;
};

export type VaultSecret = { readonly name: string; readonly updated?: string; readonly isEnabled: boolean };

/** A Kubernetes object: what stands in a manifest. */
export type KubeObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
};

export type KubeRef = Pick<KubeObject, 'apiVersion' | 'kind'> & {
  readonly name: string;
  readonly namespace?: string;
};

/** One API server. Writes are server-side applies with strict field validation as `argocd-controller`. */
export type Kube = {
  /** `https://<host>[:<port>]` */
  readonly server: string;
  /** PEM of the authority that signed its certificate; absent where that is one that everybody knows. */
  readonly ca?: string;
  readonly apply: (
    object: KubeObject,
    options: { readonly isForced: boolean },
    signal: AbortSignal,
  ) => Promise<{ readonly isChanged: boolean; readonly object: KubeObject }>;
  readonly get: (ref: KubeRef, signal: AbortSignal) => Promise<KubeObject | undefined>;
  readonly list: (
    kind: Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly namespace?: string; readonly labels?: string },
    signal: AbortSignal,
  ) => Promise<readonly KubeObject[]>;
  readonly delete: (ref: KubeRef, signal: AbortSignal) => Promise<boolean>;
  /** Whether the signed-in person may do everything (SelfSubjectAccessReview). */
  readonly isAdmin: (signal: AbortSignal) => Promise<boolean>;
};

/** Helm as a pure renderer. */
export type Helm = {
  readonly version: (signal: AbortSignal) => Promise<string>;
  readonly template: (
    chart: {
      readonly release: string;
      readonly namespace: string;
      readonly name: string;
      readonly repo: string;
      readonly version: string;
      /** Values files, later ones win. */
      readonly valuesFiles: readonly string[];
      /** Values that only the running fleet gives. */
      readonly values: Readonly<Record<string, unknown>>;
      readonly kubernetesVersion: string;
      readonly apiVersions: readonly string[];
    },
    signal: AbortSignal,
  ) => Promise<readonly KubeObject[]>;
};

export type Git = {
  /** The commit that a branch or tag of a remote points at, or undefined where there is none. */
  readonly remoteRevision: (
    repo: string,
    revision: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** The tree of a folder at a commit of the checkout around `folder`; undefined where that commit has none. */
  readonly treeAt: (folder: string, revision: string, signal: AbortSignal) => Promise<FileTree | undefined>;
};
