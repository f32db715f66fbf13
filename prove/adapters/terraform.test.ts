import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openTerraform } from '../../src/adapters/terraform/terraform.ts';
import { StepError } from '../../src/base/step-error.ts';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { pathOf, provenBy } from '../support/tools.ts';

const SIGNAL = new AbortController().signal;

/** A root that needs no provider: `terraform_data` is built in. */
const ROOT = `
variable "size" {
  type    = string
  default = "a"
}
resource "terraform_data" "pool" {
  input            = var.size
  triggers_replace = var.size == "c" ? "c" : "ab"
}
resource "terraform_data" "slow" {
  count = var.size == "slow" ? 1 : 0
  provisioner "local-exec" {
    command = "sleep 30"
  }
}
resource "terraform_data" "broken" {
  count = var.size == "broken" ? 1 : 0
  provisioner "local-exec" {
    command = "exit 3"
  }
}
output "size" {
  value = terraform_data.pool.output
}
output "hidden" {
  value     = "hunter2hunter2"
  sensitive = true
}
`;

describe('Terraform', provenBy('terraform'), () => {
  const makeRoot = (path: string) => {
    const folder = temporaryFolder('root').path;
    writeFileSync(join(folder, 'main.tf'), ROOT);
    const said: string[] = [];
    const size = (value: string): void =>
      writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify({ size: value }));
    const call = { signal: SIGNAL, report: (text: string) => void said.push(text) };
    return { root: { path, folder }, logFile: join(folder, 'logs', 'root.log'), said, size, call };
  };
  type Made = ReturnType<typeof makeRoot>;
  const open = ({ logFile }: Made, more: { readonly lockWaitSeconds?: number } = {}) =>
    openTerraform({
      env: { ...process.env, BULKHEAD_TERRAFORM: pathOf('terraform'), TF_CLI_ARGS_apply: '-nonsense' },
      logFile: () => logFile,
      ...more,
    });

  it('plans, applies, tells what happens, and finds nothing to do the second time', async () => {
    const made = makeRoot('foundation');
    const { root, call, said, size, logFile } = made;
    const terraform = open(made);
    assert.equal((await terraform.version(SIGNAL)).program, 'terraform');
    await terraform.init(root, call);
    assert.deepEqual(await terraform.outputs(root, call), {});
    assert.deepEqual(await terraform.resources(root, call), []);
    const first = await terraform.plan(root, call);
    assert.deepEqual(first.changes, [
      { address: 'terraform_data.pool', type: 'terraform_data', action: 'create', replacedBy: [] },
    ]);
    assert.equal(statSync(join(first.planFile, '..')).mode & 0o777, 0o700);
    await terraform.apply(root, first.planFile, call);
    assert.equal(existsSync(first.planFile), false, 'a plan serves once');
    assert.deepEqual(await terraform.outputs(root, call), { hidden: 'hunter2hunter2', size: 'a' });
    assert.deepEqual((await terraform.plan(root, call)).changes, []);
    for (const text of [
      'plan: 1 to add, 0 to change, 0 to destroy',
      'terraform_data.pool: creating',
      'terraform_data.pool: created',
    ]) {
      assert.ok(said.includes(text), said.join('\n'));
    }
    const log = readFileSync(logFile, 'utf8');
    assert.match(log, /apply_complete/);
    assert.doesNotMatch(log, /hunter2/, 'a sensitive output is in no log');
    size('c');
    assert.deepEqual((await terraform.plan(root, call)).changes, [
      {
        address: 'terraform_data.pool',
        type: 'terraform_data',
        action: 'replace',
        replacedBy: ['triggers_replace'],
      },
    ]);
    const destroy = await terraform.plan(root, { ...call, isDestroy: true });
    await terraform.apply(root, destroy.planFile, call);
    assert.deepEqual(await terraform.resources(root, call), []);
    terraform.close();
    assert.equal(existsSync(join(destroy.planFile, '..')), false);
  });

  it('takes variables that no file of the root holds, to import and to destroy with too', async () => {
    const made = makeRoot('clusters/app1');
    writeFileSync(
      join(made.root.folder, 'main.tf'),
      'variable "size" {\n  type = object({ nodes = number, zones = list(string) })\n}\n' +
        'resource "terraform_data" "pool" {\n  input = var.size\n}\noutput "size" {\n  value = terraform_data.pool.output\n}\n',
    );
    const terraform = open(made);
    const size = { nodes: 3, zones: ['1', 'with "quotes" and $dollars'] };
    const root = { ...made.root, variables: { size } };
    await terraform.init(root, made.call);
    await assert.rejects(terraform.plan(made.root, made.call), /No value for required variable/);
    await terraform.import(root, 'terraform_data.pool', 'known-id', made.call);
    const { planFile } = await terraform.plan(root, made.call);
    await terraform.apply(root, planFile, made.call);
    assert.deepEqual(await terraform.outputs(root, made.call), { size });
    const destroy = await terraform.plan(root, { ...made.call, isDestroy: true });
    await terraform.apply(root, destroy.planFile, made.call);
    assert.deepEqual(await terraform.resources(root, made.call), []);
    terraform.close();
  });

  it('fails in its own words, and takes back what it tainted', async () => {
    const made = makeRoot('clusters/app1');
    const { root, call, size } = made;
    const terraform = open(made);
    await terraform.init(root, call);
    size('broken');
    const { planFile } = await terraform.plan(root, call);
    await assert.rejects(terraform.apply(root, planFile, call), (error: Error) => {
      assert.ok(error instanceof StepError);
      assert.match(
        error.message,
        /^terraform apply of clusters\/app1 failed:\nlocal-exec provisioner error\n/,
      );
      assert.match(error.message, /^ {2}with terraform_data\.broken\[0\],$/m);
      assert.match(error.message, /exit status 3/);
      return true;
    });
    const tainted = (await terraform.resources(root, call)).find(({ isTainted }) => isTainted);
    assert.equal(tainted?.address, 'terraform_data.broken[0]');
    await terraform.untaint(root, tainted.address, call);
    assert.deepEqual((await terraform.plan(root, call)).changes, []);
    await assert.rejects(terraform.untaint(root, 'terraform_data.nothing', call), {
      message: /^terraform untaint of clusters\/app1 failed:\nNo such resource instance\n/,
    });
    writeFileSync(join(root.folder, 'more.tf'), 'resource "terraform_data" "found" {}\n');
    await terraform.import(root, 'terraform_data.found', 'known-id', call);
    const found = (await terraform.resources(root, call)).find(({ id }) => id === 'known-id');
    assert.equal(found?.address, 'terraform_data.found');
    writeFileSync(join(root.folder, 'more.tf'), 'resource {');
    await assert.rejects(terraform.plan(root, call), { name: 'StepError', message: /more\.tf line 1/ });
    terraform.close();
  });

  it('is interrupted once by an abort, and writes its state before it ends', async () => {
    const made = makeRoot('clusters/app1');
    const { root, call, size, said, logFile } = made;
    const terraform = open(made, { lockWaitSeconds: 0 });
    await terraform.init(root, call);
    size('slow');
    const { planFile } = await terraform.plan(root, call);
    const abort = new AbortController();
    const applying = terraform.apply(root, planFile, { ...call, signal: abort.signal });
    const failed = assert.rejects(applying, { name: 'StepError', message: /failed/ });
    await waitFor('the create', async () => said.includes('terraform_data.slow[0]: creating') || undefined, {
      timeoutSeconds: 20,
    });
    const begin = Date.now();
    await assert.rejects(terraform.plan(root, call), { advice: /force-unlock [0-9a-f-]{36}$/ });
    abort.abort(new Error('stopped'));
    await failed;
    assert.ok(Date.now() - begin < 20_000);
    const log = readFileSync(logFile, 'utf8');
    assert.match(log, /Interrupt received/);
    assert.doesNotMatch(log, /Two interrupts/);
    const resources = await terraform.resources(root, call);
    assert.deepEqual(
      resources.map(({ address, isTainted }) => [address, isTainted]),
      [
        ['terraform_data.pool', false],
        ['terraform_data.slow[0]', true],
      ],
    );
    terraform.close();
  });

  it('outlives us when we are killed, and writes its state', async () => {
    const made = makeRoot('foundation');
    const { root, call, logFile } = made;
    writeFileSync(
      join(root.folder, 'main.tf'),
      'resource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = "sleep 4; echo said"\n  }\n}\n',
    );
    const terraform = open(made);
    await terraform.init(root, call);
    const module = new URL('../../src/adapters/terraform/terraform.js', import.meta.url).href;
    const script = `
      const { openTerraform } = await import(${JSON.stringify(module)});
      const root = ${JSON.stringify(root)};
      const terraform = openTerraform({ env: process.env, logFile: () => ${JSON.stringify(logFile)} });
      const call = { signal: new AbortController().signal, report: (text) => console.log(text) };
      const { planFile } = await terraform.plan(root, call);
      await terraform.apply(root, planFile, call);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, BULKHEAD_TERRAFORM: pathOf('terraform') },
    });
    const gone = new Promise((resolve) => child.on('close', resolve));
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('slow: creating')) child.kill('SIGKILL');
    });
    await gone;
    const [resource] = await waitFor(
      'the state',
      async () => {
        const found = await terraform.resources(root, call);
        return found.length > 0 ? found : undefined;
      },
      { timeoutSeconds: 30 },
    );
    assert.deepEqual([resource?.address, resource?.isTainted], ['terraform_data.slow', false]);
    terraform.close();
  });
});
