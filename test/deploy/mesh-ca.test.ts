import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { newP256Key } from '../../src/base/p256.ts';
import { StepError } from '../../src/base/step-error.ts';
import { authorityCertificate } from '../../src/base/x509.ts';
import { meshCaStep, vaultStep } from '../../src/deploy/mesh-ca.ts';
import type { MeshCa, Run } from '../../src/deploy/run.ts';
import type { StepResult } from '../../src/deploy/step.ts';
import { fakeFleet, type FakeFleet, runOf } from './fake-fleet.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Signed by itself, and no authority. */
const LEAF = `-----BEGIN CERTIFICATE-----
MIIBcjCCARigAwIBAgIUVuQIn4XlPNn82okMt9eajvOyoBgwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEbGVhZjAgFw0yNjExMjIyMzEyNTBaGA8yMTI2MTAyOTIzMTI1
MFowDzENMAsGA1UEAwwEbGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMm2
Ku7JNaqygnfLZ6eV52UZZAQre2P/3Iqx0lCGoRTAFxM+XRCIdJRbCEJrJ1orzzis
GZwQVqfHvscztK7yHH+jUDBOMB0GA1UdDgQWBBQiIJGaEOnzl8N/vDKUEEVzSQFB
bDAfBgNVHSMEGDAWgBQiIJGaEOnzl8N/vDKUEEVzSQFBbDAMBgNVHRMBAf8EAjAA
MAoGCCqGSM49BAMCA0gAMEUCIFMNjVkZPVwiYypqX28GgQH4QbdKZYunOEFbSi04
GSVvAiEAyGMd/Gu8SqVEAkxT0lhI4lDW/INFW/XejS03qgtufi0=
-----END CERTIFICATE-----
`;

function newPair(years = 3, form: 'pkcs8' | 'sec1' = 'pkcs8'): MeshCa {
  const privateKey = createPrivateKey(newP256Key());
  const certificate = authorityCertificate(privateKey, {
    commonName: 'Cilium CA',
    serial: Uint8Array.of(9),
    from: NOW - 10 * YEAR_MS,
    until: NOW + years * YEAR_MS,
  });
  return { certificate, key: privateKey.export({ type: form, format: 'pem' }).toString() };
}

const inVault = (fleet: FakeFleet, { certificate, key }: Partial<MeshCa>): void => {
  if (certificate !== undefined) fleet.vault.set('mesh-ca-crt', certificate);
  if (key !== undefined) fleet.vault.set('mesh-ca-key', key);
};

const onCluster = (fleet: FakeFleet, name: string, { certificate, key }: Partial<MeshCa>): void => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  fleet.create(name).put({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cilium-ca', namespace: 'kube-system' },
    data: {
      ...(certificate === undefined ? {} : { 'ca.crt': base64(certificate) }),
      ...(key === undefined ? {} : { 'ca.key': base64(key) }),
    },
  });
};

async function find(
  fleet: FakeFleet,
  run: Run = runOf(fleet),
): Promise<StepResult & { readonly ca: MeshCa }> {
  const signal = new AbortController().signal;
  const result = await meshCaStep(run)!.run({ signal, report: () => undefined });
  return { ...result, ca: run.found.meshCa! };
}

/** What a person is told; never a piece of a PEM. */
async function told(fleet: FakeFleet): Promise<string> {
  const error = await find(fleet).then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StepError, String(error));
  const text = `${error.message}; ${error.advice}`;
  assert.doesNotMatch(text, /BEGIN|[A-Za-z0-9+/]{40}/);
  assert.deepEqual(fleet.vaultWrites, [], 'nothing is written where something is wrong');
  return text;
}

