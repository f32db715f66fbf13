import { identityLimits } from '../catalog/limits.ts';
import { type FederationEvidence, groupBy, type With } from './evidence.ts';
import { broken, type Observation } from './invariant.ts';

/** The one audience that Entra takes from Kubernetes (learn.microsoft.com, workload-identity-federation). */
const AUDIENCE = 'api://AzureADTokenExchange';
const { maxPerIdentity } = identityLimits.federatedCredentials;

type Credential = With<FederationEvidence, 'identity' | 'name' | 'issuerCluster' | 'subject' | 'audience'>;

/** What is wrong with a credential, whatever stands beside it. */
export function* judgeCredential({ identity, name, audience, path }: Credential): Iterable<Observation> {
  const whose = `credential ${name} of ${identity}`;
  if (audience !== AUDIENCE) {
    yield broken(path, `${whose} has the audience ${audience}`, { help: `write ${AUDIENCE}` });
  }
  if (!identityLimits.federatedCredentialName.pattern.test(name)) {
    yield broken(path, `${whose} has a name that Azure refuses`, {
      help: 'use 3 to 120 letters, digits, - and _, with a letter or digit first',
    });
  }
}

/** What is wrong with the credentials of each identity, taken together. */
export function* judgeIdentities(all: readonly Credential[]): Iterable<Observation> {
  for (const [identity, credentials] of groupBy(all, (credential) => credential.identity)) {
    yield* judgeIdentity(identity, credentials);
  }
}

function* judgeIdentity(identity: string, credentials: readonly Credential[]): Iterable<Observation> {
  const { path } = credentials[0]!;
  if (credentials.length > maxPerIdentity) {
    yield broken(
      path,
      `${identity} has ${credentials.length} federated credentials; Azure takes ${maxPerIdentity}`,
      {
        help:
          'let fewer accounts be this identity: of workloads that mount their secrets, spread them over clusters or let ' +
          'External Secrets copy (secrets.sync: external-secrets)',
      },
    );
  }
  const byAccount = groupBy(credentials, ({ issuerCluster, subject }) => `${issuerCluster} ${subject}`);
  for (const same of byAccount.values()) {
    if (same.length < 2) continue;
    const { issuerCluster, subject } = same[0]!;
    yield broken(same[1]!.path, `${identity} trusts ${subject} of ${issuerCluster} ${same.length} times`, {
      help: 'keep one: Azure refuses a second credential with the same issuer and subject',
    });
  }
  for (const [name, same] of groupBy(credentials, (credential) => credential.name)) {
    if (same.length > 1) {
      yield broken(same[1]!.path, `${identity} has ${same.length} credentials that are called ${name}`, {
        help: 'give each a name of its own: the second would overwrite the first',
      });
    }
  }
}
