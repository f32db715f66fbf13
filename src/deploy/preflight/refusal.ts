import type { Run } from '../run.ts';
import type { ExistingCluster } from './existing-clusters.ts';
import type { Grant } from './grants.ts';

/** Something that a deployment would come to a bad end at, told before anything is done. */
export type Refusal = {
  /** What was looked at, in kebab-case: `vcpu-quota`. */
  readonly id: string;
  /** An error ends the run before it begins; a warning is told, and the run goes on. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, and why: one sentence without a full stop. */
  readonly message: string;
  /** What the person can do about it. */
  readonly advice: string;
};

/** What checks ask with. What several of them need is asked once. */
export type Inquiry = {
  readonly run: Run;
  readonly signal: AbortSignal;
  /** The fleet's clusters that Azure has already. */
  readonly clusters: () => Promise<readonly ExistingCluster[]>;
  /** Clusters that carry the fleet's tags and that its file no longer names. */
  readonly forgotten: () => Promise<readonly string[]>;
  /** What the caller may do in the subscription. */
  readonly grants: () => Promise<readonly Grant[]>;
};

/** One thing that is looked at. What it throws as a StepError could not be asked, and becomes a warning. */
export type Check = {
  readonly id: string;
  /** What nobody knows where it cannot be asked: `the vCPU quota`. */
  readonly subject: string;
  readonly look: (inquiry: Inquiry) => Promise<readonly Refusal[]>;
};
