import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { type ForwardEvent, openPodDialer } from '../../../src/adapters/kube/pod-dialer.ts';
import { PodUnreachable } from '../../../src/adapters/kube/pod-stream.ts';
import { type PodPort, readyPods } from '../../../src/adapters/kube/service-pods.ts';
import { type FakePod, podObject, SERVICE } from './forwarding-cluster.ts';

const NEVER = new AbortController().signal;

type Kube = Parameters<typeof readyPods>[0];

function kubeWith(spec: object | undefined, pods: readonly FakePod[]): Kube & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'grafana' } };
  return {
    asked,
    get: async () => (spec === undefined ? undefined : { ...object, spec }),
    list: async (kind) => {
      asked.push(kind);
      return pods.map((pod) => ({ ...object, ...podObject(pod) }) as never);
    },
  };
}

const SPEC = { selector: { app: 'grafana', part: 'web' }, ports: [{ port: 80, targetPort: 'http' }] };

describe('the pods behind a Service', () => {
  it('are those of its selector that are Ready and stay, each with its own number of the port', async () => {
    const kube = kubeWith(SPEC, [
      { name: 'c', uid: '3', ports: [{ name: 'http', containerPort: 3001 }] },
      { name: 'b', uid: '2', isReady: false },
      { name: 'd', uid: '4', isEnding: true },
      { name: 'e', uid: '5', ports: [{ name: 'metrics', containerPort: 9090 }] },
      { name: 'a', uid: '1' },
    ]);
    const { namespace } = SERVICE;
    assert.deepEqual(await readyPods(kube, SERVICE, NEVER), [
      { namespace, name: 'a', uid: '1', port: 3000 },
      { namespace, name: 'c', uid: '3', port: 3001 },
    ]);
    assert.deepEqual(kube.asked, [
      { apiVersion: 'v1', kind: 'Pod', namespace, labels: 'app=grafana,part=web' },
    ]);
  });

  it('have the port of the Service where it names no other', async () => {
    for (const [target, expected] of [
      [{}, 80],
      [{ targetPort: 8080 }, 8080],
    ] as const) {
      const kube = kubeWith({ ...SPEC, ports: [{ port: 80, ...target }] }, [{ name: 'a', uid: '1' }]);
      assert.equal((await readyPods(kube, SERVICE, NEVER))[0]?.port, expected);
    }
  });

  it('cannot be found without a Service, its port or a selector', async () => {
    const lacks = [
      [undefined, 'is not there'],
      [{ ...SPEC, ports: [{ port: 443 }] }, 'has no port 80'],
      [{ ports: SPEC.ports }, 'selects no pods by labels'],
    ] as const;
    for (const [spec, lack] of lacks) {
      await assert.rejects(readyPods(kubeWith(spec, []), SERVICE, NEVER), {
        name: 'StepError',
        message: `the Service monitoring/grafana ${lack}`,
      });
    }
  });
});

describe('the choice of a pod', () => {
  const pod = (name: string): PodPort => ({ namespace: 'monitoring', name, uid: name, port: 3000 });
  const stream = (): Duplex =>
    new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });

  function dialer(pods: () => readonly PodPort[], dial: (pod: PodPort) => Promise<Duplex>) {
    const events: ForwardEvent[] = [];
    const given: unknown[] = [];
    let looks = 0;
    const find = async (): Promise<readonly PodPort[]> => {
      looks += 1;
      return pods();
    };
    const policy = { tries: 3, waitMs: 1, maxWaitMs: 2 };
    const opened = openPodDialer(
      { find, dial },
      {
        target: SERVICE,
        report: (event) => events.push(event),
        retry: { policy, signal: NEVER, sleep: async () => undefined },
        onGivenUp: (error) => given.push(error),
      },
    );
    return { ...opened, events, given, looks: () => looks };
  }

  it('is made once for all that wait', async () => {
    const one = dialer(
      () => [pod('a'), pod('b')],
      async () => stream(),
    );
    const dialled = await Promise.all(Array.from({ length: 20 }, () => one.connect()));
    assert.deepEqual(new Set(dialled.map((each) => each.pod.name)), new Set(['a']));
    await one.connect();
    assert.equal(one.looks(), 1);
    assert.deepEqual(one.events, [{ kind: 'forwarding', pod: 'a' }]);
  });

  it('is made once when many connections are cut at once, and stays where the pod is the only one', async () => {
    const one = dialer(
      () => [pod('a')],
      async () => stream(),
    );
    const dialled = await Promise.all([one.connect(), one.connect(), one.connect()]);
    for (const each of dialled) one.lose(each.pod, 'cut');
    await one.connect();
    assert.equal(one.looks(), 2);
    assert.deepEqual(
      one.events.map(({ kind }) => kind),
      ['forwarding', 'lost', 'forwarding'],
    );
  });

  it('says once that nothing is to be had, until something is', async () => {
    let tries = 0;
    const one = dialer(
      () => ((tries += 1) < 3 ? [] : [pod('a')]),
      async () => stream(),
    );
    await one.connect();
    assert.deepEqual(one.events, [
      { kind: 'lost', why: 'no pod behind the Service monitoring/grafana is ready' },
      { kind: 'forwarding', pod: 'a' },
    ]);
  });

  it('is given up after so many tries, once', async () => {
    let isThere = true;
    const one = dialer(
      () => (isThere ? [pod('a')] : []),
      async () => stream(),
    );
    const dialled = await one.connect();
    isThere = false;
    one.lose(dialled.pod, 'cut');
    one.lose(dialled.pod, 'cut');
    await assert.rejects(one.connect(), { name: 'StepError', message: /^after 3 tries: no pod behind/ });
    await Promise.resolve();
    assert.equal(one.given.length, 1);
  });

  it('is not tried again after a refusal that stays, or a bug', async () => {
    const bug = new TypeError('a bug');
    const one = dialer(
      () => [pod('a')],
      () => Promise.reject(bug),
    );
    await assert.rejects(one.connect(), bug);
    assert.equal(one.looks(), 1);
    const other = dialer(
      () => [pod('a')],
      () => Promise.reject(new PodUnreachable('away')),
    );
    await assert.rejects(other.connect(), { message: 'after 3 tries: away' });
    assert.equal(other.looks(), 3);
  });
});
