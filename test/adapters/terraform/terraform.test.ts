import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
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

/** Finds a lock in the name of `$WHO` until it is broken, and writes down what it is called with. Its apply is killed. */
const LOCKED = `#!/bin/sh
echo "$*" >> "$SAID"
case "$1" in
  force-unlock) touch "$SAID.unlocked" ;;
  apply) kill -9 $$ ;;
  plan)
    if [ ! -e "$SAID.unlocked" ]; then
      echo '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"state blob is already locked\\nLock Info:\\n  ID:        lock-7\\n  Operation: OperationTypeApply\\n  Who:       '"$WHO"'\\n"}}'
      exit 1
    fi ;;
esac
echo '{}'
`;

describe('the lock of a state', () => {
  const me = `${userInfo().username}@${hostname()}`;
  const lockedBy = (who: string) => {
    const folder = join(home, `locked-${(count += 1)}`);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(join(folder, 'program'), LOCKED, { mode: 0o755 });
    const [logFile, said] = [join(folder, 'logs', 'root.log'), join(folder, 'said')];
    const env = { PATH: process.env['PATH'], BULKHEAD_TERRAFORM: join(folder, 'program') };
    return {
      said,
      pidFile: `${logFile}.pid`,
      root: { path: 'foundation', folder },
      opened: () => openTerraform({ env: { ...env, SAID: said, WHO: who }, logFile: () => logFile }),
      calls: () =>
        readFileSync(said, 'utf8')
          .split('\n')
          .map(
            (line) =>
              /^(?:init|(?:plan|apply).*-lock-timeout=\d+s|force-unlock.*|show)/.exec(line)?.[0] ?? '',
          )
          .filter((line) => line !== ''),
    };
  };
  const planned = async (who: string, pid: number | undefined): Promise<readonly string[]> => {
    const { pidFile, root, opened: open, calls } = lockedBy(who);
    if (pid !== undefined) writeFileSync(pidFile, `${pid}\n`);
    const terraform = open();
    await terraform.init(root, CALL);
    await terraform.plan(root, CALL).catch(() => undefined);
    terraform.close();
    assert.equal(existsSync(pidFile), false);
    return calls();
  };
  const brief = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => line.replace(/^(\S+).*(-lock-timeout=\d+s)$/, '$1 $2'));
  /** No process has it: one more than Linux gives. */
  const GONE = 4_194_305;

  it('is broken where a Terraform of ours was killed with it', async () => {
    assert.deepEqual(brief(await planned(me, GONE)), [
      'init',
      'plan -lock-timeout=0s',
      'force-unlock -force lock-7',
      'plan -lock-timeout=300s',
      'show',
    ]);
  });

  it('is waited for where it is of another person or machine, or nothing tells whose it is', async () => {
    assert.deepEqual(brief(await planned('alice@laptop', GONE)), [
      'init',
      'plan -lock-timeout=0s',
      'plan -lock-timeout=300s',
    ]);
    assert.deepEqual(brief(await planned(me, undefined)), ['init', 'plan -lock-timeout=300s']);
  });

  it('is left to a Terraform of ours that outlived its run, for as long as that is at work', async () => {
    const { said, pidFile, root, opened: open, calls } = lockedBy(me);
    const atWork = spawn('/bin/sh', ['-c', 'read line; touch "$0.unlocked"', said]);
    writeFileSync(pidFile, `${GONE}\n${atWork.pid}\n`);
    const details: string[] = [];
    const terraform = open();
    const report = (detail: string): void => {
      details.push(detail);
      atWork.stdin.end('\n');
    };
    await terraform.plan(root, { signal: SIGNAL, report });
    terraform.close();
    assert.deepEqual(details, [`waiting for the Terraform of a run before, process ${atWork.pid}`]);
    assert.deepEqual(brief(calls()), ['plan -lock-timeout=0s', 'plan -lock-timeout=0s', 'show']);
    assert.equal(existsSync(pidFile), false);
  });

  it('is broken though the run outlived its Terraform, and though runs since have touched the root', async () => {
    const { said, pidFile, root, opened: open, calls } = lockedBy(me);
    writeFileSync(`${said}.unlocked`, '');
    const first = open();
    const { planFile } = await first.plan(root, CALL);
    await assert.rejects(
      first.apply(root, planFile, CALL),
      /apply of foundation failed:\nit ended by a signal/,
    );
    first.close();
    assert.equal(existsSync(pidFile), true);
    rmSync(`${said}.unlocked`);
    const second = open();
    await second.init(root, CALL);
    second.close();
    const third = open();
    await third.init(root, CALL);
    await third.plan(root, CALL);
    third.close();
    assert.deepEqual(brief(calls()).slice(-5), [
      'init',
      'plan -lock-timeout=0s',
      'force-unlock -force lock-7',
      'plan -lock-timeout=300s',
      'show',
    ]);
    assert.equal(existsSync(pidFile), false);
  });
});

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
