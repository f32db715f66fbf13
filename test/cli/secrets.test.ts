import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { refusalError } from '../../src/adapters/azure/refusal.ts';
import { unreachable } from '../../src/adapters/azure/transport.ts';
import { StepError } from '../../src/base/step-error.ts';
import {
  secretsGenerateCommand,
  secretsListCommand,
  secretsSetCommand,
  type SecretTools,
} from '../../src/cli/commands/secrets.ts';
import type { SecretsSetOptions } from '../../src/cli/options.ts';
import type { ValueInput } from '../../src/cli/secret-value.ts';
import { UsageError } from '../../src/cli/terminal.ts';
import { type FakeVault, fakeVault } from '../support/fake-vault.ts';
import { bulkhead, type Outcome, TODAY } from './bulkhead.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ATLAS = join(ROOT, 'examples/atlas/fleet.yaml');
/** SHA-256 of subscription, fleet and environment, six digits of it, as Terraform computes them. */
const URI = /^https:\/\/kv-atlas-demo-[0-9a-f]{6}\.vault\.azure\.net\/$/;
const BYTES_MAX = 25 * 1024;

type Command = (terminal: Parameters<typeof secretsListCommand>[1], tools: SecretTools) => Promise<number>;

/** Runs a command with a vault and an input of the test's. What it throws for the caller is told as `run` tells it. */
async function called(
  command: Command,
  { vault }: FakeVault,
  input: ValueInput = piped(''),
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const terminal = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { NO_COLOR: '1' },
    today: TODAY,
  };
  const tools = { openVault: async () => vault, random: (bytes: number) => randomBytes(bytes), input };
  try {
    return { code: await command(terminal, tools), ...written };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, ...written, stderr: `${written.stderr}${error.message}` };
  }
}

function set(held: FakeVault, input: ValueInput, more: Partial<SecretsSetOptions> = {}): Promise<Outcome> {
  const options = { name: 'db-password', file: ATLAS, environment: 'demo', ...more } as const;
  return called((terminal, tools) => secretsSetCommand(options, terminal, tools), held, input);
}

function list(held: FakeVault, format: 'text' | 'json' = 'text', file = ATLAS): Promise<Outcome> {
  const options = { file, environment: 'demo', format } as const;
  return called((terminal, tools) => secretsListCommand(options, terminal, tools), held);
}

function generate(held: FakeVault, ...names: string[]): Promise<Outcome> {
  const options = { names, file: ATLAS, environment: 'demo' } as const;
  return called((terminal, tools) => secretsGenerateCommand(options, terminal, tools), held);
}