describe('the mesh CA', () => {
  it('is the one in the vault, and no cluster is asked', async () => {
    const fleet = fakeFleet();
    const pair = newPair();
    inVault(fleet, pair);
    fleet.create('app1');
    fleet.stopped.add('app1');
    const { ca, ...result } = await find(fleet);
    assert.deepEqual(ca, pair);
    assert.deepEqual(result, { isChanged: false, note: 'in the vault, until 2029-11-21' });
  });

  it('is made where there is none, for ten years, and read back', async () => {
    const fleet = fakeFleet();
    fleet.create('app1');
    const { ca, ...result } = await find(fleet);
    assert.deepEqual(result, { isChanged: true, note: 'made, until 2036-11-19' });
    assert.deepEqual(
      [fleet.vault.get('mesh-ca-crt'), fleet.vault.get('mesh-ca-key')],
      [ca.certificate, ca.key],
    );
    assert.match(fleet.vaultWrites[0]!, /^mesh-ca-key=/, 'the key first');
    const { subject, ca: isAuthority } = new X509Certificate(ca.certificate);
    assert.deepEqual([subject, isAuthority], ['CN=Mesh of atlas\\, demo', true]);
    assert.equal((await find(fleet)).isChanged, false);
  });

  it('is taken over from clusters that have it, however its key is written', async () => {
    const fleet = fakeFleet();
    const pair = newPair(3, 'sec1');
    onCluster(fleet, 'app1', pair);
    onCluster(fleet, 'app2', { ...pair, certificate: pair.certificate.replaceAll('\n', '\r\n') });
    fleet.create('mgmt');
    const { ca, ...result } = await find(fleet);
    assert.deepEqual(ca, pair);
    assert.deepEqual(result, { isChanged: true, note: 'taken over from app1, until 2029-11-21' });
  });

  it('is not made while a cluster may have it that cannot be asked', async () => {
    const stopped = fakeFleet();
    stopped.create('app1');
    stopped.stopped.add('app1');
    assert.match(
      await told(stopped),
      /app1, which may have one, .*it is stopped; start it: az aks start .*app1/,
    );
    const silent = fakeFleet();
    silent.create('app2');
    const world = {
      ...silent.world,
      kube: async () => {
        throw new StepError('the API server cannot be reached');
      },
    };
    await assert.rejects(find(silent, runOf(silent, world)), /app2.* cannot be asked .*cannot be reached/);
    assert.deepEqual(silent.vaultWrites, []);
  });

  it('is for a person to choose where two differ', async () => {
    const clusters = fakeFleet();
    onCluster(clusters, 'app1', newPair());
    onCluster(clusters, 'app2', newPair());
    assert.match(await told(clusters), /^app1 and app2 have different mesh CAs; .*decide/);
    const half = fakeFleet();
    inVault(half, { key: newPair().key });
    onCluster(half, 'app1', newPair());
    assert.match(await told(half), /^the vault and app1 have different mesh CAs/);
  });

  it('gets a certificate for a key that a run left alone, and a half back from a cluster', async () => {
    const fleet = fakeFleet();
    const { key } = newPair();
    inVault(fleet, { key });
    const { ca, note } = await find(fleet);
    assert.equal(ca.key, key);
    assert.match(note!, /^made for the key in the vault/);
    assert.deepEqual(fleet.vaultWrites, [`mesh-ca-crt=${ca.certificate}`]);
    for (const half of ['certificate', 'key'] as const) {
      const other = fakeFleet();
      const pair = newPair();
      inVault(other, { [half]: pair[half] });
      onCluster(other, 'app1', pair);
      assert.deepEqual((await find(other)).ca, pair);
      assert.equal(other.vaultWrites.length, 1);
    }
  });

  it('is not guessed from half of it', async () => {
    const certificate = fakeFleet();
    inVault(certificate, { certificate: newPair().certificate });
    assert.match(
      await told(certificate),
      /^the vault has mesh-ca-crt of the mesh CA and no mesh-ca-key; bring/,
    );
    const cluster = fakeFleet();
    onCluster(cluster, 'app1', { key: newPair().key });
    assert.match(await told(cluster), /^app1 has ca.key of Secret cilium-ca of the mesh CA and no ca.crt/);
    const foreign = fakeFleet();
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    inVault(foreign, { key: rsa.export({ type: 'pkcs8', format: 'pem' }).toString() });
    assert.match(await told(foreign), /no mesh-ca-crt, and the key is not ours/);
  });

  for (const [name, pair, message] of [
    ['ended', newPair(-1), /mesh-ca-crt ended on 2025-11-22/],
    ['is no authority', { ...newPair(), certificate: LEAF }, /no certificate of an authority/],
    ['is of another key', { ...newPair(), key: newPair().key }, /mesh-ca-key is not the key of mesh-ca-crt/],
    [
      'is no certificate',
      { ...newPair(), certificate: 'hunter2' },
      /mesh-ca-crt in the vault is no certificate/,
    ],
    ['has no key', { ...newPair(), key: 'hunter2' }, /mesh-ca-key in the vault is no private key/],
  ] as const) {
    it(`is refused where it ${name}`, async () => {
      const fleet = fakeFleet();
      inVault(fleet, pair);
      const text = await told(fleet);
      assert.match(text, message);
      assert.doesNotMatch(text, /hunter2/);
    });
  }

  it('is refused where the vault gives another one back', async () => {
    const fleet = fakeFleet();
    const other = newPair();
    const vault = { ...fleet.world.vault, set: async () => inVault(fleet, other) };
    await assert.rejects(find(fleet, runOf(fleet, { ...fleet.world, vault })), /have different mesh CAs/);
    const deaf = { ...fakeFleet().world.vault, set: async () => undefined };
    const empty = fakeFleet();
    await assert.rejects(find(empty, runOf(empty, { ...empty.world, vault: deaf })), /has just taken one/);
  });

  it('is nothing to a fleet without a mesh', () => {
    const fleet = fakeFleet({ network: { cni: 'azure-overlay', clusterMesh: false } });
    assert.equal(meshCaStep(runOf(fleet)), undefined);
  });
});

describe('the vault', () => {
  const look = async (answers: readonly (Error | undefined)[]) => {
    const fleet = fakeFleet();
    let asked = 0;
    const list = async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer) throw answer;
      return [];
    };
    const world = { ...fleet.world, vault: { ...fleet.world.vault, list } };
    const begin = world.clock.now();
    const reports: string[] = [];
    const signal = new AbortController().signal;
    const done = vaultStep(runOf(fleet, world)).run({ signal, report: (text) => void reports.push(text) });
    const error = await done.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    return { error, asked, reports, minutes: (world.clock.now() - begin) / 60_000 };
  };

  it('is waited for until its role has arrived', async () => {
    const refusal = new StepError('listing the secrets was refused (403)');
    const { error, asked, reports } = await look([refusal, refusal, undefined]);
    assert.deepEqual([error, asked, reports], [undefined, 3, [refusal.message]]);
  });

  it('is given up after ten minutes, with its own words and advice', async () => {
    const { error, minutes } = await look([new StepError('refused (403)', { advice: 'open the firewall' })]);
    assert.ok(error instanceof StepError);
    assert.match(error.message, /does not let you in after 10 minutes: refused \(403\)$/);
    assert.equal(error.advice, 'open the firewall');
    assert.equal(minutes, 10);
    const plain = (await look([new StepError('refused')])).error as StepError;
    assert.match(plain.advice!, /admins.*operators/);
  });

  it('is not waited for where something is broken', async () => {
    const { error, asked } = await look([new TypeError('x is not a function')]);
    assert.deepEqual([error?.name, asked], ['TypeError', 1]);
  });
});
