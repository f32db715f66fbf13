import { StepError } from '../../base/step-error.ts';
import type { KubeAnswer } from './request.ts';

/** One field that the API server complains about. */
export type KubeCause = { readonly field?: string; readonly message: string; readonly reason?: string };

type Status = {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly KubeCause[]; readonly kind?: string };
};

/** What an answer that is no success says about itself. */
export function refusalOf({ status, body }: KubeAnswer): {
  readonly message: string;
  readonly causes: readonly KubeCause[];
} {
  if (typeof body !== 'object' || body === null) {
    return { message: String(body).trim().slice(0, 500) || `status ${status}`, causes: [] };
  }
  const { message, details } = body as Status;
  return { message: message ?? `status ${status}`, causes: details?.causes ?? [] };
}

/**
 * A refusal as a person reads it: `subject` says what was asked of whom. Of a Secret only the fields are named, since
 * the API server quotes values that it does not like.
 */
export function refusalError(
  answer: KubeAnswer,
  subject: { readonly text: string; readonly server: string; readonly isSecret: boolean },
): StepError {
  const { message, causes } = refusalOf(answer);
  const { text, server, isSecret } = subject;
  const said = isSecret && answer.status !== 401 && answer.status !== 403 ? fieldsText(causes) : message;
  switch (answer.status) {
    case 401:
      return new StepError(`${server} does not know who asks (401)`, {
        advice: 'log in again: the token has ended, or belongs to another tenant',
      });
    case 403:
      return new StepError(`${text} is not allowed: ${said}`, {
        advice:
          'ask for the role Azure Kubernetes Service RBAC Cluster Admin on the cluster; a new one takes minutes',
      });
    case 409:
      return conflictError(text, said, causes);
    default:
      return new StepError(`${text} was refused (${answer.status}): ${withCauses(said, causes, isSecret)}`);
  }
}

function conflictError(text: string, said: string, causes: readonly KubeCause[]): StepError {
  const owned = causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  if (owned.length === 0) return new StepError(`${text} met another write: ${said}`);
  const fieldsByManager = new Map<string, string[]>();
  for (const { message, field = '' } of owned) {
    // `conflict with "kubectl" using v1`; with a time when the manager updates rather than applies.
    const manager = /conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
    fieldsByManager.set(manager, [...(fieldsByManager.get(manager) ?? []), field]);
  }
  const owners = [...fieldsByManager].map(([manager, fields]) => `${manager} owns ${fields.join(', ')}`);
  return new StepError(`${text} would take fields from another owner: ${owners.join('; ')}`, {
    advice: 'make that owner give them up, or leave these fields to it',
  });
}

/** The causes that the message does not hold already. */
function withCauses(said: string, causes: readonly KubeCause[], isSecret: boolean): string {
  if (isSecret) return said;
  const more = causes
    .filter(({ message }) => !said.includes(message))
    .map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  return [said, ...more].join('\n');
}

function fieldsText(causes: readonly KubeCause[]): string {
  const fields = causes.flatMap(({ field, reason }) =>
    field === undefined ? [] : [reason === undefined ? field : `${field} (${reason})`],
  );
  return fields.length === 0 ? 'its words are not shown, since they may hold the secret' : fields.join(', ');
}
