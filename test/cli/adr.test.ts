import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { invariants } from '../../src/contract/invariants/index.ts';
import { bulkhead } from './bulkhead.ts';

const ownRecords = fileURLToPath(new URL('../../../docs/adr', import.meta.url));

describe('bulkhead adr', () => {
  let folder: string;
  let fleet: string;
  let records: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-adr-'));
    fleet = join(folder, 'fleet.yaml');
    records = join(folder, 'docs/adr');
    await bulkhead('init', folder, '--name', 'atlas');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function setStatus(name: string, status: string): void {
    const path = join(records, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^- Status: .*$/m, `- Status: ${status}`));
  }

  type Listed = {
    readonly records: readonly {
      readonly id: string;
      readonly status: string;
      readonly invariants: readonly string[];
    }[];
    readonly missing: readonly string[];
  };

  test('list shows each decision with what stands on it', async () => {
    rmSync(join(records, 'ADR-A03-key-vault-workload-identity.md'));
    const { code, stdout } = await bulkhead('adr', 'list', '--dir', records);
    assert.equal(code, 0);
    assert.match(stdout, /ADR-A01 +accepted +2026-11-22 +Spot tiers +C1, C2, C3 and \d+ more/);
    assert.match(stdout, /ADR-A03 +missing +C4, C5/);
    const json = await bulkhead('adr', 'list', '--dir', records, '--format', 'json');
    const listed = JSON.parse(json.stdout) as Listed;
    assert.deepEqual(listed.missing, ['ADR-A03']);
    const standing = listed.records.flatMap((record) => record.invariants);
    const wanted = invariants.filter(({ adr }) => adr === 'ADR-A01' || adr === 'ADR-A02');
    assert.deepEqual(standing.toSorted(), wanted.map(({ id }) => id).toSorted());
  });

  test('our own decisions are in order', async () => {
    const { code, stdout } = await bulkhead('adr', 'check', '--dir', ownRecords, '--fail-on', 'note');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^no findings in \d+ records of/);
  });

  test('new writes the next record and never over another', async () => {
    const first = await bulkhead('adr', 'new', 'Use a queue', '--dir', records);
    assert.equal(first.code, 0);
    assert.equal(first.stdout, `${join(records, '0001-use-a-queue.md')}\n`);
    assert.match(
      readFileSync(join(records, '0001-use-a-queue.md'), 'utf8'),
      /^status: proposed\ndate: 2026-11-22$/m,
    );
    assert.match((await bulkhead('adr', 'new', 'Use a queue', '--dir', records)).stdout, /0002-use-a-queue/);
    const elsewhere = join(folder, 'decisions/all');
    assert.equal((await bulkhead('adr', 'new', 'First', '--dir', elsewhere)).code, 0);
    assert.deepEqual(readdirSync(elsewhere), ['0001-first.md']);
    const nameless = await bulkhead('adr', 'new', '!?', '--dir', records);
    assert.equal(nameless.code, 2);
    assert.match(nameless.stderr, /no letter or digit/);
  });

  test('new brings back a record that comes with Bulkhead, and only a missing one', async () => {
    const name = 'ADR-A02-cni.md';
    const before = readFileSync(join(records, name), 'utf8');
    const taken = await bulkhead('adr', 'new', 'ADR-A02', '--dir', records);
    assert.equal(taken.code, 2);
    assert.match(taken.stderr, /is ADR-A02 already; nothing was written/);
    rmSync(join(records, name));
    assert.equal((await bulkhead('adr', 'new', 'ADR-A02', '--dir', records)).code, 0);
    assert.equal(readFileSync(join(records, name), 'utf8'), before);
    const unknown = await bulkhead('adr', 'new', 'ADR-A99', '--dir', records);
    assert.match(unknown.stderr, /there are ADR-A01, ADR-A02, ADR-A03/);
  });

  test('check, plan and adr check all refuse a decision that no longer holds', async () => {
    setStatus('ADR-A01-spot-tiers.md', 'superseded by ADR-0001');
    await bulkhead('adr', 'new', 'Everything on demand', '--dir', records);
    for (const argv of [['check'], ['plan', '--out', join(folder, 'out')], ['adr', 'check']]) {
      const { code, stdout } = await bulkhead(...argv, fleet);
      assert.equal(code, 1, argv.join(' '));
      assert.match(stdout, /error\[adr-superseded\]: ADR-A01 is superseded by "ADR-0001", and C1, C2/);
      assert.match(stdout, /ADR-A01-spot-tiers\.md:3:11/);
      assert.match(stdout, /- Status: superseded by ADR-0001\n.*\^{22}\n/);
    }
    assert.deepEqual(readdirSync(folder).toSorted(), ['.github', 'docs', 'fleet.yaml']);
  });

  test('a missing decision is told at the fleet file, and without a folder nothing is', async () => {
    rmSync(join(records, 'ADR-A02-cni.md'));
    const { code, stdout } = await bulkhead('check', fleet);
    assert.equal(code, 1);
    assert.match(stdout, /error\[adr-missing\]: \S+ has no ADR-A02, .*\n +--> \S*fleet\.yaml:6:1/);
    rmSync(join(folder, 'docs'), { recursive: true });
    assert.equal((await bulkhead('check', fleet)).code, 0);
    const absent = await bulkhead('adr', 'check', fleet);
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /there is no folder .*docs\/adr/);
  });

  test('a file in the way of the folder is no folder of records', async () => {
    rmSync(join(folder, 'docs'), { recursive: true });
    writeFileSync(join(folder, 'docs'), '');
    assert.equal((await bulkhead('check', fleet)).code, 0);
  });

  test('records at the root of the repository count for a fleet below it, those beside it first', async () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'infra'));
    const below = join(folder, 'infra/fleet.yaml');
    writeFileSync(below, readFileSync(fleet));
    setStatus('ADR-A03-key-vault-workload-identity.md', 'rejected');
    assert.match(
      (await bulkhead('check', below)).stdout,
      /error\[adr-rejected\]: ADR-A03 is rejected, and C4/,
    );
    mkdirSync(join(folder, 'infra/docs/adr'), { recursive: true });
    const empty = await bulkhead('check', below);
    assert.equal(empty.code, 0);
    assert.match(
      empty.stdout,
      /note\[adr-missing\]: \S+infra\/docs\/adr holds none .*: ADR-A01, ADR-A02, ADR-A03/,
    );
    writeFileSync(join(folder, 'infra/docs/adr/ADR-A01-spot-tiers.md'), '# Spot\n\n- Status: accepted\n');
    const one = await bulkhead('check', below);
    assert.equal(one.code, 1);
    assert.match(one.stdout, /error\[adr-missing\]: \S+infra\/docs\/adr has no ADR-A03/);
  });

  test('only what applies to the fleet needs its decision', async () => {
    const overlay = readFileSync(fleet, 'utf8')
      .replace('cni: cilium', 'cni: azure-overlay')
      .replace('stack: self', 'stack: azure');
    writeFileSync(fleet, overlay);
    setStatus('ADR-A02-cni.md', 'rejected');
    const count = (text: string): number => Number(/and (\d+) other invariants stand on it/.exec(text)?.[1]);
    const applied = count((await bulkhead('adr', 'check', fleet)).stdout);
    const all = count((await bulkhead('adr', 'check', '--dir', records)).stdout);
    assert.ok(applied < all, `${applied} < ${all}`);
  });

  test('a waiver accepts a decision that no longer holds; an unused one is told', async () => {
    const waiver = (at: string): string =>
      `waivers: [{ invariant: adr-rejected, at: ${at}, reason: we moved on, owner: me, expires: 2027-01-31 }]\n`;
    const text = readFileSync(fleet, 'utf8');
    setStatus('ADR-A01-spot-tiers.md', 'rejected');
    writeFileSync(fleet, text + waiver('ADR-A01'));
    for (const argv of [['check'], ['adr', 'check']]) {
      const { code, stdout } = await bulkhead(...argv, fleet);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /waived\[adr-rejected\]/);
      assert.doesNotMatch(stdout, /waiver-un/);
    }
    writeFileSync(fleet, text + waiver('ADR-A02'));
    const other = await bulkhead('check', fleet);
    assert.equal(other.code, 1);
    assert.match(other.stdout, /warning\[waiver-unused\]/);
    // Without records nobody can tell whether the waiver is needed.
    rmSync(join(folder, 'docs'), { recursive: true });
    assert.doesNotMatch((await bulkhead('check', fleet)).stdout, /waiver-un/);
  });

  test('adr check answers in JSON and SARIF, and by --fail-on', async () => {
    setStatus('ADR-A01-spot-tiers.md', 'proposed');
    const json = await bulkhead('adr', 'check', fleet, '--format', 'json');
    assert.equal(json.code, 0);
    const { findings } = JSON.parse(json.stdout) as { findings: { id: string; path: string }[] };
    assert.deepEqual(
      findings.map(({ id, path }) => [id, path]),
      [['adr-proposed', 'ADR-A01']],
    );
    const sarif = await bulkhead('adr', 'check', fleet, '--format', 'sarif', '--fail-on', 'note');
    assert.equal(sarif.code, 1);
    assert.match(sarif.stdout, /"ruleId": "adr-proposed"/);
  });

  test('an unsound fleet file is exit 2 with its own findings', async () => {
    writeFileSync(fleet, 'nmae: x\n');
    const { code, stdout } = await bulkhead('adr', 'check', fleet);
    assert.equal(code, 2);
    assert.match(stdout, /nmae/);
    assert.equal((await bulkhead('adr', 'check', join(folder, 'nowhere.yaml'))).code, 2);
  });

  test('adr alone shows its commands', async () => {
    const { code, stderr } = await bulkhead('adr');
    assert.equal(code, 2);
    assert.match(stderr, /list.*\n.*new.*\n.*check/);
  });
});
