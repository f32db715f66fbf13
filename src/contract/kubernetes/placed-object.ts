import type { KubernetesObject } from './object.ts';

/** An object, and where it runs. */
export type PlacedObject = KubernetesObject & {
  /** Undefined where that is not known. */
  readonly clusters: readonly string[] | undefined;
  readonly isPlatform: boolean;
  /** Whether Argo CD deletes it by itself when it leaves the tree; undefined where that is not known. */
  readonly isPruned: boolean | undefined;
};
