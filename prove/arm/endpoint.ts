import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { temporaryFolder, undoAtExit } from '../support/processes.ts';
import { selfSigned } from './certificate.ts';

/** Stands in for Azure Resource Manager and Entra, on loopback, as far as planning a fresh root asks them. */
export interface ArmEndpoint {
  /** What terraform and the provider need in their environment to come here. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was asked that it does not know: `GET /subscriptions/…`. */
  readonly unanswered: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Starts the endpoint on a free port. azurerm finds it by ARM_METADATA_HOSTNAME, so that the HCL under test
 * is the one that ships. A plan without data sources asks for metadata, a token and the registered providers
 * (azurerm 5.2.0); anything else is answered with 404 and remembered.
 */
export async function startArmEndpoint(): Promise<ArmEndpoint> {
  const folder = temporaryFolder('arm');
  const { key, certificate } = selfSigned(['localhost'], new Date());
  const trusted = join(folder.path, 'ca.pem');
  writeFileSync(trusted, certificate);
  const unanswered: string[] = [];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    answer(request, response, server, unanswered);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  undoAtExit(close);
  return {
    environment: {
      ARM_METADATA_HOSTNAME: `localhost:${portOf(server)}`,
      SSL_CERT_FILE: trusted,
      ARM_CLIENT_ID: NOBODY,
      ARM_CLIENT_SECRET: 'none',
      ARM_TENANT_ID: NOBODY,
      ARM_SUBSCRIPTION_ID: NOBODY,
    },
    unanswered: () => unanswered,
    stop: async () => {
      const closed = new Promise((resolve) => server.on('close', resolve));
      close();
      await closed;
      folder.remove();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
  unanswered: string[],
): void {
  const base = `https://localhost:${portOf(server)}`;
  const path = new URL(request.url ?? '/', base).pathname.toLowerCase();
  const body = bodyFor(path, base);
  if (body === undefined) unanswered.push(`${request.method} ${path}`);
  request.resume();
  request.on('end', () => {
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: { code: 'ResourceNotFound', message: path } }));
  });
}

function bodyFor(path: string, base: string): object | undefined {
  if (path === '/metadata/endpoints') return metadata(base);
  if (path.endsWith('/oauth2/v2.0/token')) {
    return { token_type: 'Bearer', access_token: token(base), expires_in: 3600 };
  }
  if (/^\/subscriptions\/[^/]+\/providers$/.test(path)) return { value: [] };
  if (/^\/subscriptions\/[^/]+\/providers\/[^/]+(?:\/register)?$/.test(path)) {
    return { registrationState: 'Registered' };
  }
  return undefined;
}

/** All that azurerm configures itself from. */
function metadata(base: string): object {
  return {
    name: 'AzureCloud',
    portal: base,
    resourceManager: base,
    microsoftGraphResourceId: base,
    authentication: { loginEndpoint: base, audiences: [base], tenant: 'common', identityProvider: 'AAD' },
    suffixes: { keyVaultDns: 'vault.azure.net', storage: 'core.windows.net', acrLoginServer: 'azurecr.io' },
  };
}

/** A token that nobody signed: the provider reads it and does not verify it. */
function token(audience: string): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const claims = { tid: NOBODY, oid: NOBODY, appid: NOBODY, aud: audience, exp: 4102444800 };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.none`;
}
