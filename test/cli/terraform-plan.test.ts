import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fixtures = join(root, 'test', 'fixtures', 'terraform');
const atlas = join(root, 'examples', 'atlas', 'fleet.yaml');
const faulty = join(fixtures, 'faulty.json');
const sound = join(fixtures, 'sound.json');

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function check(...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const code = await run(['check', ...argv], {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { NO_COLOR: '1' },
    today: '2026-11-22',
  });
  return { code, ...written };
}

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bulkhead-plans-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  fs.writeFileSync(path, text);
  return path;
}

test('a plan is checked without any fleet file', async () => {
  const good = await check('--terraform-plan', sound);
  assert.equal(good.stderr, '');
  assert.equal(good.code, 0);
  assert.match(
    good.stdout,
    /C3 {2}In production, the user pools of tier 1 are On-Demand +ADR-A01 +held in 1 place/,
  );

  const bad = await check('--terraform-plan', faulty);
  assert.equal(bad.code, 1);
  assert.ok(
    bad.stdout.includes(
      `error[no-local-accounts] C4 (production): k8s-shop has local accounts\n` +
        `  --> ${faulty}: module.cluster["shop"].azurerm_kubernetes_cluster.this.local_account_disabled\n`,
    ),
  );
  assert.doesNotMatch(bad.stdout, /hunter2/);
});

test('plans stand beside the fleet file, and only a named one is read', async () => {
  const plans = ['foundation', 'clusters-mgmt', 'clusters-app1', 'clusters-app2'].flatMap((name) => [
    '--terraform-plan',
    join(fixtures, 'atlas-production', `${name}.json`),
  ]);
  const { code, stdout } = await check(atlas, '-e', 'production', ...plans);
  assert.equal(code, 0);
  assert.match(stdout, /production +Terraform, production\n/);
  assert.match(stdout, /C3 .* held in 1 place +held in 1 place\n/);
  const alone = await check(...plans);
  assert.equal(alone.code, 0);
  // Tags say which cluster is mgmt, and which tier each has; that secrets are in no text, no plan can say.
  assert.match(alone.stdout, /C1 .* held in 3 places\n/);
  assert.match(alone.stdout, /C3 .* held in 1 place\n/);
  assert.match(alone.stdout, /C4 +Secrets live in Key Vault.* undetermined\n/);
  assert.doesNotMatch(alone.stdout, /fleet\.yaml/);
});

test('every format tells the file and the address', async () => {
  const address = 'module.cluster["shop"].azurerm_kubernetes_cluster.this.local_account_disabled';
  const json = JSON.parse((await check('--terraform-plan', faulty, '-f', 'json')).stdout) as {
    evidence: { kind: string; environment: string; contract: { id: string; verdict: string }[] }[];
    findings: { id: string; file: string; path: string }[];
  };
  assert.deepEqual(
    json.evidence.map(({ kind, environment }) => [kind, environment]),
    [['terraform', 'production']],
  );
  const own = json.findings.find(({ id }) => id === 'no-local-accounts');
  assert.deepEqual([own?.file, own?.path], [faulty, address]);
  const verdict = json.evidence[0]!.contract.find(({ id }) => id === 'no-local-accounts');
  assert.equal(verdict?.verdict, 'broken');
  for (const format of ['sarif', 'markdown', 'junit']) {
    const { code, stdout } = await check('--terraform-plan', faulty, '-f', format);
    assert.equal(code, 1, format);
    assert.match(stdout, /k8s-shop has local accounts/, format);
    assert.ok(stdout.includes('faulty.json'), format);
  }
});

test('a waiver of the fleet file accepts what plans break, and is used by it', async () => {
  const text = fs.readFileSync(atlas, 'utf8');
  const waiver = [
    'waivers:',
    '  - invariant: no-local-accounts',
    '    at: module.cluster["shop"].azurerm_kubernetes_cluster.this',
    '    reason: moved next month',
    '    owner: platform',
    '    expires: 2027-01-31',
    '',
  ].join('\n');
  const fleet = file('fleet.yaml', `${text}\n${waiver}`);
  const { stdout } = await check(fleet, '--terraform-plan', faulty);
  assert.match(stdout, /waived\[no-local-accounts\]/);
  assert.doesNotMatch(stdout, /waiver-unused/);
  assert.match((await check(fleet)).stdout, /waiver-unused/);
});

test('what cannot be read is a usage error, what is no plan a finding, and the rest is checked', async () => {
  const missing = await check('--terraform-plan', join(folder, 'nowhere.json'));
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /there is no file .*nowhere\.json; write it with terraform show -json/);
  assert.equal((await check('--terraform-plan', folder)).code, 2);

  const strange = file('strange.json', '{"format_version":"7.0"}');
  const { code, stdout } = await check('--terraform-plan', strange, '--terraform-plan', faulty);
  assert.equal(code, 2);
  assert.match(
    stdout,
    /error\[terraform\/format-version\]: the format version is "7\.0"; 1\.x is read\n {2}--> .*strange\.json\n/,
  );
  assert.match(stdout, /error\[no-local-accounts\]/);
});

test('plans without a single resource among them check nothing, and are refused', async () => {
  const root = { resources: [{ address: 'aws_vpc.a', mode: 'managed', type: 'aws_vpc', name: 'a' }] };
  const provider = {
    provider_config: { azurerm: { name: 'azurerm', full_name: 'registry.terraform.io/hashicorp/azurerm' } },
  };
  const bare = file('bare.json', '{"format_version":"1.2","planned_values":{}}');
  const idle = file(
    'idle.json',
    JSON.stringify({ format_version: '1.2', planned_values: { root_module: {} }, configuration: provider }),
  );
  const state = file('state.json', '{"format_version":"1.0"}');
  for (const one of [bare, idle, state]) {
    const { code, stdout, stderr } = await check('--terraform-plan', one, '-f', 'junit');
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(
      stderr.startsWith(`bulkhead: ${one} has no resource, so nothing of it can be checked; name `),
      stderr,
    );
  }
  const all = [bare, idle, state].flatMap((one) => ['--terraform-plan', one]);
  assert.match(
    (await check(atlas, ...all)).stderr,
    /^bulkhead: none of the 3 files of --terraform-plan has a resource, so /,
  );

  // A root may have nothing; that is not known of the fleet as long as another has something.
  const beside = await check(...all, '--terraform-plan', sound);
  assert.deepEqual([beside.code, beside.stderr], [0, '']);
  // What another provider makes is a resource all the same.
  root.resources = root.resources.map((one) => ({
    ...one,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    values: {},
  }));
  const foreign = file(
    'foreign.json',
    JSON.stringify({ format_version: '1.2', planned_values: { root_module: root } }),
  );
  assert.equal((await check('--terraform-plan', foreign)).code, 0);
  // What is no plan is told as such.
  const strange = file('strange.json', '{"format_version":"7.0"}');
  const { code, stdout } = await check('--terraform-plan', bare, '--terraform-plan', strange);
  assert.equal(code, 2);
  assert.match(stdout, /terraform\/format-version/);
});
