import { type Answer, failed, type LabRequest } from './answer.ts';
import { answerBlob } from './blob-plane.ts';
import { answerEntra, cloudMetadata, expiredToken } from './entra.ts';
import { type Misfortune, misfortuneOf, type FaultPlan } from './faults.ts';
import type { Lab } from './lab.ts';
import { answerManagement } from './management-plane.ts';
import { settle } from './operations.ts';
import { answerVault } from './vault-plane.ts';

/** Hosts that a lab answers for; `*` is one label, as in a certificate. */
export const LAB_HOSTS = [
  'localhost',
  'management.azure.com',
  'login.microsoftonline.com',
  'graph.microsoft.com',
  '*.vault.azure.net',
  '*.blob.core.windows.net',
  '*.queue.core.windows.net',
  '*.table.core.windows.net',
  '*.file.core.windows.net',
  '*.dfs.core.windows.net',
  '*.web.core.windows.net',
  '*.azurecr.io',
] as const;

export function isLabHost(host: string): boolean {
  const name = host.toLowerCase();
  return LAB_HOSTS.some((known) => {
    if (!known.startsWith('*')) return name === known;
    return name.endsWith(known.slice(1)) && !name.slice(0, 1 - known.length).includes('.');
  });
}

/** The answer to a request, and whether a fault made it. */
export function answerRequest(
  lab: Lab,
  plan: FaultPlan,
  request: LabRequest,
  now: number,
): { readonly answer: Answer; readonly isFault: boolean } {
  settle(lab, now);
  const misfortune = misfortuneOf(plan, request.method, request.path);
  if (misfortune.drop === 'before') return { answer: { status: 0, isDropped: true }, isFault: true };
  if (misfortune.refusal) return { answer: refusedBy(misfortune.refusal), isFault: true };
  const answer = answerOf(lab, request, misfortune, now);
  if (misfortune.drop === 'after') return { answer: { ...answer, isDropped: true }, isFault: true };
  const delayMs = misfortune.delayMs + (answer.delayMs ?? 0);
  const { slowMs, failure } = misfortune.operation;
  const isFault = misfortune.delayMs > 0 || (slowMs ?? 0) > 0 || failure !== undefined;
  return { answer: delayMs > 0 ? { ...answer, delayMs } : answer, isFault };
}

function answerOf(lab: Lab, request: LabRequest, { operation }: Misfortune, now: number): Answer {
  const host = request.host.toLowerCase();
  // The vault answers that itself: it says where the next one comes from.
  const late = host.endsWith('.vault.azure.net') ? undefined : expiredToken(request, now);
  if (late) return late;
  if (host.endsWith('.vault.azure.net')) return answerVault(lab, request, now);
  if (host.endsWith('.blob.core.windows.net')) return answerBlob(lab, request, now);
  if (host === 'login.microsoftonline.com') return answerEntra(request, lab.settings.tenantId, now);
  const isLocal = host === 'localhost' || host === '127.0.0.1';
  if (isLocal || host === 'management.azure.com') {
    if (request.path === '/metadata/endpoints') return cloudMetadata(isLocal ? request.origin : undefined);
    if (isLocal && /\/oauth2\/|\/\.well-known\//.test(request.path)) {
      return answerEntra(request, lab.settings.tenantId, now);
    }
    return answerManagement(lab, request, { now, fault: operation });
  }
  const message = `The lab does not know ${request.method} ${host}${request.path}.`;
  return { ...failed(404, 'NotKnownToTheLab', message), isUnknown: true };
}

function refusedBy(refusal: NonNullable<Misfortune['refusal']>): Answer {
  const { status, code, message, retryAfterSeconds } = refusal;
  const answer = failed(status, code ?? codeOf(status), message ?? 'Refused, since a fault was asked for.');
  return retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
}

function codeOf(status: number): string {
  if (status === 429) return 'TooManyRequests';
  if (status === 409) return 'Conflict';
  if (status === 408) return 'RequestTimeout';
  return status >= 500 ? 'InternalServerError' : 'BadRequest';
}
