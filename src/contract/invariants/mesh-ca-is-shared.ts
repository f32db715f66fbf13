import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'mesh-ca-is-shared',
  title: 'No cluster of a mesh makes a CA of its own',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'All clusters of a mesh trust one CA. Where its Secret is missing (pruned, renamed, restored too late) ' +
    'the certificate Job makes a new one by default, and the cluster leaves the mesh without an error. With ' +
    '`certgen.generateCA: false` the Job fails, which somebody sees.',
  source: 'Cilium chart 1.20.0, certgen.generateCA; docs.cilium.io, network/clustermesh, 1.20.',
  kinds: ['gitops'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    for (const side of ciliums) {
      if (side.isMeshed === false) continue;
      // Certificates that no Job makes need no CA of the Job's.
      if (side.meshCertificates !== undefined && side.meshCertificates !== 'cronJob') continue;
      if (!hasAll(side, 'cluster', 'isMeshed', 'meshCertificates', 'generatesCa')) {
        yield unsaid(side, 'cluster', 'isMeshed', 'meshCertificates', 'generatesCa');
      } else if (!side.generatesCa) yield held(placeOf(side, 'generatesCa'));
      else {
        const message = `${side.cluster} makes a CA of its own where the shared one is missing`;
        yield broken(placeOf(side, 'generatesCa'), message, {
          help: 'write `certgen.generateCA: false`, and bring the Secret cilium-ca before Cilium',
        });
      }
    }
  },
});
