import { parser } from '@prometheus-io/lezer-promql';

/** What the grammar of Prometheus itself finds in an expression. */
export type Promql = { readonly metrics: ReadonlySet<string>; readonly errors: readonly string[] };

/** Reads PromQL with the parser that Prometheus' own web page uses. */
export function readPromql(expr: string): Promql {
  const metrics = new Set<string>();
  const errors: string[] = [];
  parser.parse(expr).iterate({
    enter(part) {
      if (part.type.isError) errors.push(`at ${part.from}: ${expr.slice(part.from, part.from + 20)}`);
      if (part.name === 'Identifier' && part.node.parent?.name === 'VectorSelector') {
        metrics.add(expr.slice(part.from, part.to));
      }
    },
  });
  return { metrics, errors };
}
