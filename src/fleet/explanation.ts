import { type Path, pathText } from '../base/finding.ts';

/** Why a value that nobody wrote is what it is. */
export type Explanation = {
  readonly path: Path;
  readonly value: string;
  /** The rule in words, with the decision or source it rests on. */
  readonly rule: string;
  /** What the rule read. */
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
};

/** `clusters.mgmt.tier = 1  role = mgmt: platform services are tier 1 (ADR-A01)`. */
export function explanationText(explanation: Explanation): string {
  const inputs = explanation.inputs.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return `${pathText(explanation.path)} = ${explanation.value}  (${inputs === '' ? '' : `${inputs}: `}${explanation.rule})`;
}
