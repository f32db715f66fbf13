import type { Path } from '../base/finding.ts';

/** One thing in the evidence: where it stands, and what is known of it. */
export type Item<Properties> = {
  readonly path: Path;
  /** Where single properties stand, when deeper than `path`. */
  readonly places?: { readonly [Key in keyof Properties]?: Path };
} & { readonly [Key in keyof Properties]?: Properties[Key] };
