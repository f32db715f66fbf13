import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

const SERVED = 'external-secrets.io/v1';

export default invariant({
  id: 'external-secrets-api-is-served',
  title: `Objects of External Secrets are written for ${SERVED}`,
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'The chart has not served v1beta1 by default since v1 came, and the switch that brought it back is gone. ' +
    'The API server answers "no matches for kind", Argo CD cannot sync the Application, and the Secret is ' +
    'never made.',
  source: 'external-secrets.io, release notes and chart 2.9.0, 2026.',
  kinds: ['gitops'],
  needs: ['externalSecretObjects'],
  *check({ externalSecretObjects }) {
    for (const object of externalSecretObjects) {
      if (!hasAll(object, 'name', 'apiVersion')) yield unsaid(object, 'name', 'apiVersion');
      else if (object.apiVersion === SERVED) yield held(placeOf(object, 'apiVersion'));
      else {
        const message = `${object.name} is written for ${nameText(object.apiVersion)}, which is not served`;
        yield broken(placeOf(object, 'apiVersion'), message, { help: `write ${SERVED}` });
      }
    }
  },
});
