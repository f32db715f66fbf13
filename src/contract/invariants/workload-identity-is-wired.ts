import { type Evidence, type FederationEvidence, groupBy, hasAll, type With } from '../evidence.ts';
import { judgeCredential, judgeIdentities } from '../federated-credentials.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

const PARTS = ['identity', 'name', 'issuerCluster', 'subject', 'audience'] as const;
type AccountTest = (account: string) => boolean | undefined;
type Federation = With<FederationEvidence, (typeof PARTS)[number]>;

export default invariant({
  id: 'workload-identity-is-wired',
  alias: 'C4',
  title: 'Each ServiceAccount with an Azure identity has one credential that fits it',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Entra compares issuer, subject and audience letter by letter and answers AADSTS70021 when one ' +
    'differs: External Secrets then reads nothing, and Argo CD reaches no cluster. A credential without a ' +
    'ServiceAccount is a door: who may make the account in that namespace gets the rights of the identity.',
  source: 'learn.microsoft.com, workload-identity-federation-considerations, 2026-08.',
  needs: ['federations', 'tokenUsers'],
  *check({ federations, tokenUsers }) {
    for (const federation of federations) {
      if (!isWhole(federation)) yield unsaid(federation, ...PARTS);
    }
    const whole = federations.filter(isWhole);
    const byAccount = groupBy(whole, ({ issuerCluster, subject }) => `${issuerCluster} ${subject}`);
    const isAccount = accountsOf(tokenUsers);
    for (const user of tokenUsers) {
      if (!hasAll(user, 'cluster', 'subject')) {
        yield unsaid(user, 'cluster', 'subject');
        continue;
      }
      const account = `${user.cluster} ${user.subject}`;
      const found = byAccount.get(account) ?? [];
      if (found.length === 1) yield held(user.path);
      // Another credential may be the one, as long as the evidence does not say whose it is.
      else if (whole.length < federations.length)
        yield undetermined(user.path, 'a credential is not fully known');
      else if (found.length === 0) {
        yield broken(user.path, `no federated credential trusts ${user.subject} of ${user.cluster}`, {
          help: 'give its identity one, with the issuer of that cluster and that subject',
        });
      } else {
        const names = listText(found.map(({ identity, name }) => `${name} of ${identity}`));
        yield broken(
          user.path,
          `${user.subject} of ${user.cluster} has ${found.length} federated credentials: ${names}`,
          {
            help: 'keep the one of the identity that the ServiceAccount names',
          },
        );
      }
    }
    for (const federation of whole) {
      yield* judgeCredential(federation);
      yield judgeAccount(federation, isAccount);
    }
    yield* judgeIdentities(whole);
  },
});

function isWhole(federation: FederationEvidence): federation is Federation {
  return hasAll(federation, ...PARTS);
}

/**
 * Answers whether a ServiceAccount asks for tokens; undefined when one that is not fully known could be it.
 */
function accountsOf(tokenUsers: NonNullable<Evidence['tokenUsers']>): AccountTest {
  const accounts = new Set(tokenUsers.map(({ cluster, subject }) => `${cluster} ${subject}`));
  const areAllKnown = tokenUsers.every((user) => hasAll(user, 'cluster', 'subject'));
  return (account) => (accounts.has(account) ? true : areAllKnown ? false : undefined);
}

function judgeAccount(credential: Federation, isAccount: AccountTest): Observation {
  const { identity, name, issuerCluster, subject, path } = credential;
  const isAsking = isAccount(`${issuerCluster} ${subject}`);
  if (isAsking === true) return held(path);
  if (isAsking === undefined) {
    return undetermined(path, `whether ${subject} of ${issuerCluster} asks for a token`);
  }
  const whose = `credential ${name} of ${identity}`;
  return broken(path, `${whose} trusts ${subject} of ${issuerCluster}, which asks for no token`, {
    help: 'remove the credential, or correct its subject',
  });
}