function piped(...chunks: readonly (string | Uint8Array)[]): ValueInput {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

/** A keyboard on which these lines are typed. */
function typed(...lines: readonly string[]): ValueInput {
  const keys = new PassThrough();
  for (const line of lines) keys.write(line);
  keys.end();
  return Object.assign(keys, { isTTY: true });
}

const ALL = {
  'db-password': 'a-value-of-ours',
  'grafana-admin-password': 'another-value',
  'grafana-admin-user': 'admin',
  'mesh-ca-crt': 'certificate-text',
  'mesh-ca-key': 'the-key-itself',
};

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-secrets-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('bulkhead secrets list', () => {
  it('says what is read by whom, made by whom, and there or not; exit 1 where something is missing', async () => {
    const { code, stdout } = await list(
      fakeVault({ 'DB-PASSWORD': 'x-value', 'mesh-ca-crt': 'y-value' }, ['mesh-ca-crt']),
    );
    assert.equal(code, 1);
    const lines = stdout.split('\n');
    assert.match(
      lines[0]!,
      /^Secrets of atlas in demo, https:\/\/kv-atlas-demo-[0-9a-f]{6}\.vault\.azure\.net\/$/,
    );
    assert.deepEqual(
      lines.slice(2, -1).map((line) => line.trim().replaceAll(/ {2,}/g, ' | ')),
      [
        'name | read by | made by | state | updated',
        lines[3]!.trim().replaceAll(/ {2,}/g, ' | '),
        'db-password | workload storefront | a person | set | 2026-11-01',
        'grafana-admin-password | Grafana | up, at random, 32 characters | missing',
        'grafana-admin-user | Grafana | up, always admin | missing',
        'mesh-ca-crt | Cilium of every cluster | up, once for all clusters | disabled | 2026-11-01',
        'mesh-ca-key | Cilium of every cluster | up, once for all clusters | missing',
        '',
        '3 missing, 1 disabled',
        '`bulkhead secrets generate` makes what is missing at random',
        '`bulkhead up` makes the CA of the mesh',
      ],
    );
  });

  it('exit 0 where all is there; the same as JSON; never a value', async () => {
    const held = fakeVault(ALL);
    const text = await list(held);
    assert.equal(text.code, 0);
    assert.match(text.stdout, /\nall there\n$/);
    const json = await list(held, 'json');
    const answer = JSON.parse(json.stdout) as { vaultUri: string; secrets: Record<string, unknown>[] };
    assert.match(answer.vaultUri, URI);
    assert.deepEqual(answer.secrets[1], {
      name: 'grafana-admin-password',
      readBy: ['Grafana'],
      source: 'generated',
      length: 32,
      state: 'set',
      updated: '2026-11-01T10:20:30Z',
    });
    for (const value of Object.values(ALL).filter((one) => one !== 'admin')) {
      assert.ok(!`${text.stdout}${json.stdout}`.includes(value));
    }
    assert.ok(held.calls.every((call) => call.startsWith('list ')));
  });

  it('needs to know the subscription, and a sound file', async () => {
    const nameless = file('nameless.yaml', 'name: small\nregion: koreacentral\nclusters: { mgmt: {} }\n');
    const unknown = await list(fakeVault(), 'text', nameless);
    assert.deepEqual([unknown.code, /does not say azure\.subscription/.test(unknown.stderr)], [2, true]);
    const unsound = file(
      'unsound.yaml',
      'name: small\nregion: koreacentral\nclusters: { mgmt: { tyre: 1 } }\n',
    );
    const broken = await list(fakeVault(), 'text', unsound);
    assert.deepEqual([broken.code, broken.stdout], [2, '']);
    assert.match(broken.stderr, /has no key "tyre"/);
  });

  it('says that a fleet that is not up has no vault yet', async () => {
    const host = 'kv-atlas-demo-0a1b2c.vault.azure.net';
    const calls = [
      (uri: string) => {
        const refusal = { status: 404, code: 'VaultNotFound', message: 'unexpected statusCode 404' };
        return refusalError(`listing the secrets in ${new URL(uri).host}`, refusal);
      },
      (uri: string) =>
        unreachable(new URL(uri).host, new Error(`getaddrinfo ENOTFOUND ${new URL(uri).host}`)),
      () => unreachable(host, new Error(`connect ECONNREFUSED ${host}`)),
    ];
    const answers = await Promise.all(
      calls.map((error) => {
        const listing = async (uri: string): Promise<never> => {
          throw error(uri);
        };
        return list({ ...fakeVault(), vault: { ...fakeVault().vault, list: listing } });
      }),
    );
    assert.deepEqual(
      answers.map(({ code, stdout }) => [code, stdout]),
      calls.map(() => [2, '']),
    );
    const [absent, unknown, other] = answers.map(({ stderr }) =>
      stderr.replaceAll(/-[0-9a-f]{6}\b/g, '-0a1b2c'),
    );
    assert.equal(
      absent,
      'bulkhead: there is no vault kv-atlas-demo-0a1b2c yet\n  `bulkhead up` brings it about\n',
    );
    assert.equal(
      unknown,
      `bulkhead: there is no vault kv-atlas-demo-0a1b2c yet, or no way to it: ${host} cannot be reached: ` +
        `getaddrinfo ENOTFOUND ${host}\n  where the fleet is not up yet, \`bulkhead up\` brings it about; ` +
        'else look at the network, HTTPS_PROXY and NO_PROXY\n',
    );
    assert.match(
      other!,
      /^bulkhead: kv-atlas-demo-0a1b2c\.vault\.azure\.net cannot be reached: connect ECONN/,
    );
  });

  it('tells what the vault says in its own words, with what to do', async () => {
    const vault = {
      ...fakeVault().vault,
      list: async () => {
        throw new StepError('the vault lets nobody in from here', { advice: 'Ask from the VNet.' });
      },
    };
    const { code, stderr } = await list({ ...fakeVault(), vault });
    assert.equal(code, 2);
    assert.equal(stderr, 'bulkhead: the vault lets nobody in from here\n  Ask from the VNet.\n');
  });
});

describe('bulkhead secrets set', () => {
  it('brings a piped value to the vault, without one line break at its end, and shows none of it', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 8, maxLength: 200 })
      .filter((value) => !value.startsWith('\u{feff}'));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('', '\n', '\r\n'), fc.nat(300), async (value, end, cut) => {
        fc.pre(end !== '' || !value.endsWith('\n'));
        // `\r` of the value and `\n` of the end are one line break, as they are for every reader of lines.
        fc.pre(end !== '\n' || !value.endsWith('\r'));
        const bytes = Buffer.from(`${value}${end}`);
        const held = fakeVault();
        const { code, stdout, stderr } = await set(held, piped(bytes.subarray(0, cut), bytes.subarray(cut)));
        assert.equal(code, 0);
        assert.equal(held.values.get('db-password'), value);
        assert.ok(!stdout.includes(value) && !stderr.includes(value));
      }),
    );
  });

  it('says whether it is new, where, and when it is seen', async () => {
    const held = fakeVault();
    const first = await set(held, piped('first-value\n'));
    assert.match(
      first.stdout,
      /^db-password is set in https:.+\.vault\.azure\.net\/\nits copy in the clusters follows within an hour, and a pod .+\n$/,
    );
    const second = await set(held, piped('second-value\n\n'), { name: 'DB-Password' });
    assert.match(second.stdout, /^db-password has a new value in /);
    assert.deepEqual([...held.values], [['db-password', 'second-value\n']]);
  });

  it('takes a file by the same rule', async () => {
    const held = fakeVault();
    assert.equal(
      (await set(held, typed(), { fromFile: file('key.pem', 'line one\r\nline two\r\n') })).code,
      0,
    );
    assert.equal(held.values.get('db-password'), 'line one\r\nline two');
    const missing = await set(held, piped('x'), { fromFile: join(folder, 'nowhere') });
    assert.match(missing.stderr, /^cannot read .+nowhere: ENOENT/);
  });

  it('asks twice on a keyboard, and shows nothing', async () => {
    const held = fakeVault();
    const { code, stdout, stderr } = await set(held, typed('hunter2!한글\r', 'hunter2!한글\r'));
    assert.equal(code, 0);
    assert.equal(held.values.get('db-password'), 'hunter2!한글');
    assert.equal(stderr, 'db-password, not shown: \nonce more: \n');
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  it('corrects what is typed wrong, and sets nothing where the two differ or it is left', async () => {
    const held = fakeVault();
    assert.equal((await set(held, typed('hunter3\u{7f}2\r', 'hunter2\r'))).code, 0);
    assert.equal(held.values.get('db-password'), 'hunter2');
    for (const [keys, said] of [
      [['hunter4\r', 'hunter5\r'], /the two differ; nothing was set/],
      [['hunter4\r'], /stopped; nothing was set/],
      [['hunter4\u{3}'], /stopped; nothing was set/],
      [['\r', '\r'], /what was typed is empty; nothing was set/],
    ] as const) {
      const { code, stdout, stderr } = await set(held, typed(...keys));
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /hunter/);
    }
    assert.equal(held.values.get('db-password'), 'hunter2');
  });

  it('refuses what Key Vault does not keep: too much, nothing, no text', async () => {
    const held = fakeVault();
    assert.equal((await set(held, piped(`${'x'.repeat(BYTES_MAX)}\r\n`))).code, 0);
    assert.equal(held.values.get('db-password')!.length, BYTES_MAX);
    // An endless pipe is not read to its end.
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(4096, 'secret-text');
      })(),
    );
    for (const [input, said] of [
      [piped('y'.repeat(BYTES_MAX + 1)), /more than the 25 KiB/],
      [piped('한'.repeat(BYTES_MAX / 3 + 1)), /more than the 25 KiB/],
      [endless, /more than the 25 KiB/],
      [piped(''), /is empty/],
      [piped('\n'), /is empty/],
      [piped(Uint8Array.of(0xff, 0xfe, 0x41)), /no text in UTF-8/],
    ] as const) {
      const { code, stderr } = await set(held, input);
      assert.equal(code, 2);
      assert.match(stderr, said);
      assert.match(stderr, /nothing was set/i);
    }
    assert.match(held.values.get('db-password')!, /^x+$/);
  });

  it('refuses a name that the fleet does not read, and the CA of the mesh, unless told', async () => {
    const held = fakeVault();
    const misspelt = await set(held, piped('a-value'), { name: 'db-pasword' });
    assert.equal(misspelt.code, 2);
    assert.match(
      misspelt.stderr,
      /reads no secret "db-pasword" from its vault; did you mean db-password\? --any/,
    );
    assert.match(
      (await set(held, piped('a-value'), { name: 'mesh-ca-key' })).stderr,
      /a second CA splits the mesh/,
    );
    assert.equal(held.values.size, 0);
    assert.equal((await set(held, piped('a-value'), { name: 'db-pasword', any: true })).code, 0);
    assert.equal((await set(held, piped('a-value'), { name: 'mesh-ca-key', any: true })).code, 0);
    assert.deepEqual([...held.values.keys()], ['db-pasword', 'mesh-ca-key']);
    const nameless = await set(held, piped('a-value'), { name: 'no name', any: true });
    assert.match(nameless.stderr, /"no name" is no Key Vault secret name/);
  });

  it('takes no value as an argument, and does not repeat one that was given so', async () => {
    for (const argv of [
      ['db-password', 'hunter2', '-e', 'demo'],
      ['db-password', 'hunter2', ATLAS, '-e', 'demo'],
      ['db-password', ATLAS, '--value=hunter2', '-e', 'demo'],
      ['db-password', ATLAS, '--value', 'hunter2', '-e', 'demo'],
    ]) {
      const { code, stdout, stderr } = await bulkhead('secrets', 'set', ...argv);
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stdout + stderr, /hunter2/);
    }
  });

  it('names the environment: there is no default', async () => {
    for (const command of ['list', 'generate']) {
      const { code, stderr } = await bulkhead('secrets', command);
      assert.equal(code, 2);
      assert.match(stderr, /required option '-e, --environment <name>'/);
    }
    assert.match(
      (await bulkhead('secrets', 'list', '-e', 'demo,production')).stderr,
      /Allowed choices are demo, production/,
    );
  });
});

