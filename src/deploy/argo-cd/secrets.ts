import { StepError } from '../../base/step-error.ts';
import { ARGO_CD_NAMESPACE } from '../../gitops/application-set.ts';
import { checkoutOf } from '../../gitops/checkout.ts';
import type { Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject, KubeRef } from '../world.ts';
import { isOwned } from '../bootstrap/objects.ts';

/** Names that the README of mgmt uses too; the first is the one that the chart looks for. */
const REDIS = secretRef('argocd-redis');
const REPOSITORY = secretRef('platform-repository');
const PASSWORD_BYTES = 32;

/** The password of Argo CD's Redis: made once, known to nobody, never replaced. */
export async function bringRedisPassword(run: Run, kube: Kube, context: StepContext): Promise<StepResult> {
  const there = await kube.get(REDIS, context.signal);
  if (dataOf(there)['auth']) return { isChanged: false, note: 'is there' };
  const auth = Buffer.from(run.world.random(PASSWORD_BYTES)).toString('hex');
  await kube.apply(secret(REDIS, { auth }), { isForced: false }, context.signal);
  return { isChanged: true, note: 'made' };
}

/**
 * How Argo CD reads the repository: with the password or key that this run was given, or with the one that it has. A
 * credential that a person made by the README becomes ours when it is for the same repository.
 */
export async function bringRepository(run: Run, kube: Kube, context: StepContext): Promise<StepResult> {
  const { gitToken, platform } = run.deployment;
  const there = await kube.get(REPOSITORY, context.signal);
  const { repo } = checkoutOf(platform.fleet);
  const url = dataOf(there)['url'];
  if (gitToken === undefined) {
    if (url !== undefined && url !== repo) {
      throw new StepError(`Argo CD has a credential for ${url}, and none was given for ${repo}`, {
        advice:
          `give this run the password of ${repo}, or delete Secret ${REPOSITORY.name} in ${ARGO_CD_NAMESPACE} if ` +
          'everybody may read it',
      });
    }
    return { isChanged: false, note: there ? 'credential kept' : 'read without a credential' };
  }
  const login = repo.startsWith('https://')
    ? { username: 'git', password: gitToken }
    : { sshPrivateKey: gitToken };
  const wanted = secret(
    REPOSITORY,
    { type: 'git', url: repo, ...login },
    { labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
  );
  const isForced = there !== undefined && (isOwned(there) || url === repo);
  const { isChanged } = await kube.apply(wanted, { isForced }, context.signal);
  return { isChanged, note: isChanged ? 'credential written' : 'credential unchanged' };
}

/**
 * A Secret of Argo CD's. Never by `stringData`: what is no longer applied would stay (kube-apiserver 1.36.3 drops the
 * owner of each key that came so).
 */
export function secret(
  { apiVersion, kind, name, namespace = ARGO_CD_NAMESPACE }: KubeRef,
  values: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const data = Object.entries(values).map(([key, value]) => [
    key,
    Buffer.from(value, 'utf8').toString('base64'),
  ]);
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, ...metadata },
    type: 'Opaque',
    data: Object.fromEntries(data),
  };
}

export function secretRef(name: string): KubeRef {
  return { apiVersion: 'v1', kind: 'Secret', name, namespace: ARGO_CD_NAMESPACE };
}

function dataOf(object: KubeObject | undefined): Readonly<Record<string, string>> {
  const { data = {} } = (object ?? {}) as { readonly data?: Readonly<Record<string, string>> };
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
