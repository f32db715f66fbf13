import type { Path, Related, Severity } from '../base/finding.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { type Evidence, type EvidenceKind, placeOf } from './evidence.ts';
import type { Item } from './item.ts';

/** What an invariant says about one place. A place it never speaks of is none of its business. */
export type Observation =
  | { readonly verdict: 'held'; readonly path: Path }
  | {
      readonly verdict: 'broken';
      readonly path: Path;
      /** One sentence without a full stop: what is wrong, with the values that make it wrong. */
      readonly message: string;
      readonly at?: 'key' | 'value';
      /** The place holds a secret: no report may show its text. */
      readonly isSecret?: true;
      readonly help?: string;
      readonly related?: readonly Related[];
      /** Milder or graver than the invariant's own. */
      readonly severity?: Severity;
    }
  | {
      readonly verdict: 'undetermined';
      readonly path: Path;
      /** What the evidence does not hold. */
      readonly message: string;
      /** What would decide. */
      readonly help?: string;
    };

/** Dated facts of the world outside the evidence. */
export type Facts = { readonly prices: PriceBook | undefined };

/** A statement that must hold for every fleet. Its id is its file's name and its page's address. */
export type Invariant<Need extends keyof Evidence = keyof Evidence> = {
  readonly id: string;
  /** The source design's own number. Two invariants may share one that says two things. */
  readonly alias?: 'C1' | 'C2' | 'C3' | 'C4' | 'C5';
  readonly title: string;
  /** The decision that it stands on. */
  readonly adr: 'ADR-A01' | 'ADR-A02' | 'ADR-A03' | 'ADR-0005';
  readonly severity: Severity;
  /** What happens to those who break it, in two or three sentences, for the finding's page. */
  readonly why: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** The evidence that it is asked of, where not every kind could break it: of others it says nothing. */
  readonly kinds?: readonly EvidenceKind[];
  /** Parts of the evidence that the check cannot do without: where one is absent, nothing is determined. */
  readonly needs: readonly Need[];
  readonly check: (
    evidence: Evidence & Required<Pick<Evidence, Need>>,
    facts: Facts,
  ) => Iterable<Observation>;
};

/** States an invariant; the check receives what it `needs` as present. */
export function invariant<const Need extends keyof Evidence>(statement: Invariant<Need>): Invariant<Need> {
  return statement;
}

export function held(path: Path): Observation {
  return { verdict: 'held', path };
}

export function broken(
  path: Path,
  message: string,
  more: Omit<Extract<Observation, { verdict: 'broken' }>, 'verdict' | 'path' | 'message'> = {},
): Observation {
  return { verdict: 'broken', path, message, ...more };
}

export function undetermined(path: Path, message: string, help?: string): Observation {
  return { verdict: 'undetermined', path, message, ...(help === undefined ? {} : { help }) };
}

/** The observation that an item lacks one of the properties that the invariant needs of it. */
export function unsaid<Properties>(
  item: Item<Properties>,
  ...properties: readonly (keyof Properties)[]
): Observation {
  const missing = properties.find((property) => item[property] === undefined) ?? properties[0]!;
  return undetermined(placeOf(item, missing), `the evidence does not say ${String(missing)} here`);
}
