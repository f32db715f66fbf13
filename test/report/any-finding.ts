import fc from 'fast-check';
import { compact } from '../../src/base/record.ts';
import type { Finding, Span } from '../../src/base/finding.ts';
import { anyText } from './any-text.ts';

const path = fc.array(fc.oneof(fc.constantFrom('clusters', 'app1'), anyText, fc.nat({ max: 9 })), {
  maxLength: 4,
});

/** In a file that is at hand, `fleet.yaml`, or in another; often behind the end of it. */
const span: fc.Arbitrary<Span> = fc
  .tuple(
    fc.oneof(fc.constant('fleet.yaml'), anyText),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 200 }),
    fc.nat({ max: 50 }),
  )
  .map(([file, line, column, length]) => ({
    file,
    start: { line, column },
    end: { line, column: column + length },
  }));

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const related = fc
  .record({ message: anyText, path, span: optional(span), file: optional(anyText) })
  .map((one) => compact(one));

/** A finding whose every text nobody has looked at. */
export const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    id: fc.constantFrom('ranges-are-disjoint', 'secrets-in-key-vault', 'fleet/type', 'waiver-unused', 'x/y'),
    alias: optional(fc.constantFrom('C1', 'C4')),
    severity: fc.constantFrom('error', 'warning', 'note'),
    message: anyText,
    path,
    span: optional(span),
    file: optional(anyText),
    related: optional(fc.array(related, { maxLength: 3 })),
    isUndetermined: optional(fc.constant(true as const)),
    help: optional(anyText),
    adr: optional(fc.constantFrom('ADR-A01', 'ADR-0005')),
    environment: optional(fc.constantFrom('demo', 'production')),
    waivedBy: optional(fc.record({ owner: anyText, reason: anyText, expires: fc.constant('2027-01-31') })),
  })
  .map((finding) => compact(finding));
