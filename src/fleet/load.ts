import type { Finding, Path, Span } from '../base/finding.ts';
import { type CodeRun, readCodeDocument } from './code-document.ts';
import { type FleetDocument, placeOf, readFleetDocument, startOf } from './document.ts';
import { inDocumentOrder as ordered } from './draft.ts';
import type { Explanation } from './explanation.ts';
import type { Environment, Fleet } from './fleet.ts';
import { fileFor, originOf } from './overrides.ts';
import { resolveFleet } from './resolve.ts';
import type { SoundFile } from './sound-file.ts';
import { judgeShape } from './shape.ts';

/** A fleet file that was read once; each environment's fleet is resolved from it. */
export type FleetFileLoad = {
  readonly document: FleetDocument;
  /** What the schema accepts of the file; undefined when nothing of it can be used. */
  readonly file: Record<string, unknown> | undefined;
  /** Everything that is wrong with the file as a text and as data, with spans, in document order. */
  readonly findings: readonly Finding[];
};

/**
 * Reads and judges a fleet file. Never throws: what is wrong with the file is a finding, and the rest is
 * kept.
 */
export function loadFleetFile(file: string, bytes: Uint8Array): FleetFileLoad {
  return judged(readFleetDocument(file, bytes));
}

/**
 * Judges a fleet that TypeScript exports, from the module's bytes and what came of running it: the same findings as of
 * the same fleet in YAML. Never throws.
 */
export function loadFleetCode(file: string, bytes: Uint8Array, run: CodeRun): FleetFileLoad {
  return judged(readCodeDocument(file, bytes, run));
}

function judged(document: FleetDocument): FleetFileLoad {
  const shape = judgeShape(document);
  return { document, file: shape.file, findings: ordered([...document.findings, ...shape.findings]) };
}

/**
 * The fleet in one environment, with every default explained; undefined when nothing of the file can be used.
 */
export function fleetIn(
  { file }: FleetFileLoad,
  environment: Environment,
): { readonly fleet: Fleet; readonly explanations: readonly Explanation[] } | undefined {
  // What `judgeShape` leaves is what `SoundFile` describes, and laying one half over the other keeps it so.
  return file && resolveFleet(fileFor(file, environment) as SoundFile, environment);
}

/**
 * Gives a finding, and the places related to it, their spans. Their paths lead into the file as one
 * environment sees it; without an environment, into the file as written. A value that nobody wrote is shown
 * at the nearest map around it.
 */
export function locate(load: FleetFileLoad, environment: Environment | undefined, finding: Finding): Finding {
  const span = finding.span ?? spanFor(load, environment, finding.path, finding.at);
  if (finding.related === undefined) return { ...finding, span };
  const related = finding.related.map((other) => ({
    ...other,
    span: other.span ?? spanFor(load, environment, other.path, undefined),
  }));
  return { ...finding, span, related };
}

/** By place in the file, then by id; what has no place comes last. */
export function inDocumentOrder(findings: readonly Finding[]): Finding[] {
  return ordered(findings);
}

function spanFor(
  { document, file }: FleetFileLoad,
  environment: Environment | undefined,
  path: Path,
  at: 'key' | 'value' | undefined,
): Span {
  const origin = environment && file ? originOf(file, environment, path) : path;
  const exact = at === undefined ? placeOf(document, origin) : document.spanOf(origin, at);
  if (exact !== undefined && path.length > 0) return exact;
  return surroundingSpan(document, environment, path);
}

/**
 * The place of the nearest map around a value that was not written, in the environment's half or the other.
 */
function surroundingSpan(document: FleetDocument, environment: Environment | undefined, path: Path): Span {
  for (let length = path.length; length > 0; length--) {
    const inner = path.slice(0, length);
    const written = document.spanOf(inner, 'key') ?? placeOf(document, inner);
    if (written !== undefined) return written;
    const own = environment && document.spanOf(['environments', environment, ...inner], 'key');
    if (own !== undefined) return own;
  }
  return startOf(document);
}
