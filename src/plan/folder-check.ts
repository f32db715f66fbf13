import type { FileTree } from '../base/file-tree.ts';
import type { Finding } from '../base/finding.ts';
import { checkContract, type ContractResult } from '../contract/check.ts';
import type { Evidence } from '../contract/evidence.ts';
import type { FolderEvidence } from '../contract/folder-evidence.ts';
import { evidenceFromTree } from '../contract/gitops/evidence-from-tree.ts';
import { invariants } from '../contract/invariants/index.ts';
import { joinEvidence } from '../contract/joined-evidence.ts';
import { evidenceFromSnapshot } from '../contract/live/evidence-from-snapshot.ts';
import type { Environment } from '../fleet/fleet.ts';
import { checkEvidence, type EvidenceCheck, type EvidenceInputs, findingsToTell } from './evidence-check.ts';

/** A GitOps directory or a snapshot, read from the disk. */
export type FolderLoad = {
  readonly kind: 'gitops' | 'live';
  /** As the command line named it: findings name files below it. */
  readonly folder: string;
  readonly files: FileTree;
  /** What of it could not be read at all. */
  readonly findings: readonly Finding[];
};

/** What the contract says of one folder. */
export type FolderCheck = { readonly check: EvidenceCheck; readonly findings: readonly Finding[] };

export type FolderInputs = EvidenceInputs & {
  readonly environments: readonly Environment[];
  /** Everything else that is known of the fleet: what it says of the same clusters is laid beside each folder. */
  readonly others: readonly Evidence[];
  /** Gives findings about files of that other evidence their places. */
  readonly locate: (finding: Finding, environment: Environment | undefined) => Finding;
};

/**
 * Invariants that compare what objects say with what Azure says: asked of both at once. All others are asked of
 * each evidence alone, so that nothing is said twice.
 */
export const JOINED: ReadonlySet<string> = new Set([
  'workload-identity-is-wired',
  'cilium-pool-is-the-pod-range',
  'pod-range-holds-the-nodes',
  'pods-fit-a-node',
  'priority-expander-prefers-spot',
  'mesh-peers-are-let-in',
  'only-peers-are-let-in',
  'pods-and-cluster-ips-outside-the-vnet',
  'critical-needs-on-demand',
  'teams-stay-in-their-namespaces',
]);

/** Holds the contract against folders, each with all other evidence at hand. */
export function checkFolders(loads: readonly FolderLoad[], inputs: FolderInputs): readonly FolderCheck[] {
  const [only, ...rest] = inputs.environments;
  const environment = rest.length === 0 ? only : undefined;
  const read = loads.map((load) => ({ load, own: evidenceOf(load, environment) }));
  return read.map(({ load, own }) => {
    const others = read.filter((other) => other.load !== load);
    return checkFolder(load, own, {
      ...inputs,
      others: [...others.map((other) => other.own.evidence), ...inputs.others],
      // What is said of a tree may stand in the snapshot beside it.
      locate: (finding, where) =>
        inputs.locate(
          others.reduce((one, other) => belowFolder(other.load, other.own.locate(one)), finding),
          where,
        ),
    });
  });
}

function evidenceOf({ kind, files }: FolderLoad, environment: Environment | undefined): FolderEvidence {
  return kind === 'gitops' ? evidenceFromTree(files, environment) : evidenceFromSnapshot(files, environment);
}

function checkFolder(load: FolderLoad, own: FolderEvidence, inputs: FolderInputs): FolderCheck {
  const { evidence, problems, locate } = own;
  const alone = checkEvidence(evidence, inputs);
  const joined = checkContract(
    invariants.filter(({ id }) => JOINED.has(id)),
    joinEvidence(evidence, inputs.others),
    { prices: undefined },
    inputs.waiversIn(evidence.environment),
  );
  const contract = withJoined(alone.contract, joined);
  const place = (finding: Finding): Finding =>
    inputs.locate(belowFolder(load, locate(finding)), evidence.environment);
  const findings = findingsToTell(contract.findings).map(place);
  return {
    check: { ...alone, contract, findings },
    findings: [...load.findings, ...problems].map((finding) => belowFolder(load, finding)).concat(findings),
  };
}

function withJoined(alone: ContractResult, joined: ContractResult): ContractResult {
  const byId = new Map(joined.results.map((result) => [result.invariant.id, result]));
  const results = alone.results.map((result) => byId.get(result.invariant.id) ?? result);
  return {
    results,
    findings: results.flatMap((result) => result.findings),
    usedWaivers: new Set([...alone.usedWaivers, ...joined.usedWaivers]),
  };
}

/** Names the files of a folder as somebody outside of it opens them. */
function belowFolder({ folder, files, findings }: FolderLoad, finding: Finding): Finding {
  const own = new Set(findings.map(({ file }) => file));
  const prefix = folder.replace(/\/+$/, '');
  const named = <Place extends Pick<Finding, 'file' | 'span'>>(place: Place): Place => {
    const { file, span } = place;
    if (file === undefined || !(files.has(file) || own.has(file))) return place;
    const name = `${prefix}/${file}`;
    return { ...place, file: name, ...(span === undefined ? {} : { span: { ...span, file: name } }) };
  };
  const related = finding.related?.map(named);
  return { ...named(finding), ...(related === undefined ? {} : { related }) };
}
