import type { SecretClient } from '@azure/keyvault-secrets';
import { retry } from '../../base/retry.ts';
import type { StepError } from '../../base/step-error.ts';
import type { AzureLogin } from './credential.ts';
import { within } from './deadline.ts';
import { type AzureHttpOptions, isPassing, patienceOf, retryAfterMs } from './http.ts';
import { refusalError } from './refusal.ts';
import { codeOf, unreachable } from './transport.ts';

/** As in a deployment. */
type VaultSecret = { readonly name: string; readonly updated?: string; readonly isEnabled: boolean };

/** What the library throws, as far as it is read: its request, which may hold a value, is not. */
type VaultError = {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
  readonly response?: { readonly headers: { readonly get: (name: string) => string | undefined } };
  readonly details?: {
    readonly error?: { readonly code?: string; readonly innerError?: { readonly code?: string } };
  };
};

/** Of one try, with all pages of a list. */
const CALL_MAX_MS = 100_000;

/**
 * The secrets of vaults, by Microsoft's library. Values are in no message and no log. Rejects with a StepError; what is
 * passing is tried again within bounds.
 */
export function openVault(login: AzureLogin, options: AzureHttpOptions = {}) {
  const { retry: policy, sleep, now } = patienceOf(options);
  const clients = new Map<string, Promise<OpenClient>>();

  const call = async <T>(
    { vaultUri, what, signal }: VaultCall,
    act: (client: SecretClient, bounded: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const key = vaultUri.replace(/\/$/, '');
    const once = async (): Promise<T> => {
      signal.throwIfAborted();
      const opening = clients.get(key) ?? openClient(key, login, options);
      clients.set(key, opening);
      const opened = await opening;
      const { client, renew } = opened;
      return inTurn(opened, () =>
        within(CALL_MAX_MS, signal, (abortSignal) =>
          act(client, { abortSignal }).catch((error: VaultError) => {
            if (error.statusCode !== 401 || !renew()) throw error;
            return act(client, { abortSignal });
          }),
        ),
      );
    };
    const passing = (error: unknown): number | undefined => {
      const { statusCode: status, response } = error as VaultError;
      if (!isPassing({ status, error })) return undefined;
      return response ? (retryAfterMs({ header: (name) => response.headers.get(name) }, now) ?? 0) : 0;
    };
    try {
      return await retry(once, policy, passing, { signal, sleep });
    } catch (error) {
      signal.throwIfAborted();
      const isTold = (error as VaultError).statusCode !== undefined || codeOf(error) !== '';
      throw isTold ? vaultError(what, key, error as VaultError) : error;
    }
  };

  return {
    /** undefined where there is no such secret. */
    get: async (vaultUri: string, name: string, signal: AbortSignal): Promise<string | undefined> => {
      try {
        const what = `reading the secret ${name}`;
        const secret = await call({ vaultUri, what, signal }, (client, bounded) =>
          client.getSecret(name, bounded),
        );
        return secret.value;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    set: async (vaultUri: string, name: string, value: string, signal: AbortSignal): Promise<void> => {
      const what = `writing the secret ${name}`;
      await call({ vaultUri, what, signal }, (client, bounded) => client.setSecret(name, value, bounded));
    },
    /** Names, without values. */
    list: (vaultUri: string, signal: AbortSignal): Promise<readonly VaultSecret[]> =>
      call({ vaultUri, what: 'listing the secrets', signal }, async (client, bounded) => {
        const secrets: VaultSecret[] = [];
        for await (const { name, updatedOn, enabled } of client.listPropertiesOfSecrets(bounded)) {
          const updated = updatedOn === undefined ? {} : { updated: updatedOn.toISOString() };
          secrets.push({ name, ...updated, isEnabled: enabled !== false });
        }
        return secrets;
      }),
  };
}

type VaultCall = { readonly vaultUri: string; readonly what: string; readonly signal: AbortSignal };

type OpenClient = {
  readonly client: SecretClient;
  /** Drops the token that was used last; false where none was. */
  readonly renew: () => boolean;
  /** Whether the vault has answered somebody who is signed in. */
  isKnown: boolean;
  turn: Promise<unknown>;
};

/**
 * The library asks a vault once, without a body, where its tokens come from. What is written beside that request is sent
 * without its body (keyVaultAuthenticationPolicy of @azure/keyvault-common 2.1.0), so the first ones go one by one.
 */
function inTurn<T>(opened: OpenClient, run: () => Promise<T>): Promise<T> {
  if (opened.isKnown) return run();
  const result = opened.turn.then(run);
  opened.turn = result.then(
    () => {
      opened.isKnown = true;
    },
    (error: VaultError) => {
      opened.isKnown ||= error.statusCode !== undefined;
    },
  );
  return result;
}

async function openClient(
  vaultUri: string,
  login: AzureLogin,
  { transport }: AzureHttpOptions,
): Promise<OpenClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  let used: string | undefined;
  const credential = {
    getToken: async (scopes: string | string[], options?: { readonly abortSignal?: unknown }) => {
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
      const scope = typeof scopes === 'string' ? scopes : scopes[0]!;
      used = await login.token(scope, signal ?? new AbortController().signal);
      // When it ends is the login's to know: it is asked each time.
      return { token: used, expiresOnTimestamp: 0 };
    },
  };
  const client = new SecretClient(vaultUri, credential, {
    // Tried again by us, so that it is the same everywhere.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'bulkhead' },
    ...(transport ? { httpClient: transport } : {}),
  });
  const renew = (): boolean => {
    if (used === undefined) return false;
    login.renew(used);
    used = undefined;
    return true;
  };
  return { client, renew, isKnown: false, turn: Promise.resolve() };
}

function isAbsent(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly status?: number } };
  return cause?.status === 404;
}

function vaultError(what: string, vaultUri: string, error: VaultError): StepError {
  const { host } = new URL(vaultUri);
  const { statusCode: status, message } = error;
  if (status === undefined) return unreachable(host, error);
  const inner = error.details?.error?.innerError?.code;
  const code = inner ?? error.code ?? '';
  const place = `${what} in ${host}`;
  return refusalError(place, { status, code, message }, adviceFor(status, inner, host));
}

function adviceFor(status: number, inner: string | undefined, host: string): string | undefined {
  const vault = host.split('.')[0]!;
  if (status === 403 && inner === 'SecretDisabled') {
    return 'enable the secret, or write a new version of it';
  }
  if (status === 403 && inner === 'ForbiddenByFirewall') {
    return `call from an address that the vault lets in: operators.ipRanges in the fleet file, or az keyvault network-rule add --name ${vault} --ip-address …`;
  }
  if (status === 403) {
    return `the vault's firewall does not let you in, or you lack the role Key Vault Secrets Officer on ${vault}; one that was given a moment ago takes some minutes`;
  }
  if (status === 409) {
    return `the secret is deleted and its name is kept: az keyvault secret recover --vault-name ${vault} --name …`;
  }
  return undefined;
}
