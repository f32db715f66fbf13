import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openTerraform } from '../../../src/adapters/terraform/terraform.ts';

const SIGNAL = new AbortController().signal;
const CALL = { signal: SIGNAL, report: () => undefined };
const SECRET = 'a-value-that-no-list-of-processes-shows';

/** Writes down what it is called with and answers as if nothing was to do. */
const PROGRAM = `#!/bin/sh
for word in "$@"; do echo "$word" >> "$SAID"; done
echo '{}'
`;

let home: string;
let count = 0;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'bulkhead-terraform-test-'));
  writeFileSync(join(home, 'program'), PROGRAM, { mode: 0o755 });
});
after(() => rmSync(home, { recursive: true, force: true }));

function opened() {
  const folder = join(home, String((count += 1)));
  mkdirSync(folder);
  const said = join(folder, 'said');
  const terraform = openTerraform({
    env: { PATH: process.env['PATH'], BULKHEAD_TERRAFORM: join(home, 'program'), SAID: said },
    logFile: () => join(folder, 'logs', 'root.log'),
    backend: () => ({ path: `${SECRET}.tfstate` }),
  });
  return {
    terraform,
    root: { path: 'clusters/app1', folder },
    words: () => readFileSync(said, 'utf8').split('\n'),
  };
}

function fileIn(words: readonly string[], option: string): string {
  return words.find((word) => word.startsWith(option))!.slice(option.length);
}

describe('the command line of Terraform', () => {
  it('names a private file of variables, and no value', async () => {
    const { terraform, root, words } = opened();
    const variables = { egress: ['198.51.100.7'], token: SECRET };
    await terraform.plan({ ...root, variables }, CALL);
    const file = fileIn(words(), '-var-file=');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), variables);
    assert.match(file, /\.tfvars\.json$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
    assert.ok(words().every((word) => !word.includes(SECRET)));
    await terraform.import({ ...root, variables }, 'azurerm_subnet.a', '/subscriptions/s', CALL);
    assert.equal(words().filter((word) => word.startsWith('-var-file=')).length, 2);
    terraform.close();
    assert.equal(existsSync(dirname(file)), false);
  });

  it('names none where the root needs none, and none to apply: the plan has them', async () => {
    const { terraform, root, words } = opened();
    await terraform.plan(root, CALL);
    await terraform.plan({ ...root, variables: {} }, CALL);
    await terraform.apply({ ...root, variables: { token: SECRET } }, join(root.folder, 'plan'), CALL);
    assert.ok(words().every((word) => !word.startsWith('-var-file=')));
    terraform.close();
  });

  it('prepares a folder once, with its backend in a private file', async () => {
    const { terraform, root, words } = opened();
    await terraform.init(root, CALL);
    await terraform.init(root, CALL);
    assert.equal(words().filter((word) => word === 'init').length, 1);
    const file = fileIn(words(), '-backend-config=');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { path: `${SECRET}.tfstate` });
    terraform.close();
  });

  it('is looked for when it is first needed', async () => {
    const terraform = openTerraform({ env: { PATH: '' }, logFile: () => join(home, 'log') });
    await assert.rejects(terraform.version(SIGNAL), {
      name: 'StepError',
      message: 'terraform or tofu was not found on PATH',
      advice: /^install Terraform or OpenTofu 1\.11/,
    });
    await assert.rejects(terraform.init({ path: 'foundation', folder: home }, CALL), /was not found on PATH/);
    terraform.close();
  });
});
