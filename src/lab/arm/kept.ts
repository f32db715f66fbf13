import type { BlobLease } from './blob-lease.ts';
import type { ArmBody } from './resource.ts';

/** A change that takes its time. Plain data, so that it outlives a stop of the lab. */
export type Operation = {
  readonly id: string;
  /** The key of the resource that it changes. */
  readonly key: string;
  /** `PUT`, `DELETE`, or the action: `stop`. */
  readonly what: string;
  /** Milliseconds since 1970, all three. */
  readonly since: number;
  readonly until: number;
  /** Absent while it runs. */
  readonly end?: number;
  /** How it fails, decided when it was accepted. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** Merged into the resource when it succeeds. */
  readonly change?: ArmBody;
};

/** A secret with all that it ever was. Plain data. */
export type Secret = {
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
  /** Milliseconds since 1970, while it is deleted and can come back. */
  readonly deleted?: number;
};

export type SecretVersion = { readonly id: string; readonly value: string; readonly rest: ArmBody };

/** A container of blobs. Plain data. */
export type BlobContainer = { readonly metadata: Metadata; readonly blobs: Readonly<Record<string, Blob>> };

export type Metadata = Readonly<Record<string, string>>;

export type Blob = {
  /** Base64. */
  readonly content: string;
  readonly type: string;
  readonly metadata: Metadata;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly lease?: BlobLease;
};
