import type { Finding } from '../base/finding.ts';
import { othersOf } from '../plan/other-evidence.ts';
import type { CheckOthers } from '../plan/plan.ts';
import { readFolders, sourcesOf } from './evidence-folders.ts';
import type { EvidenceOptions } from './options.ts';
import { readPlanFiles } from './plan-files.ts';

/** Evidence beside the fleet file, as the command line named it. */
export type OtherEvidence = {
  readonly check: CheckOthers;
  /** False where one of the files is none of Terraform's. */
  readonly isEachRead: boolean;
  /** The texts of its files that findings speak of, as the findings name them. */
  readonly sourcesOf: (findings: readonly Finding[]) => ReadonlyMap<string, string>;
};

/** Reads it. What cannot be read is a usage error; what can and is no such thing is a finding. */
export function readOtherEvidence(options: EvidenceOptions): OtherEvidence {
  const terraform = readPlanFiles(options.terraformPlan ?? []);
  const folders = readFolders(options);
  return {
    check: othersOf({ terraform, folders }),
    isEachRead: terraform.every(({ file }) => file !== undefined),
    sourcesOf: (findings) => sourcesOf(folders, findings),
  };
}
