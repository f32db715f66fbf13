import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { resumeCommand } from '../../../src/cli/deploy/resume-command.ts';
import type { DeploymentCommandOptions } from '../../../src/cli/options.ts';

const OPTIONS: DeploymentCommandOptions = {
  file: 'fleet.yaml',
  environment: 'demo',
  state: 'azure',
  parallel: 8,
};

describe('the command that goes on', () => {
  it('is the one that was run, without what was agreed to', () => {
    assert.equal(
      resumeCommand('up', { ...OPTIONS, yes: true, allowDestroy: true }),
      'bulkhead up -e demo fleet.yaml',
    );
    assert.equal(
      resumeCommand('down', { ...OPTIONS, state: 'local', clusters: ['app1', 'app2'] }),
      'bulkhead down --clusters app1,app2 -e demo --state local fleet.yaml',
    );
    assert.equal(
      resumeCommand('down', { ...OPTIONS, keeper: true }),
      'bulkhead down --keeper -e demo fleet.yaml',
    );
    assert.equal(
      resumeCommand('up', { ...OPTIONS, checkout: '../platform' }),
      'bulkhead up -e demo --checkout ../platform fleet.yaml',
    );
  });

  it('means the same to a shell, whatever a file is called', () => {
    for (const file of [
      "it's $(here) `now`.yaml",
      'two words.yaml',
      'a;b&c|d>e.yaml',
      '한글.yaml',
      '"q".yaml',
    ]) {
      const command = resumeCommand('up', { ...OPTIONS, file }).replace('bulkhead', 'printf "%s\\n"');
      const words = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
      assert.equal(words, `up\n-e\ndemo\n${file}\n`);
    }
  });
});
