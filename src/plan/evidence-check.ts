import type { Finding } from '../base/finding.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { checkContract, type ContractResult, type Waivers } from '../contract/check.ts';
import type { Evidence, EvidenceKind } from '../contract/evidence.ts';
import { invariants } from '../contract/invariants/index.ts';
import { inTermsOfTerraform } from '../contract/terraform/wording.ts';
import type { Environment } from '../fleet/fleet.ts';

/** Evidence beside the fleet file, held against the same contract. */
export type EvidenceCheck = {
  readonly kind: EvidenceKind;
  /** `Terraform, production`: what heads its column. */
  readonly title: string;
  readonly environment?: Environment;
  readonly contract: ContractResult;
  /** In the order of the contract; what nothing in the evidence could decide is in its results alone. */
  readonly findings: readonly Finding[];
};

export type EvidenceInputs = {
  /** Of the environment that the evidence is of; undefined where it does not say. */
  readonly waiversIn: (environment: Environment | undefined) => Waivers;
  readonly priceBook: (region: string) => PriceBook | undefined;
};

const TITLES: Readonly<Record<EvidenceKind, string>> = {
  fleet: 'fleet file',
  terraform: 'Terraform',
  gitops: 'GitOps',
  live: 'live',
};

/** Holds the contract against evidence that is no fleet file. */
export function checkEvidence(evidence: Evidence, inputs: EvidenceInputs): EvidenceCheck {
  const { kind, environment, region } = evidence;
  const prices = inputs.priceBook(region?.name ?? '');
  const contract = checkContract(invariants, evidence, { prices }, inputs.waiversIn(environment));
  const told = findingsToTell(contract.findings);
  return {
    kind,
    title: environment === undefined ? TITLES[kind] : `${TITLES[kind]}, ${environment}`,
    ...(environment === undefined ? {} : { environment }),
    contract,
    findings: kind === 'terraform' ? told.map(inTermsOfTerraform) : told,
  };
}

/** Of evidence that is no fleet file: without what it could not say of any place, and no word of many places twice. */
export function findingsToTell(findings: readonly Finding[]): readonly Finding[] {
  return joinUndetermined(findings.filter(({ path, isUndetermined }) => path.length > 0 || !isUndetermined));
}

/** What cannot be said of many places alike is said of the first, with the number of the others. */
function joinUndetermined(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ id, message }: Finding): string => `${id} ${message}`;
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (finding.isUndetermined) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  }
  const told = new Set<string>();
  return findings.flatMap((finding) => {
    const key = keyOf(finding);
    const others = (counts.get(key) ?? 1) - 1;
    if (!finding.isUndetermined || others === 0) return [finding];
    if (told.has(key)) return [];
    told.add(key);
    const places = others === 1 ? 'one other place' : `${others} other places`;
    return [{ ...finding, message: `${finding.message}, nor in ${places}` }];
  });
}
