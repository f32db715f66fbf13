import assert from 'node:assert/strict';
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

/** Holds a lock in the name of `$WHO` until it is broken, and writes down what it is called with. */
const LOCKED = `#!/bin/sh
echo "$*" >> "$SAID"
case "$1" in
  force-unlock) touch "$SAID.unlocked" ;;
  plan)
    if [ ! -e "$SAID.unlocked" ] && [ "$WAITS" = no ]; then
      echo '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"state blob is already locked\\nLock Info:\\n  ID:        lock-7\\n  Operation: OperationTypeApply\\n  Who:       '"$WHO"'\\n"}}'
      exit 1
    fi ;;
esac
echo '{}'
`;

describe('the lock of a state', () => {
  const me = `${userInfo().username}@${hostname()}`;
  const planned = async (who: string, pid: number | undefined): Promise<readonly string[]> => {
    const folder = join(home, `locked-${(count += 1)}`);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(join(folder, 'program'), LOCKED, { mode: 0o755 });
    const [logFile, said] = [join(folder, 'logs', 'root.log'), join(folder, 'said')];
    if (pid !== undefined) writeFileSync(`${logFile}.pid`, `${pid}\n`);
    const env = { PATH: process.env['PATH'], BULKHEAD_TERRAFORM: join(folder, 'program') };
    const terraform = openTerraform({
      env: { ...env, SAID: said, WHO: who, WAITS: 'no' },
      logFile: () => logFile,
    });
    const root = { path: 'foundation', folder };
    await terraform.init(root, CALL);
    await terraform.plan(root, CALL).catch(() => undefined);
    terraform.close();
    assert.equal(existsSync(`${logFile}.pid`), false);
    const words = readFileSync(said, 'utf8').split('\n');
    return words
      .map((line) => /^(?:init|plan.*-lock-timeout=\d+s|force-unlock.*|show)/.exec(line)?.[0] ?? '')
      .filter((line) => line !== '');
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

  it('is waited for where it is of another person or machine, or ours is at work', async () => {
    assert.deepEqual(brief(await planned('alice@laptop', GONE)), [
      'init',
      'plan -lock-timeout=0s',
      'plan -lock-timeout=300s',
    ]);
    for (const pid of [process.pid, undefined]) {
      assert.deepEqual(brief(await planned(me, pid)), ['init', 'plan -lock-timeout=300s']);
    }
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
