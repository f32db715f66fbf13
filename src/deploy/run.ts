import type { FileTree } from '../base/file-tree.ts';
import type { Platform } from '../model/platform.ts';
import type { Ask } from './ask.ts';
import type { PlannedRoot, World } from './world.ts';

/** What is to be brought about: one fleet in one environment. */
export type Deployment = {
  readonly platform: Platform;
  readonly subscription: string;
  readonly tenant: string;
  /** The files of the environment as `plan --out` writes them: `terraform/…`, `bootstrap/…`, `gitops/…`. */
  readonly tree: FileTree;
  /** Where these files are on disk, and Terraform works. */
  readonly folder: string;
  readonly stateStore: StateStore;
  /** Image of the keeper, with a tag or a digest; none is asked of a fleet without a keeper. */
  readonly keeperImage?: string;
  /** Password of the Git repository for Argo CD; absent for a repository that everybody may read. */
  readonly gitToken?: string;
  /** The top folder of the person's checkout of the Git repository, where the plan is committed. */
  readonly checkout?: string;
  /** Who others see at work: `alice@laptop`. */
  readonly operator: string;
};

/** Where Terraform keeps its states. */
export type StateStore =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'azure';
      readonly resourceGroup: string;
      readonly account: string;
      readonly container: string;
    };

/** One run of `up` or `down`: what it works on and with, and what its steps have found out for later ones. */
export type Run = {
  readonly deployment: Deployment;
  readonly world: World;
  readonly ask: Ask;
  readonly found: Found;
};

/** Written by the step that finds it, read by steps that come after that one. Never leaves the process. */
export type Found = {
  foundation?: FoundationFacts;
  meshCa?: MeshCa;
  /** Plans that were made before the first question, by root; each serves once. */
  readonly plans: Map<string, PlannedRoot>;
  /** Gives back the lease that this run holds. */
  release?: () => Promise<void>;
};

/** Outputs of the foundation root. */
export type FoundationFacts = {
  /** By cluster: the content of its `foundation.auto.tfvars.json`. */
  readonly clusterInputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Absent in a fleet without a keeper. */
  readonly keeperInputs?: Readonly<Record<string, unknown>>;
  /** By Azure name of the identity. */
  readonly clientIds: Readonly<Record<string, string>>;
  /** `https://kv-….vault.azure.net/` */
  readonly vaultUri: string;
};

/** PEM texts. The key is a secret. */
export type MeshCa = { readonly certificate: string; readonly key: string };
