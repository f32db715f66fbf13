import { identityLimits } from '../../../catalog/limits.ts';
import { textAt, valueAt } from '../body.ts';
import type { ArmResource, ArmStore } from '../resource.ts';
import type { ArmRule, ArmWrite } from '../rule.ts';
import { regionOf } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CODE_ASSUMED, REPORTS, STATUS_ASSUMED, sources } from './sources.ts';

const CREDENTIAL = 'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials';
const { source: FEDERATION } = identityLimits.federatedCredentials;
const SOURCE = sources(FEDERATION, CODE_ASSUMED);

/** Regions whose identities take no federated credential (the same page, read 2026-11-22). */
const UNSUPPORTED_REGIONS = ['malaysiasouth', 'newzealandnorth'];

const credentialsAreWrittenInTurn: ArmRule = {
  id: 'federated-credentials-are-written-in-turn',
  source: sources(FEDERATION, REPORTS),
  types: [CREDENTIAL],
  check: ({ id, method }, { running }) => {
    const start = `${(id.parent ?? '').toLowerCase()}/federatedidentitycredentials/`;
    const other = [...running.keys()].find((key) => key.startsWith(start));
    if (method === 'POST' || other === undefined) return undefined;
    const code = 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity';
    const message = `${other} is being written, and those of one managed identity are written in turn.`;
    return { status: 409, code, message };
  },
};

const credentialsDiffer: ArmRule = {
  id: 'federated-credentials-differ',
  source: SOURCE,
  types: [CREDENTIAL],
  check: whenWritten((body, write, { store }) => {
    const at = (of: unknown, key: string): string | undefined => textAt(of, 'properties', key);
    const other = siblings(write, store).find((each) =>
      ['issuer', 'subject'].every(
        (key) => at(each.body, key) !== undefined && at(each.body, key) === at(body, key),
      ),
    );
    if (other === undefined) return undefined;
    const message = `${other.id.name} of this managed identity has the same issuer and subject.`;
    return { status: 400, code: 'BadRequest', message };
  }),
};

const credentialHasAName: ArmRule = {
  id: 'federated-credential-name',
  source: SOURCE,
  types: [CREDENTIAL],
  check: whenWritten((_body, { id }) => {
    if (identityLimits.federatedCredentialName.pattern.test(id.name)) return undefined;
    const message = `Federated Identity Credential name '${id.name}' is invalid.`;
    return { status: 400, code: 'BadRequest', message };
  }),
};

const credentialHasOneAudience: ArmRule = {
  id: 'federated-credential-has-one-audience',
  source: SOURCE,
  types: [CREDENTIAL],
  check: whenWritten((body) => {
    const audiences = valueAt(body, 'properties', 'audiences');
    const count = Array.isArray(audiences) ? audiences.length : 0;
    if (count === identityLimits.federatedCredentials.audiences) return undefined;
    const message = `Federated identity credentials must have exactly one audience, not ${count}.`;
    return { status: 400, code: 'BadRequest', message };
  }),
};

const credentialIsComplete: ArmRule = {
  id: 'federated-credential-is-complete',
  source: SOURCE,
  types: [CREDENTIAL],
  check: whenWritten((body) => {
    const empty = ['issuer', 'subject'].filter((key) => textAt(body, 'properties', key) === undefined);
    if (empty.length === 0) return undefined;
    const message = `Federated Identity Credential from HTTP body has empty properties: ${empty.join(', ')}.`;
    return { status: 400, code: 'BadRequest', message };
  }),
};

const regionTakesCredentials: ArmRule = {
  id: 'federated-credentials-by-region',
  source: SOURCE,
  types: [CREDENTIAL],
  check: whenWritten((_body, { id }, { store }) => {
    const region = regionOf(store.get(id.parent ?? '')?.body);
    if (region === undefined || !UNSUPPORTED_REGIONS.includes(region)) return undefined;
    const message = `Support for federated identity credentials is not enabled in ${region}.`;
    return { status: 405, code: 'MethodNotAllowed', message };
  }),
};

const credentialsAreCounted: ArmRule = {
  id: 'federated-credentials-are-at-most-20',
  source: sources(SOURCE, STATUS_ASSUMED),
  types: [CREDENTIAL],
  check: whenWritten((_body, write, { store }) => {
    const max = identityLimits.federatedCredentials.maxPerIdentity;
    if (siblings(write, store).length < max) return undefined;
    const message = `The managed identity has ${max} federated identity credentials, as many as it can have.`;
    return { status: 400, code: 'TooManyFederatedIdentityCredentials', message };
  }),
};

export const identityRules: readonly ArmRule[] = [
  credentialsAreWrittenInTurn,
  regionTakesCredentials,
  credentialHasAName,
  credentialIsComplete,
  credentialHasOneAudience,
  credentialsDiffer,
  credentialsAreCounted,
];

/** The other credentials of the same identity. */
function siblings({ id }: ArmWrite, store: ArmStore): readonly ArmResource[] {
  return store
    .below(id.parent ?? '')
    .filter((other) => other.id.type === CREDENTIAL && other.id.key !== id.key);
}
