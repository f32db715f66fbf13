import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { StepError } from '../../base/step-error.ts';
import type { Environment } from '../program.ts';
import { unlessAborted, within } from './deadline.ts';
import { type AssertionSource, type SignIn, signInOf, textIn } from './sign-in.ts';
import { openSend, unreachable, watch } from './transport.ts';

/** Who is signed in, as a source of tokens. They are kept in memory until shortly before they end. */
export type AzureLogin = {
  /** A bearer token for a scope: `https://management.azure.com/.default`. Rejects with a StepError. */
  readonly token: (scope: string, signal: AbortSignal) => Promise<string>;
  /** Says that this token was refused, so that the next one is a new one. */
  readonly renew: (refused: string) => void;
};

export type LoginOptions = {
  /** Carries requests; over the network unless told. */
  readonly transport?: HttpClient;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

type Kept = {
  readonly asked: Promise<string>;
  /** Absent while it is on its way. */
  token?: string;
  end: number;
};

/** A token that ends within this time is not begun with. Entra's are good for an hour or more. */
const RESERVE_MS = 5 * 60_000;
/** Of one sign-in: the library tries again by itself, and the Azure CLI is a program that has to start. */
const SIGN_IN_MAX_MS = 90_000;
/** Of a federated token, as Entra wants it (learn.microsoft.com, entra/workload-id/workload-identity-federation). */
const AUDIENCE = 'api://AzureADTokenExchange';

const NEVER: AbortSignal = new AbortController().signal;

/**
 * Signs in when the first token is asked for, as {@link signInOf} says. DefaultAzureCredential reads AZURE_* variables
 * of the process, not of `env`.
 */
export function openLogin(env: Environment, options: LoginOptions = {}): AzureLogin {
  const now = options.now ?? Date.now;
  const kept = new Map<string, Kept>();
  let credential: Promise<TokenCredential> | undefined;
  const watched = watch(options.transport);

  const ask = async (scope: string): Promise<{ readonly token: string; readonly end: number }> => {
    const signIn = signInOf(env);
    try {
      credential ??= credentialOf(signIn, watched.transport);
      const giver = await credential;
      // Of nobody's signal: others wait for the same token.
      const answer = await within(SIGN_IN_MAX_MS, NEVER, (abortSignal) =>
        giver.getToken(scope, { abortSignal }),
      );
      if (!answer) throw new Error('no token was given');
      return { token: answer.token, end: answer.expiresOnTimestamp };
    } catch (error) {
      credential = undefined;
      // The library tells that a connection failed, and not why.
      const failure = /network_error/.test(String(error)) ? watched.failure() : undefined;
      throw failure ? unreachable(failure.host, failure.error) : signInError(error, signIn);
    }
  };
  const keep = (scope: string): Kept => {
    const answer = ask(scope);
    const entry: Kept = { asked: answer.then(({ token }) => token), end: Infinity };
    answer.then(
      ({ token, end }) => Object.assign(entry, { token, end }),
      () => kept.get(scope) === entry && kept.delete(scope),
    );
    kept.set(scope, entry);
    return entry;
  };

  return {
    token: (scope, signal) => {
      const found = kept.get(scope);
      const entry = found && found.end - now() > RESERVE_MS ? found : keep(scope);
      return unlessAborted(entry.asked, signal);
    },
    renew: (refused) => {
      for (const [scope, { token }] of kept) {
        if (token !== refused) continue;
        kept.delete(scope);
        // The library keeps tokens too, by its own clock, and would give the same one.
        credential = undefined;
      }
    },
  };
}

async function credentialOf(signIn: SignIn, transport: HttpClient): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const options = { httpClient: transport };
  switch (signIn.kind) {
    case 'secret':
      return new identity.ClientSecretCredential(signIn.tenant, signIn.client, signIn.secret, options);
    case 'certificate':
      return new identity.ClientCertificateCredential(
        signIn.tenant,
        signIn.client,
        { certificatePath: signIn.file },
        options,
      );
    case 'assertion': {
      const assertion = (): Promise<string> => assertionOf(signIn.source, transport);
      return new identity.ClientAssertionCredential(signIn.tenant, signIn.client, assertion, options);
    }
    case 'pipeline':
      return new identity.AzurePipelinesCredential(
        signIn.tenant,
        signIn.client,
        signIn.connection,
        signIn.token,
        options,
      );
    case 'managedIdentity':
      return signIn.client === undefined
        ? new identity.ManagedIdentityCredential(options)
        : new identity.ManagedIdentityCredential({ ...options, clientId: signIn.client });
    case 'default':
      return new identity.DefaultAzureCredential(
        signIn.tenant === undefined ? options : { ...options, tenantId: signIn.tenant },
      );
  }
}

async function assertionOf(source: AssertionSource, transport: HttpClient): Promise<string> {
  if (source.kind === 'text') return source.text;
  if (source.kind === 'file') return textIn(source.file, 'the variable for the federated token');
  const url = new URL(source.url);
  if (!url.searchParams.has('audience')) url.searchParams.set('audience', AUDIENCE);
  const headers = { authorization: `Bearer ${source.token}`, accept: 'application/json' };
  const send = openSend(transport);
  const { status, text } = await send({ method: 'GET', url: url.href, headers, signal: NEVER });
  if (status !== 200) throw new Error(`${url.host} gives no token to sign in with (status ${status})`);
  return (JSON.parse(text) as { readonly value: string }).value;
}

const WAYS: Readonly<Record<SignIn['kind'], { readonly name: string; readonly advice: string }>> = {
  secret: {
    name: 'the client secret in ARM_CLIENT_SECRET',
    advice: 'see that ARM_TENANT_ID, ARM_CLIENT_ID and the secret belong together and that it has not ended',
  },
  certificate: {
    name: 'the client certificate in AZURE_CLIENT_CERTIFICATE_PATH',
    advice: 'see that the application in ARM_CLIENT_ID has this certificate and that it has not ended',
  },
  assertion: {
    name: 'a federated token (OIDC)',
    advice: 'see that the application in ARM_CLIENT_ID trusts who gave the token: its issuer and subject',
  },
  pipeline: {
    name: 'a service connection of Azure Pipelines',
    advice: 'see that the job may use the service connection, and that SYSTEM_ACCESSTOKEN is passed on to it',
  },
  managedIdentity: {
    name: 'the managed identity of this machine',
    advice: 'see that the machine has an identity; ARM_CLIENT_ID names one of several',
  },
  default: {
    name: 'what this machine is signed in with',
    advice: 'run: az login; or set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, as for Terraform',
  },
};

function signInError(error: unknown, signIn: SignIn): StepError {
  if (error instanceof StepError) return error;
  const { name, advice } = WAYS[signIn.kind];
  return new StepError(`cannot sign in to Azure with ${name}: ${said(error)}`, { advice });
}

/** Entra's own words where it answered, else the library's, without its stack of hints. */
function said(error: unknown): string {
  const { errors, errorResponse, message } = error as Error & {
    readonly errors?: readonly Error[];
    readonly errorResponse?: { readonly errorDescription?: string };
  };
  if (Array.isArray(errors)) return errors.map((each) => `\n- ${said(each)}`).join('');
  const lines = (errorResponse?.errorDescription ?? message).split(/\r?\n/);
  return lines[0]!.replace(/ ?To troubleshoot, .*$/, '').trim();
}
