import { type Answer, failed, type LabRequest } from './answer.ts';
import { uuidOf } from './uuid.ts';

/** Seconds that a token is good for, as Entra gives them. */
const TOKEN_SECONDS = 3600;

/** The application whose secret is asked for where nothing else is said. */
export const LAB_CLIENT_ID = uuidOf('the client of the lab');

/** `https://login.microsoftonline.com`: tokens for whoever asks, and what a client looks up before. */
export function answerEntra(request: LabRequest, tenantId: string, now: number): Answer {
  // azurerm asks `//<tenant>/oauth2/…` where the login endpoint ends in a slash.
  const tenant = /^\/+([0-9a-f-]{36})\//i.exec(request.path)?.[1] ?? tenantId;
  if (request.path.endsWith('/oauth2/v2.0/token') || request.path.endsWith('/oauth2/token')) {
    const form = new URLSearchParams(request.body.toString('utf8'));
    const audience =
      form.get('scope')?.replace(/\/?\.default$/, '') ?? form.get('resource') ?? request.origin;
    const access_token = tokenFor({ tenant, client: form.get('client_id') ?? LAB_CLIENT_ID, audience }, now);
    return { status: 200, body: { token_type: 'Bearer', expires_in: TOKEN_SECONDS, access_token } };
  }
  if (request.path.endsWith('/.well-known/openid-configuration')) {
    const base = `${request.origin}/${tenant}`;
    const token_endpoint = `${base}/oauth2/v2.0/token`;
    return {
      status: 200,
      body: { issuer: `${base}/v2.0`, token_endpoint, authorization_endpoint: `${base}/authorize` },
    };
  }
  return { ...failed(404, 'NotKnownToTheLab', `The lab does not know ${request.path}.`), isUnknown: true };
}

/**
 * Answers `GET /metadata/endpoints`: azurerm configures itself from it alone. Everything is where it was asked, or, asked
 * of Azure's own host, where Azure has it.
 */
export function cloudMetadata(origin: string | undefined): Answer {
  const manager = origin ?? 'https://management.azure.com/';
  return {
    status: 200,
    body: {
      name: 'AzureCloud',
      portal: origin ?? 'https://portal.azure.com',
      resourceManager: manager,
      microsoftGraphResourceId: origin ?? 'https://graph.microsoft.com/',
      authentication: {
        loginEndpoint: origin ?? 'https://login.microsoftonline.com',
        audiences: [manager],
        tenant: 'common',
        identityProvider: 'AAD',
      },
      suffixes: { keyVaultDns: 'vault.azure.net', storage: 'core.windows.net', acrLoginServer: 'azurecr.io' },
    },
  };
}

/** Who a client is to the directory: the object that roles are given to. */
export function objectIdOf(client: string): string {
  return uuidOf(`object of ${client}`);
}

/** The object id in the token of a request; undefined when it carries none. */
export function callerOf(headers: LabRequest['headers']): string | undefined {
  const payload = /^Bearer [^.]*\.([^.]+)\./.exec(headers['authorization'] ?? '')?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
      readonly oid?: unknown;
    };
    return typeof claims.oid === 'string' ? claims.oid : undefined;
  } catch {
    return undefined;
  }
}

/** A token that nobody signed: clients read it and do not verify it. */
function tokenFor(
  {
    tenant,
    client,
    audience,
  }: { readonly tenant: string; readonly client: string; readonly audience: string },
  now: number,
): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const seconds = Math.floor(now / 1000);
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tenant}/`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + TOKEN_SECONDS,
    tid: tenant,
    appid: client,
    oid: objectIdOf(client),
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.none`;
}
