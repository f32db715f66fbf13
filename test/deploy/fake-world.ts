import type { Azure, Caller, Clock, World } from '../../src/deploy/world.ts';

/** A world of the ports that a test names. Whoever calls another one has a bug. */
export function fakeWorld(ports: Partial<World> = {}): World {
  const absent = (port: keyof World): never =>
    new Proxy(
      {},
      {
        get: (_, name) => () => {
          throw new Error(`nobody expected ${port}.${String(name)}`);
        },
      },
    ) as never;
  return {
    terraform: absent('terraform'),
    azure: absent('azure'),
    vault: absent('vault'),
    lease: absent('lease'),
    kube: async () => {
      throw new Error('nobody expected kube');
    },
    helm: absent('helm'),
    git: absent('git'),
    clock: fakeClock(),
    random: (bytes) => new Uint8Array(bytes),
    ...ports,
  };
}

/** A clock that a sleep moves, without waiting: what is under way goes on first. */
export function fakeClock(start = Date.parse('2026-11-22T12:00:00Z')): Clock {
  let now = start;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      now += ms;
    },
  };
}

/** By method and path, `GET /subscriptions/s`; `LIST` for a collection. An Error is thrown, a function called. */
export type AzureAnswers = Readonly<Record<string, unknown>>;

/**
 * An Azure that knows these answers: elsewhere a GET finds nothing and a LIST is empty. Cases and queries of paths do
 * not count. What is not read, it refuses as a bug. `asked` grows with every request.
 */
export function fakeAzure(caller: Caller | Error, answers: AzureAnswers, asked: string[] = []): Azure {
  const known = new Map(Object.entries(answers).map(([key, answer]) => [key.toLowerCase(), answer]));
  const answer = async (method: string, path: string, body?: object): Promise<unknown> => {
    const request = `${method} ${path.split('?')[0]}`;
    asked.push(request);
    const found = known.get(request.toLowerCase());
    if (found instanceof Error) throw found;
    return typeof found === 'function' ? (found as (body?: object) => unknown)(body) : found;
  };
  const write = (method: string) => async (): Promise<never> => {
    throw new Error(`nobody expected a ${method}`);
  };
  return {
    caller: async () => {
      if (caller instanceof Error) throw caller;
      return caller;
    },
    get: (path) => answer('GET', path),
    list: async (path) => ((await answer('LIST', path)) ?? []) as readonly unknown[],
    post: (path, _, body) => answer('POST', path, body),
    put: write('PUT'),
    delete: write('DELETE'),
  };
}
