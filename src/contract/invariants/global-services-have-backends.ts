import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import type { GlobalServiceEvidence } from '../kubernetes-evidence.ts';

const ANNOTATION = 'service.cilium.io/global';

export default invariant({
  id: 'global-services-have-backends',
  title: 'A global Service without pods of its own finds some in another cluster',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A Service is global where name, namespace and annotation are the same on both sides. A letter of ' +
    'difference, or a namespace more, and the one without pods has no backend: what calls it is refused at ' +
    'once, and metrics or orders are lost.',
  source: 'docs.cilium.io, network/clustermesh/services, 1.20.',
  kinds: ['gitops', 'live'],
  needs: ['globalServices'],
  *check({ globalServices }) {
    for (const service of globalServices) {
      if (service.isText === false) {
        yield broken(
          placeOf(service, 'global'),
          `${service.name ?? 'a Service'} has an annotation that is no text`,
          {
            help: `write \`${ANNOTATION}: "true"\`, with quotes: an API server refuses anything else`,
          },
        );
      } else if (!hasAll(service, 'name', 'global', 'isText'))
        yield unsaid(service, 'name', 'global', 'isText');
      else if (/^true$/i.test(service.global)) yield judge(service, service.name, globalServices);
      else if (!/^false$/i.test(service.global)) {
        yield broken(
          placeOf(service, 'global'),
          `${service.name} is no global Service: its annotation is not true`,
          {
            help: `write \`${ANNOTATION}: "true"\``,
          },
        );
      }
    }
  },
});

function judge(
  service: GlobalServiceEvidence,
  name: string,
  all: readonly GlobalServiceEvidence[],
): Observation {
  if (service.shares === true) return held(service.path);
  if (!hasAll(service, 'shares', 'cluster')) return unsaid(service, 'shares', 'cluster');
  const others = all.filter((other) => other !== service);
  const twins = others.filter((other) => other.name === name && other.cluster !== service.cluster);
  const isGiving = twins.some(
    ({ shares, cluster, global }) => shares === true && cluster !== undefined && global === 'true',
  );
  if (isGiving) return held(service.path);
  const isOpen = others.some((other) => !hasAll(other, 'name', 'shares', 'cluster', 'global'));
  if (isOpen) return undetermined(service.path, `whether another cluster has pods of ${name}`);
  return broken(service.path, `${name} on ${service.cluster} has no pods, here or in another cluster`, {
    help: 'give the Service of the other cluster the same name, namespace and annotation, and a selector',
  });
}
