import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  leaseIdOf,
  type WorkFolder,
  workedTree,
  workFolderOf,
  writeWorkFolder,
} from '../../../src/cli/deploy/work-folder.ts';
import { UsageError } from '../../../src/cli/terminal.ts';

const TREE = new Map([
  ['terraform/foundation/main.tf', '# one\n'],
  ['terraform/clusters/app1/main.tf', '# two\n'],
]);
const ROOTS = ['foundation', 'clusters/app1'];
const OVERRIDE = 'backend_override.tf';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'bulkhead-work-'));
});
after(() => rmSync(home, { recursive: true, force: true }));

describe('the work folder', () => {
  it('lies beside the fleet file, one for each fleet and environment', () => {
    const folder = workFolderOf(join(home, 'fleet.yaml'), 'atlas-demo');
    const own = join(home, '.bulkhead', 'atlas-demo');
    assert.deepEqual(
      [folder.files, folder.states, folder.lock],
      ['files', 'states', 'lock'].map((name) => join(own, name)),
    );
    assert.equal(folder.logOf('clusters/app1'), join(own, 'logs', 'clusters-app1.log'));
    assert.notEqual(workFolderOf(join(home, 'fleet.yaml'), 'atlas-prod').files, folder.files);
  });

  it('tells each root that its state is on this machine, where it is', () => {
    const local = workedTree(TREE, ROOTS, { kind: 'local' });
    for (const root of ROOTS) {
      assert.match(
        local.get(`terraform/${root}/${OVERRIDE}`)!,
        /^terraform \{\n {2}backend "local" \{\}\n\}\n$/,
      );
    }
    assert.equal(local.size, TREE.size + ROOTS.length);
    const azure = { kind: 'azure', resourceGroup: 'rg', account: 'st', container: 'tfstate' } as const;
    assert.deepEqual(workedTree(TREE, ROOTS, azure), TREE);
  });

  it('is kept out of Git, and keeps what Terraform has put there, the states above all', () => {
    const folder = workFolderOf(join(home, 'fleet.yaml'), 'atlas-demo');
    writeWorkFolder(folder, workedTree(TREE, ROOTS, { kind: 'local' }));
    assert.equal(readFileSync(join(home, '.bulkhead', '.gitignore'), 'utf8'), '*\n');
    const [provider, state] = [
      join(folder.files, 'terraform/foundation/.terraform/provider'),
      join(folder.states, 'clusters/app1.tfstate'),
    ];
    for (const file of [provider, state]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'kept');
    }
    // The states move to Azure, and app1 leaves the fleet.
    writeWorkFolder(folder, new Map([...TREE].slice(0, 1)));
    assert.equal(existsSync(join(folder.files, 'terraform/foundation', OVERRIDE)), false);
    assert.equal(existsSync(join(folder.files, 'terraform/clusters/app1/main.tf')), false);
    for (const file of [provider, state]) assert.equal(readFileSync(file, 'utf8'), 'kept');
  });

  it('has a lease id for each machine that works in it, and the same one for each of its runs', () => {
    const [folder, other] = ['atlas-demo', 'atlas-prod'].map((stem) => {
      const made = workFolderOf(join(home, 'fleet.yaml'), stem);
      writeWorkFolder(made, TREE);
      return made;
    }) as [WorkFolder, WorkFolder];
    const own = leaseIdOf(folder);
    // As Azure takes one (learn.microsoft.com, storageservices/lease-blob: a GUID).
    assert.match(own, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(leaseIdOf(folder), own);
    const ids = [own, leaseIdOf(folder, 'desk'), leaseIdOf(folder, 'laptop'), leaseIdOf(other, 'desk')];
    assert.equal(new Set(ids).size, ids.length, ids.join(' '));
    assert.equal(leaseIdOf(folder, 'desk'), ids[1]);
  });

  it('says where it cannot write', () => {
    writeFileSync(join(home, 'file'), '');
    const folder = workFolderOf(join(home, 'file', 'fleet.yaml'), 'atlas-demo');
    assert.throws(
      () => writeWorkFolder(folder, TREE),
      (error: Error) =>
        error instanceof UsageError && error.message.startsWith(`cannot write to ${join(home, 'file')}`),
    );
  });
});
