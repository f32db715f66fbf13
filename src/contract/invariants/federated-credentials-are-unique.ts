import { type FederationEvidence, hasAll, type With } from '../evidence.ts';
import { judgeCredential, judgeIdentities } from '../federated-credentials.ts';
import { held, invariant, type Observation, unsaid } from '../invariant.ts';

const PARTS = ['identity', 'name', 'issuerCluster', 'subject', 'audience'] as const;

export default invariant({
  id: 'federated-credentials-are-unique',
  alias: 'C4',
  title: 'An identity trusts each ServiceAccount once, for the one audience of Azure',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Azure refuses a second credential with the issuer and subject of another one, a 21st, and any number of ' +
    'audiences but one; another audience than that of the token exchange is accepted and answers no pod. ' +
    'Terraform learns of all of it in the middle of an apply.',
  source: 'learn.microsoft.com, workload-identity-federation-considerations, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['federations'],
  *check({ federations }) {
    const whole: With<FederationEvidence, (typeof PARTS)[number]>[] = [];
    for (const federation of federations) {
      if (hasAll(federation, ...PARTS)) whole.push(federation);
      else yield unsaid(federation, ...PARTS);
    }
    const wrong: Observation[] = [
      ...whole.flatMap((one) => [...judgeCredential(one)]),
      ...judgeIdentities(whole),
    ];
    yield* wrong;
    if (wrong.length === 0) for (const { path } of whole) yield held(path);
  },
});