describe('bulkhead secrets generate', () => {
  it('makes what is marked and missing, and replaces nothing', async () => {
    const held = fakeVault();
    const first = await generate(held);
    assert.deepEqual(
      [first.code, first.stdout],
      [0, 'grafana-admin-password: made\ngrafana-admin-user: made\n'],
    );
    const made = held.values.get('grafana-admin-password')!;
    assert.match(made, /^[A-Za-z0-9]{32}$/);
    assert.equal(held.values.get('grafana-admin-user'), 'admin');
    const second = await generate(held);
    assert.match(second.stdout, /^grafana-admin-password: in the vault already\n/);
    assert.equal(held.values.get('grafana-admin-password'), made);
    assert.ok(!`${first.stdout}${first.stderr}`.includes(made));
  });

  it('makes what is named, which a person would else set; never what the fleet does not read, never a CA', async () => {
    const held = fakeVault();
    assert.equal((await generate(held, 'db-password', 'DB-password')).stdout, 'db-password: made\n');
    assert.match(held.values.get('db-password')!, /^[A-Za-z0-9]{32}$/);
    assert.match((await generate(held, 'db-pasword')).stderr, /did you mean db-password\?$/);
    assert.match((await generate(held, 'mesh-ca-key')).stderr, /splits the mesh$/);
    assert.equal(held.values.size, 1);
  });

  it('takes the fleet file as its last word', async () => {
    const words = ['generate', 'session-key', `${folder}/none.yaml`, '-e', 'demo'];
    const { code, stderr } = await bulkhead('secrets', ...words);
    assert.equal(code, 2);
    assert.match(stderr, /none\.yaml/);
  });
});
