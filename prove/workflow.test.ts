/** The workflow that `bulkhead init` writes, as actionlint judges it: syntax, expressions, inputs of actions. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { starterWorkflow } from '../src/starter/workflow.ts';
import { runProgram, temporaryFolder } from './support/processes.ts';
import { pathOf, provenBy } from './support/tools.ts';

describe('the workflow of a new fleet', provenBy('actionlint'), () => {
  const folder = temporaryFolder('workflow');
  after(() => folder.remove());

  /** What actionlint says; without the linters of other languages, which are on some machines and not on others. */
  async function complaints(text: string): Promise<string> {
    const path = join(folder.path, 'bulkhead.yaml');
    writeFileSync(path, text);
    const args = ['-no-color', '-oneline', '-shellcheck=', '-pyflakes=', path];
    const { exitCode, stdout, stderr } = await runProgram(pathOf('actionlint'), args, { cwd: folder.path });
    assert.equal(exitCode === 0, stdout === '', stderr);
    return stdout;
  }

  for (const fleetFile of ['fleet.yaml', 'infra/eu west/fleet.yaml']) {
    it(`is clean for ${fleetFile}`, async () => {
      assert.equal(await complaints(starterWorkflow({ fleetFile, version: '0.1.0' })), '');
    });
  }

  it('is clean for a second fleet of the repository', async () => {
    const workflow = { fleetFile: 'fleets/second/fleet.yaml', version: '0.1.0', name: 'bulkhead-second' };
    assert.equal(await complaints(starterWorkflow(workflow)), '');
  });

  it('would not be with an input that the action does not have, or a permission that does not exist', async () => {
    const good = starterWorkflow({ fleetFile: 'fleet.yaml', version: '0.1.0' });
    assert.match(await complaints(good.replace('node-version:', 'node-versoin:')), /node-versoin/);
    assert.match(
      await complaints(good.replace('contents: read', 'content: read')),
      /permission scope "content"/,
    );
  });
});
