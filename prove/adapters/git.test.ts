import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { openGit } from '../../src/adapters/git/git.ts';
import { StepError } from '../../src/base/step-error.ts';
import { temporaryFolder } from '../support/processes.ts';

const SIGNAL = new AbortController().signal;

const hasGit = spawnSync('git', ['--version']).status === 0;

describe('Git', { skip: hasGit || process.env.CI !== undefined ? false : 'git is not here' }, () => {
  const folder = temporaryFolder('git').path;
  const run = (...args: string[]): string => {
    const identity = ['-c', 'user.name=proof', '-c', 'user.email=proof@example.invalid'];
    const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...identity, ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };
  const git = openGit(process.env);

  before(() => {
    run('init', '--quiet', '--initial-branch=main');
    mkdirSync(join(folder, 'platform', 'apps'), { recursive: true });
    writeFileSync(join(folder, 'platform', 'apps', 'ä.yaml'), 'a: 1\n');
    writeFileSync(join(folder, 'platform', 'root.yaml'), '');
    writeFileSync(join(folder, 'other.txt'), 'other\n');
    run('add', '.');
    run('commit', '--quiet', '--message=one');
    run('tag', '--annotate', '--message=v1', 'v1');
  });

  it('tells what a branch and a tag of a remote point at', async () => {
    const head = run('rev-parse', 'HEAD');
    for (const revision of ['main', 'v1', 'HEAD', 'refs/heads/main', head]) {
      assert.equal(await git.remoteRevision(folder, revision, SIGNAL), head, revision);
    }
    assert.equal(await git.remoteRevision(folder, 'mai', SIGNAL), undefined);
    for (const repo of [
      '/nowhere',
      '--upload-pack=touch /tmp/never',
      'https://me:secret@127.0.0.1:9/a.git',
    ]) {
      await assert.rejects(git.remoteRevision(repo, 'main', SIGNAL), (error: Error) => {
        assert.ok(error instanceof StepError);
        assert.doesNotMatch(`${error.message}${error.advice}`, /secret/);
        return true;
      });
    }
  });

  it('reads the tree of a folder at a commit, whatever the work tree has', async () => {
    const head = run('rev-parse', 'HEAD');
    writeFileSync(join(folder, 'platform', 'root.yaml'), 'changed\n');
    const tree = await git.treeAt(join(folder, 'platform'), head, SIGNAL);
    assert.deepEqual(
      [...(tree ?? [])],
      [
        ['apps/ä.yaml', 'a: 1\n'],
        ['root.yaml', ''],
      ],
    );
    mkdirSync(join(folder, 'new'));
    assert.equal(await git.treeAt(join(folder, 'new'), head, SIGNAL), undefined);
    await assert.rejects(git.treeAt(folder, '0'.repeat(40), SIGNAL), { advice: /fetch$/ });
    await assert.rejects(git.treeAt(tmpdir(), head, SIGNAL), { message: /lies in no checkout/ });
  });
});
