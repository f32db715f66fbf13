/** What has become of a decision, in the words of MADR. */
export type StatusKind = 'proposed' | 'accepted' | 'rejected' | 'deprecated' | 'superseded';

/** The record that took a decision's place, as the old one names it. */
export type Successor =
  | { readonly kind: 'id'; readonly text: string }
  /** A path or an address, as it stands in the link. */
  | { readonly kind: 'link'; readonly text: string };

export type Status = {
  /** Undefined when the words mean none of them, or when a template was left as it is. */
  readonly kind: StatusKind | undefined;
  readonly successor?: Successor;
};

/** The word that a status begins with. Other words for the same are those of the templates in use. */
const KINDS: Readonly<Record<string, StatusKind>> = {
  proposed: 'proposed',
  draft: 'proposed',
  pending: 'proposed',
  accepted: 'accepted',
  approved: 'accepted',
  decided: 'accepted',
  adopted: 'accepted',
  rejected: 'rejected',
  declined: 'rejected',
  deprecated: 'deprecated',
  obsolete: 'deprecated',
  superseded: 'superseded',
  // Both spellings stand in templates: adr-tools, and MADR before 2.1.
  superceded: 'superseded',
  superseeded: 'superseded',
  replaced: 'superseded',
};

export const STATUS_WORDS: readonly StatusKind[] = [
  'proposed',
  'accepted',
  'rejected',
  'deprecated',
  'superseded',
];

const SUPERSEDED_BY = /\b(?:superseded|superceded|superseeded|replaced) by\b/i;

/** Reads `accepted, since …`, `superseded by ADR-0005`, `superseded by [ADR-0005](0005-x.md)`. */
export function parseStatus(text: string): Status {
  // `{proposed | accepted | …}` is the template's own text.
  if (/^[{[<]/.test(text) || text.includes('|')) return { kind: undefined };
  const by = SUPERSEDED_BY.exec(text);
  if (by) {
    const successor = parseSuccessor(text.slice(by.index + by[0].length));
    return { kind: 'superseded', ...(successor ? { successor } : {}) };
  }
  const word = /\p{L}+/u.exec(text)?.[0].toLowerCase() ?? '';
  return { kind: Object.hasOwn(KINDS, word) ? KINDS[word] : undefined };
}

/** What a record names as its successor: a link wins over the words around it. */
export function parseSuccessor(text: string): Successor | undefined {
  const link = /\]\(\s*<?([^)\s>]+)/.exec(text)?.[1];
  if (link !== undefined) return { kind: 'link', text: link };
  const id = /\b(?:ADR[-_ ]?[A-Z]?\d{1,6}|\d{1,6})\b/i.exec(text)?.[0];
  return id === undefined ? undefined : { kind: 'id', text: id };
}
