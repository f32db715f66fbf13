import type { Evidence } from '../../../src/contract/evidence.ts';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { broken, findingsOf, hold, lineOf, verdictsOf } from '../gitops/tree-under-test.ts';

/** Evidence of one file of objects that nobody deploys, in production. */
export function evidenceOfObjects(text: string): Evidence {
  return evidenceFromTree(new Map([['a.yaml', text]]), 'production').evidence;
}

/** What one invariant finds wrong with a file of objects. */
export function saidOf(id: string, text: string): readonly string[] {
  const all = findingsOf(evidenceFromTree(new Map([['a.yaml', text]]), 'production'));
  return broken(all)
    .filter((finding) => finding.id === id)
    .map(lineOf);
}

export function verdictOf(id: string, evidence: Evidence): string | undefined {
  return verdictsOf(evidence).get(id);
}

export function undeterminedOf(id: string, evidence: Evidence): readonly string[] {
  return hold(evidence)
    .filter((finding) => finding.id === id && finding.isUndetermined)
    .map(({ message }) => message.replace('undetermined: ', ''));
}

type Pod = {
  readonly spec?: string;
  readonly pod?: string;
  readonly more?: string;
  readonly name?: string;
};

/** A Deployment of the namespace shop with parts in flow style, and what stands beside it. */
export function deployment({ spec = 'replicas: 3', pod = '', more = '', name = 'cart' }: Pod): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  ${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, team: a } }
    spec:
      ${pod}
      containers: [{ name: main, image: x, resources: { requests: { cpu: 1, memory: 1Gi } } }]
${more === '' ? '' : `---\n${more}`}`;
}

/** A PodDisruptionBudget over the pods of `deployment`. */
export function budget(bound: string, selector = 'matchLabels: { app: cart }', name = 'cart'): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name}, namespace: shop }
spec: { ${bound}, selector: { ${selector} } }
`;
}
