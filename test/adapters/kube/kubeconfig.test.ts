import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kubeconfigConnection } from '../../../src/adapters/kube/kubeconfig.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SIGNAL = new AbortController().signal;
const fromEntra = async (): Promise<string> => 'from Entra';

/** The form of Azure's answer for a cluster without local accounts. */
const kubeconfig = (user: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'app1',
    clusters: [
      { name: 'other', cluster: { server: 'https://other:443' } },
      {
        name: 'aks',
        cluster: { server: 'https://app1.hcp.example.org:443', 'certificate-authority-data': base64('PEM') },
      },
    ],
    contexts: [{ name: 'app1', context: { cluster: 'aks', user: 'person' } }],
    users: [{ name: 'person', user }],
  });

describe('a kubeconfig', () => {
  it('with a program to run gives the connection, and the token comes from us', async () => {
    const exec = { exec: { command: 'kubelogin', args: ['get-token'] } };
    for (const text of [kubeconfig(exec), base64(kubeconfig(exec))]) {
      const { token, ...connection } = kubeconfigConnection(text, fromEntra);
      assert.deepEqual(connection, { server: 'https://app1.hcp.example.org:443', ca: 'PEM' });
      assert.equal(await token?.(SIGNAL), 'from Entra');
    }
  });

  it('with a token or a certificate of its own keeps it', async () => {
    const own = kubeconfigConnection(kubeconfig({ token: 'own' }), fromEntra);
    assert.equal(await own.token?.(SIGNAL), 'own');
    const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
    const { certificate, token } = kubeconfigConnection(kubeconfig(user), fromEntra);
    assert.deepEqual(certificate, { cert: 'CERT', key: 'KEY' });
    assert.equal(token, undefined);
  });

  it('that leads nowhere is refused, and its text is not shown', () => {
    const texts = ['', 'password: [', 'secret', base64('secret'), '{"current-context": "x"}'];
    for (const text of texts) {
      assert.throws(() => kubeconfigConnection(text, fromEntra), {
        name: 'StepError',
        message: /^the kubeconfig that Azure gave cannot be used: (?:it is no YAML map|its current context)/,
      });
    }
  });
});
