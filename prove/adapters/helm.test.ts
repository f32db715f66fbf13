import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { CHART, helmOfFixtures } from '../support/fixture-chart.ts';
import { temporaryFolder } from '../support/processes.ts';
import { provenBy } from '../support/tools.ts';

const SIGNAL = new AbortController().signal;

describe('Helm', provenBy('helm'), () => {
  // Of its own: others are at work beside it, and some are killed.
  const folder = temporaryFolder('helm-test');
  const { TMPDIR } = process.env;
  before(() => {
    process.env.TMPDIR = folder.path;
  });
  after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    folder.remove();
  });
  const privateFolders = () => readdirSync(folder.path);

  it('renders CRDs and plain Jobs and no hook, for the cluster that is named, in the order of installation', async () => {
    assert.match(await helmOfFixtures().version(SIGNAL), /^\d+\.\d+/);
    const objects = await helmOfFixtures().template(CHART, SIGNAL);
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace}`),
      [
        'Namespace bulwark bulwark',
        'CustomResourceDefinition walls.bulwark.example.org bulwark',
        'Secret login bulwark',
        'ConfigMap settings bulwark',
        'Job certificates bulwark',
        'Wall north bulwark',
      ],
    );
    const settings = objects.find(({ kind }) => kind === 'ConfigMap');
    assert.deepEqual(settings?.['data'], {
      greeting: 'hello',
      kubernetes: 'v1.34.2',
      hasMonitors: 'true',
      window: '12:30',
    });
    const secret = objects.find(({ kind }) => kind === 'Secret');
    assert.deepEqual(secret?.['stringData'], { password: 'hunter2hunter2' });
    assert.deepEqual(privateFolders(), []);
  });

  it('fails in its own words without the values of the fleet', async () => {
    const values = { ...CHART.values, isBroken: true };
    await assert.rejects(helmOfFixtures().template({ ...CHART, values }, SIGNAL), (error: Error) => {
      assert.match(
        error.message,
        /^helm cannot render bulwark 1\.0\.0:\n[\s\S]*the password \*\*\* is too weak/,
      );
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    await assert.rejects(helmOfFixtures().template({ ...CHART, kubernetesVersion: '1.29.0' }, SIGNAL), {
      message: /chart requires kubeVersion: >=1\.30\.0-0/,
    });
    assert.deepEqual(privateFolders(), []);
  });
});
