import { parse } from 'yaml';
import { StepError } from '../../base/step-error.ts';
import type { KubeConnection } from './request.ts';

type Named<Key extends string, Value> = { readonly name?: string } & { readonly [K in Key]?: Value };

type Kubeconfig = {
  readonly 'current-context'?: string;
  readonly contexts?: readonly Named<'context', { readonly cluster?: string; readonly user?: string }>[];
  readonly clusters?: readonly Named<
    'cluster',
    {
      readonly server?: string;
      readonly 'certificate-authority-data'?: string;
      readonly 'tls-server-name'?: string;
    }
  >[];
  readonly users?: readonly Named<
    'user',
    {
      readonly token?: string;
      readonly 'client-certificate-data'?: string;
      readonly 'client-key-data'?: string;
    }
  >[];
};

/**
 * The connection in a kubeconfig as ARM's listClusterUserCredential gives it, in base64 or plain: its current context.
 * An `exec` that would fetch a token is never run: `token` takes its place, and is used where the file holds neither a
 * token nor a client certificate. What a file on this machine would have to say, no cluster's answer can.
 */
export function kubeconfigConnection(
  kubeconfig: string,
  token: (signal: AbortSignal) => Promise<string>,
): KubeConnection {
  const config = parseKubeconfig(kubeconfig);
  const context = named(config.contexts, config['current-context'])?.context;
  const cluster = named(config.clusters, context?.cluster)?.cluster;
  const user = named(config.users, context?.user)?.user;
  if (cluster?.server === undefined) throw unreadable('its current context leads to no server');
  const ca = cluster['certificate-authority-data'];
  const serverName = cluster['tls-server-name'];
  const { token: own, 'client-certificate-data': cert, 'client-key-data': key } = user ?? {};
  const login = (): Pick<KubeConnection, 'token' | 'certificate'> => {
    if (cert !== undefined && key !== undefined)
      return { certificate: { cert: decoded(cert), key: decoded(key) } };
    return { token: own === undefined ? token : async () => own };
  };
  return {
    server: cluster.server,
    ...(ca === undefined ? {} : { ca: decoded(ca) }),
    ...(serverName === undefined ? {} : { serverName }),
    ...login(),
  };
}

function parseKubeconfig(text: string): Kubeconfig {
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text);
  try {
    const config: unknown = parse(isBase64 ? decoded(text) : text);
    if (typeof config === 'object' && config !== null) return config as Kubeconfig;
  } catch {
    // Not told: the text may hold a key.
  }
  throw unreadable('it is no YAML map');
}

function named<T extends { readonly name?: string }>(
  entries: readonly T[] | undefined,
  name: string | undefined,
): T | undefined {
  return name === undefined ? undefined : entries?.find((entry) => entry.name === name);
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function unreadable(why: string): StepError {
  return new StepError(`the kubeconfig that Azure gave cannot be used: ${why}`);
}
