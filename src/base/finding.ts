/** A route of keys and indices into the user's document, e.g. ['clusters', 'app1', 'user', 'nodes']. */
export type Path = readonly (string | number)[];

/** Lines and columns are 1-based; columns count UTF-16 code units, as editors and SARIF do. */
export type Position = { readonly line: number; readonly column: number };

/** A half-open range in one file: `end` is the position after the last character. */
export type Span = { readonly file: string; readonly start: Position; readonly end: Position };

export type Severity = 'error' | 'warning' | 'note';

/** Another place that a finding speaks of, e.g. the range that overlaps. */
export type Related = {
  readonly message: string;
  readonly path: Path;
  readonly span?: Span;
  /** As in `Finding`. */
  readonly file?: string;
};

/**
 * Something to tell the user about one place in their text. Findings are values; an exception is a bug of ours.
 * `path` is symbolic; `span` is filled at the edge, from the document that the path leads into.
 */
export type Finding = {
  /** Rule id in kebab-case: `fleet/unknown-key`, `tier1-on-demand`. */
  readonly id: string;
  /** The contract's own number where there is one: C1 to C5. */
  readonly alias?: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: Path;
  readonly span?: Span;
  /** The file that the path leads into, where it has no lines to show: a Terraform plan. */
  readonly file?: string;
  /** Whether the path means the key or the value (default) at its end. */
  readonly at?: 'key' | 'value';
  readonly related?: readonly Related[];
  /** Set when nothing is wrong as far as can be seen, and too little can be seen. */
  readonly isUndetermined?: true;
  /** Set when the place holds a secret: no report shows its text. */
  readonly isSecret?: true;
  /** What to do or write instead. */
  readonly help?: string;
  /** The decision that the rule stands on, e.g. `ADR-A01`. */
  readonly adr?: string;
  /** Set when the finding holds for one environment of the fleet only. */
  readonly environment?: string;
  /** Set when a waiver accepts the finding: it is shown, and never fails a run. */
  readonly waivedBy?: { readonly owner: string; readonly reason: string; readonly expires: string };
};

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };

/** True when `severity` is as bad as `threshold`, or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITY_RANK[severity] >= SEVERITY_RANK[threshold];
}

/** Address of a Terraform resource, or of a provider's block: `module.aks["app1"].azurerm_subnet.nodes[0]`. */
const ADDRESS = /^[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)+$/;

/**
 * Writes a path the way people read it: `clusters.app1.user.vmSizes[0]`. A Terraform address that begins one
 * stands as Terraform writes it.
 */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (text === '' && ADDRESS.test(step)) text = step;
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === '' ? '(the whole file)' : text;
}
