import { type Answer, failed, type LabRequest } from './answer.ts';
import { uuidOf } from './uuid.ts';

/** Seconds that a token is good for, as Entra gives them. */
const TOKEN_SECONDS = 3600;

/** The application whose secret is asked for where nothing else is said. */
export const LAB_CLIENT_ID = uuidOf('the client of the lab');

/** Names of the one public cloud, which a client takes for the same. */
const AUTHORITIES = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
];

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
    const body = {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      // MSAL takes no configuration without it, and never asks there.
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    };
    return { status: 200, body };
  }
  if (request.path === '/common/discovery/instance') return instances(request, tenant);
  return { ...failed(404, 'NotKnownToTheLab', `The lab does not know ${request.path}.`), isUnknown: true };
}

/** Whether a host signs people in, as MSAL asks before it sends a secret there. */
function instances({ origin }: LabRequest, tenant: string): Answer {
  const [first] = AUTHORITIES;
  const known = { preferred_network: first, preferred_cache: 'login.windows.net', aliases: AUTHORITIES };
  return {
    status: 200,
    body: {
      'api-version': '1.1',
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      metadata: [known],
    },
  };
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

type Claims = { readonly oid?: unknown; readonly exp?: unknown };

/** The object id in the token of a request; undefined when it carries none. */
export function callerOf(headers: LabRequest['headers']): string | undefined {
  const oid = claimsIn(headers)?.oid;
  return typeof oid === 'string' ? oid : undefined;
}

/** 401 for a token that was good once, as every plane of Azure gives it. */
export function expiredToken({ headers }: LabRequest, now: number): Answer | undefined {
  const end = claimsIn(headers)?.exp;
  if (typeof end !== 'number' || end * 1000 > now) return undefined;
  const message = `The access token expiry UTC time '${new Date(end * 1000).toISOString()}' is earlier than current UTC time.`;
  return {
    ...failed(401, 'ExpiredAuthenticationToken', message),
    headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="The token is expired"' },
  };
}

function claimsIn(headers: LabRequest['headers']): Claims | undefined {
  const payload = /^Bearer [^.]*\.([^.]+)\./.exec(headers['authorization'] ?? '')?.[1];
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
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
    idtyp: 'app',
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.none`;
}
