import type { Duplex } from 'node:stream';
import { retry, type RetryPolicy, type Waiting } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import { PodUnreachable } from './pod-stream.ts';
import type { PodPort, ServicePort } from './service-pods.ts';

/** What a person who waits should know. Neither is told twice in a row. */
export type ForwardEvent =
  | { readonly kind: 'forwarding'; readonly pod: string }
  | { readonly kind: 'lost'; readonly why: string };

type Dialled = { readonly stream: Duplex; readonly pod: PodPort };

/**
 * Leads connections to one pod for as long as it takes them, and then looks for another. Many may wait at once: they
 * share the look.
 */
export function openPodDialer(
  way: {
    /** Pods that are Ready now. */
    readonly find: () => Promise<readonly PodPort[]>;
    /** Rejects with PodUnreachable where another try, or another pod, may do. */
    readonly dial: (pod: PodPort) => Promise<Duplex>;
  },
  options: {
    readonly target: ServicePort;
    readonly report: (event: ForwardEvent) => void;
    readonly retry: Waiting & { readonly policy: RetryPolicy };
    /** Told why, when no pod was reached within bounds after one was lost. */
    readonly onGivenUp: (error: unknown) => void;
  },
) {
  const { namespace, service } = options.target;
  let known: PodPort | undefined;
  let looking: Promise<PodPort> | undefined;
  /** The pod that did not do: where there is another one, that is tried first. */
  let failed: string | undefined;
  /** What was reported last: the uid of a pod, or that it is lost. */
  let told: string | undefined;

  const lost = (why: string): void => {
    if (told === LOST) return;
    told = LOST;
    options.report({ kind: 'lost', why });
  };

  const look = async (): Promise<PodPort> => {
    const pods = await way.find();
    const found = pods.find(({ uid }) => uid !== failed) ?? pods[0];
    if (found !== undefined) return found;
    const why = `no pod behind the Service ${namespace}/${service} is ready`;
    lost(why);
    throw new PodUnreachable(why);
  };

  const drop = (pod: PodPort, why: string): void => {
    if (known?.uid === pod.uid) known = undefined;
    failed = pod.uid;
    lost(why);
  };

  const once = async (): Promise<Dialled> => {
    if (known === undefined) looking ??= look().finally(() => (looking = undefined));
    const pod = known ?? (await looking!);
    try {
      const stream = await way.dial(pod);
      known = pod;
      if (told !== pod.uid) options.report({ kind: 'forwarding', pod: pod.name });
      told = pod.uid;
      return { stream, pod };
    } catch (error) {
      if (error instanceof PodUnreachable) drop(pod, error.message);
      throw error;
    }
  };

  /** Rejects with a StepError where no pod comes within bounds, or none will. */
  const connect = async (): Promise<Dialled> => {
    const { policy, ...waiting } = options.retry;
    try {
      return await retry(once, policy, retryAfterMs, waiting);
    } catch (error) {
      if (!(error instanceof PodUnreachable)) throw error;
      throw new StepError(`after ${policy.tries} tries: ${error.message}`, {
        cause: error,
        advice: `look at its pods: kubectl --namespace ${namespace} get pods`,
      });
    }
  };

  return {
    connect,
    /** Says that a connection to the pod was cut. Whether it, or another one, takes connections is found out at once. */
    lose: (pod: PodPort, why: string): void => {
      // Of many connections that are cut at once, the first one looks; we may have cut them ourselves.
      if (known?.uid !== pod.uid || options.retry.signal.aborted) return;
      drop(pod, why);
      connect().then(({ stream }) => stream.destroy(), options.onGivenUp);
    },
  };
}

const LOST = 'lost';

function retryAfterMs(error: unknown): number | undefined {
  return error instanceof PodUnreachable ? 0 : undefined;
}
