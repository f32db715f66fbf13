import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withoutPassword } from '../../../src/adapters/git/command.ts';
import { chosenRevision, openGit } from '../../../src/adapters/git/git.ts';

describe('what a remote lists', () => {
  const refs = ['refs/heads/main', 'refs/tags/main^{}', 'refs/tags/main'];

  it('is the branch before the tag, and the commit of a tag before the tag itself', () => {
    assert.equal(chosenRevision('1\trefs/tags/main\n2\trefs/tags/main^{}\n3\trefs/heads/main', refs), '3');
    assert.equal(chosenRevision('1\trefs/tags/main\n2\trefs/tags/main^{}', refs), '2');
    assert.equal(chosenRevision('1\trefs/tags/main', refs), '1');
  });

  it('is nothing where a name only ends like the asked one', () => {
    assert.equal(chosenRevision('1\trefs/remotes/refs/heads/main', refs), undefined);
    assert.equal(chosenRevision('', refs), undefined);
  });
});

describe('the tree of a folder', () => {
  it('is refused by the name of the folder where that is not there, or is none', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-git-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const [missing, below] = [join(folder, 'platform'), join(file, 'platform')];
    const { treeAt } = openGit(process.env);
    for (const [path, message] of [
      [missing, `${missing} is not there`],
      [below, `${below} is not there`],
      [file, `${file} is no folder`],
    ] as const) {
      await assert.rejects(treeAt(path, 'HEAD', AbortSignal.timeout(10_000)), { name: 'StepError', message });
    }
  });
});

describe('a message of git', () => {
  it('loses user and password of an address', () => {
    assert.equal(
      withoutPassword("fatal: unable to access 'https://me:token@example.org/a.git/': 403"),
      "fatal: unable to access 'https://example.org/a.git/': 403",
    );
    assert.equal(withoutPassword('git@example.org:a.git'), 'git@example.org:a.git');
  });
});
