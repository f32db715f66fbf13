import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { labArmCommand } from '../../src/cli/commands/lab.ts';
import { bulkhead, TODAY } from './bulkhead.ts';

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
});
