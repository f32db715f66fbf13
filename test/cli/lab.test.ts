import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labArmCommand } from '../../src/cli/commands/lab.ts';
import { LAB_CLIENT_ID, objectIdOf } from '../../src/lab/arm/entra.ts';
import { LAB_SUBSCRIPTION_ID, LAB_TENANT_ID } from '../../src/lab/arm/lab-ids.ts';
import { startArm } from '../../src/lab/arm/start.ts';
import { bulkhead, TODAY } from './bulkhead.ts';

/** Of what it says before it is asked for anything. */
const LAST_WORDS = 'Ctrl-C ends it';
const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Runs the program itself until it has told of all that it tells at first, and then stops it as Ctrl-C does. */
async function greeted(...options: readonly string[]): Promise<{ text: string; code: number }> {
  const child = spawn(process.execPath, [MAIN, 'lab', 'arm', '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 20_000,
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const wasGreeted = text.includes(LAST_WORDS);
    text += chunk.toString();
    if (!wasGreeted && text.includes(LAST_WORDS)) child.kill('SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { text, code };
}

describe('bulkhead lab arm', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-lab-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('says what to tell terraform, tells of every write, and stops when it is told to', async () => {
    let text = '';
    let say = (): void => {};
    const said = new Promise<void>((resolve) => {
      say = resolve;
    });
    let stop = (): void => {};
    const isOver = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const write = (part: string): void => {
      text += part;
      say();
    };
    const stream = { write };
    const state = join(folder, 'lab.json');
    const terminal = { stdout: stream, stderr: stream, env: { NO_COLOR: '1' }, today: TODAY };
    const running = labArmCommand({ port: 0, latency: 0, state }, terminal, isOver);
    await said;
    const port = Number(/^export HTTPS_PROXY='http:\/\/127\.0\.0\.1:(\d+)'$/m.exec(text)?.[1]);
    assert.match(text, /^export SSL_CERT_FILE='.+lab\.json\.pem'$/m);
    assert.match(text, /^export GO_AZURE_SDK_SKIP_POLLING_DELAY='true'$/m);
    await new Promise((resolve) => get({ port, host: '127.0.0.1', path: '/nowhere', agent: false }, resolve));
    stop();
    assert.equal(await running, 0);
    assert.match(text, /^GET {4}404 \/nowhere {2}NotKnownToTheLab, not known to the lab$/m);
    assert.match(text, /\nstopped, with nothing in it; it goes on from .+lab\.json\n$/);
    assert.equal(JSON.parse(readFileSync(state, 'utf8')).version, 1);
    assert.ok(!existsSync(`${state}.pem`));
  });

  test('what cannot be read is the caller’s to mend', async () => {
    const faults = join(folder, 'faults.json');
    writeFileSync(faults, '[{"effect":{"kind":"burn"}}]');
    const wrong = await bulkhead('lab', 'arm', '--port', '0', '--faults', faults);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /cannot read .+faults\.json: these are no faults: 0\.effect\.kind: /);
    const state = join(folder, 'state.json');
    writeFileSync(state, '{}');
    const torn = await bulkhead('lab', 'arm', '--port', '0', '--state', state);
    assert.equal(torn.code, 2);
    assert.match(torn.stderr, /state\.json is no state of a lab/);
    assert.equal((await bulkhead('lab', 'arm', '--port', 'x')).code, 2);
  });

  test('answers for ids of its own that are no placeholders, or for those that it is told', async () => {
    const own = await greeted();
    assert.equal(own.code, 0);
    assert.match(own.text, new RegExp(`^export ARM_SUBSCRIPTION_ID='${LAB_SUBSCRIPTION_ID}'$`, 'm'));
    assert.match(own.text, new RegExp(`^export ARM_TENANT_ID='${LAB_TENANT_ID}'$`, 'm'));
    for (const id of [LAB_SUBSCRIPTION_ID, LAB_TENANT_ID]) assert.doesNotMatch(id, /^[0-]*$/);
    const subscription = '5c1a6d2e-0b3f-4f0e-9d57-2f6f3a8f1c11';
    const tenant = '7E2B9C40-51D4-4C8A-8A63-90F1D2B7E522';
    const { text } = await greeted('--subscription', subscription, '--tenant', tenant);
    for (const prefix of ['ARM_SUBSCRIPTION_ID', 'TF_VAR_subscription_id']) {
      assert.match(text, new RegExp(`^export ${prefix}='${subscription}'$`, 'm'));
    }
    for (const prefix of ['ARM_TENANT_ID', 'TF_VAR_tenant_id']) {
      assert.match(text, new RegExp(`^export ${prefix}='${tenant}'$`, 'm'));
    }
    assert.ok(text.includes(`\nazure: { subscription: ${subscription}, tenant: ${tenant} }\n`));
    assert.ok(text.includes(`\nadmins: [${objectIdOf(LAB_CLIENT_ID)}]\n`));
  });

  test('an id that is no UUID and a number that is too large are refused in plain words', async () => {
    for (const [option, value, reason] of [
      ['--subscription', 'lab', /it is no UUID; write it as `az account show` prints it/],
      ['--tenant', `${LAB_TENANT_ID}0`, /it is no UUID; write it as `az account show` prints it/],
      ['--port', '99999', /it is no whole number from 0 to 65535\./],
      ['--latency', '10000000', /it is no whole number from 0 to 9999999\./],
    ] as const) {
      // Where it takes the option after all, it still does not start, and says something else.
      const state = join(folder, 'none', 's.json');
      const { code, stderr } = await bulkhead('lab', 'arm', '--state', state, option, value);
      assert.equal(code, 2, option);
      assert.match(stderr, reason);
    }
  });

  test('a state that cannot be kept ends it at once', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'taken.json'));
    for (const [path, reason] of [
      ['none/s.json', /none\/s\.json cannot be written: there is no folder .+none; make it, or name another/],
      ['file/s.json', /file\/s\.json cannot be read: .+file is no folder; name another file/],
      ['taken.json', /taken\.json cannot be read: it is a folder; name a file/],
    ] as const) {
      const { code, stderr } = await bulkhead('lab', 'arm', '--port', '0', '--state', join(folder, path));
      assert.equal(code, 2, path);
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /ENO|EIS|\.pem/);
    }
  });

  test('a port that is taken is named', async () => {
    const arm = await startArm({ now: Date.now });
    const { code, stderr } = await bulkhead('lab', 'arm', '--port', String(arm.port));
    await arm.stop();
    assert.equal(code, 2);
    assert.equal(stderr, `bulkhead: port ${arm.port} is taken; name another with --port\n`);
  });
});
