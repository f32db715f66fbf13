import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import type { CiliumEvidence } from '../kubernetes-evidence.ts';
import { nameText } from '../wording.ts';

/** What the chart knows, letter by letter; any other word makes no certificate at all. */
const METHODS = new Set(['cronJob', 'certmanager', 'none']);

export default invariant({
  id: 'certificates-are-made-in-the-cluster',
  title: "Cilium's certificates are made in the cluster, not by each render",
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'The method helm, which is the default, makes new certificates whenever the chart is rendered. Argo CD ' +
    'renders it every few minutes: the Application is never in sync, agents lose the mesh again and again, ' +
    'and the key of the CA stands in its cache.',
  source: 'Cilium chart 1.20.0, hubble.tls.auto.method and clustermesh.apiserver.tls.auto.method.',
  kinds: ['gitops'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    for (const side of ciliums) {
      yield judge(side, 'hubbleCertificates', 'hubble.tls.auto.method');
      if (side.isMeshed !== false) {
        yield judge(side, 'meshCertificates', 'clustermesh.apiserver.tls.auto.method');
      }
    }
  },
});

function judge(
  side: CiliumEvidence,
  part: 'hubbleCertificates' | 'meshCertificates',
  key: string,
): Observation {
  if (!hasAll(side, 'cluster', part)) return unsaid(side, 'cluster', part);
  const method = side[part] ?? '';
  if (METHODS.has(method)) return held(placeOf(side, part));
  const why = method === 'helm' ? 'makes new ones on every render' : 'is no method of the chart';
  const message = `certificates of ${side.cluster}: ${nameText(method)} ${why}`;
  return broken(placeOf(side, part), message, { help: `write \`${key}: cronJob\`` });
}
