import type { Finding } from '../base/finding.ts';
import type { Evidence } from './evidence.ts';

/** Evidence of a folder, what of it could not be read, and how findings about it get their lines. */
export type FolderEvidence = {
  readonly evidence: Evidence;
  readonly problems: readonly Finding[];
  readonly locate: (finding: Finding) => Finding;
};
