import {
  type Evidence,
  type FederationEvidence,
  groupBy,
  hasAll,
  type TokenUserEvidence,
  type With,
} from '../evidence.ts';
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
      const [only, ...more] = found;
      if (only && more.length === 0) yield judgeIdentity(user, only);
      // Another credential may be the one, as long as the evidence does not say whose it is.
      else if (whole.length < federations.length)
        yield undetermined(user.path, 'a credential is not fully known');
      else if (found.length === 0) {
        const whose = user.identity === undefined ? '' : ` of ${user.identity}`;
        yield broken(user.path, `no federated credential${whose} trusts ${user.subject} of ${user.cluster}`, {
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

/** The identity that an account names must be the one that trusts it: Entra looks for the credential nowhere else. */
function judgeIdentity(
  user: With<TokenUserEvidence, 'cluster' | 'subject'>,
  { identity, name }: Federation,
): Observation {
  if (user.identity === undefined || user.identity === identity) return held(user.path);
  return broken(
    user.path,
    `${user.subject} of ${user.cluster} asks as ${user.identity}, and the credential that trusts it, ${name}, is of ${identity}`,
    { help: 'let the ServiceAccount name the identity that has the credential, or move the credential' },
  );
}

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
