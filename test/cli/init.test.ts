import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { bulkhead } from './bulkhead.ts';

describe('bulkhead init', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-init-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function files(below = folder): string[] {
    return readdirSync(below, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(below.length + 1))
      .toSorted();
  }

  const WRITTEN = [
    '.github/workflows/bulkhead.yaml',
    'docs/adr/ADR-A01-spot-tiers.md',
    'docs/adr/ADR-A02-cni.md',
    'docs/adr/ADR-A03-key-vault-workload-identity.md',
    'fleet.yaml',
  ];

  for (const environment of ['demo', 'production']) {
    test(`what init writes for ${environment} passes every check there is`, async () => {
      const { code, stdout, stderr } = await bulkhead('init', folder, '--environment', environment);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assert.deepEqual(files(), WRITTEN);
      const fleet = join(folder, 'fleet.yaml');
      for (const path of WRITTEN) assert.ok(stdout.includes(join(folder, path)), path);
      assert.ok(stdout.includes(`bulkhead plan ${fleet} --out out`));
      // The commands of the workflow, with their formats.
      const workflow = readFileSync(join(folder, '.github/workflows/bulkhead.yaml'), 'utf8');
      const commands = [...workflow.matchAll(/bulkhead\.js (\w+) (?:'HEAD\^1' )?"\$FLEET" --format (\w+)/g)];
      assert.deepEqual(
        commands.map(([, command]) => command),
        ['check', 'plan', 'diff'],
      );
      for (const [, command, format] of commands) {
        // Compared with itself here: what HEAD^1 is, git knows.
        const files = command === 'diff' ? [fleet, fleet] : [fleet];
        assert.equal((await bulkhead(command!, ...files, '--format', format!)).code, 0);
      }
      // In its own environment a production fleet has nothing to be warned of.
      if (environment === 'production')
        assert.equal((await bulkhead('check', fleet, '-e', 'production', '--fail-on', 'note')).code, 0);
      const adr = await bulkhead('adr', 'check', fleet, '--fail-on', 'note');
      assert.equal(adr.code, 0, adr.stdout);
      assert.match(adr.stdout, /^no findings in 3 records of/);
      assert.equal((await bulkhead('plan', fleet, '--out', join(folder, 'out'))).code, 0);
    });
  }

  test('init takes name, region and clusters, and a folder that is not there yet', async () => {
    const home = join(folder, 'new');
    const argv = ['init', home, '--name', 'borealis', '--region', 'swedencentral', '--apps', 'shop, cart'];
    assert.equal((await bulkhead(...argv)).code, 0);
    const text = readFileSync(join(home, 'fleet.yaml'), 'utf8');
    for (const part of ['name: borealis ', 'region: swedencentral\n', '  shop: { id: 2,', '  cart: { id: 3,'])
      assert.ok(text.includes(part), part);
  });

  test('the name is that of the folder, where that is one', async () => {
    const nameIn = async (name: string): Promise<string | undefined> => {
      await bulkhead('init', join(folder, name));
      return /^name: (\S+)/m.exec(readFileSync(join(folder, name, 'fleet.yaml'), 'utf8'))?.[1];
    };
    assert.equal(await nameIn('atlas'), 'atlas');
    assert.equal(await nameIn('My Fleet'), 'fleet');
  });

  test('nothing is written where one of the files is there already', async () => {
    mkdirSync(join(folder, 'docs/adr'), { recursive: true });
    writeFileSync(join(folder, 'docs/adr/ADR-A02-cni.md'), 'mine\n');
    const { code, stdout, stderr } = await bulkhead('init', folder);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /nothing was written: this file is there already\n {2}\S*docs\/adr\/ADR-A02-cni\.md\n/,
    );
    assert.deepEqual(files(), ['docs/adr/ADR-A02-cni.md']);
    assert.equal(readFileSync(join(folder, 'docs/adr/ADR-A02-cni.md'), 'utf8'), 'mine\n');
  });

  test('a second run changes nothing and names every file', async () => {
    await bulkhead('init', folder);
    const { code, stderr } = await bulkhead('init', folder, '-e', 'production');
    assert.equal(code, 2);
    for (const path of WRITTEN) assert.ok(stderr.includes(path), path);
    assert.match(readFileSync(join(folder, 'fleet.yaml'), 'utf8'), /for a demo first/);
  });

  test('in a repository the workflow goes to its root and names the fleet from there', async () => {
    mkdirSync(join(folder, '.git'));
    assert.equal((await bulkhead('init', join(folder, 'infra/eu'))).code, 0);
    assert.ok(existsSync(join(folder, 'infra/eu/docs/adr/ADR-A01-spot-tiers.md')));
    const workflow = readFileSync(join(folder, '.github/workflows/bulkhead.yaml'), 'utf8');
    assert.match(workflow, /^ {6}FLEET: infra\/eu\/fleet\.yaml$/m);
  });

  test('a second fleet of a repository has a workflow of its own beside the first', async () => {
    mkdirSync(join(folder, '.git'));
    const workflows = join(folder, '.github/workflows');
    assert.equal((await bulkhead('init', folder)).code, 0);
    const first = readFileSync(join(workflows, 'bulkhead.yaml'), 'utf8');
    const names = ['second', 'Zwei Flotten', '다른 함대'];
    for (const [index, own] of ['second', 'fleet', 'fleet-2'].entries()) {
      const below = `fleets/${names[index]!}`;
      const { code, stdout, stderr } = await bulkhead('init', join(folder, below));
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(
        stdout.includes(
          `\n${join(workflows, 'bulkhead.yaml')} is there already and stays as it is; bulkhead-${own}.yaml checks this fleet.\n`,
        ),
        stdout,
      );
      const workflow = readFileSync(join(workflows, `bulkhead-${own}.yaml`), 'utf8');
      // Nothing by which runs, findings or comments of one would take the place of the other's.
      assert.match(workflow, new RegExp(`^name: bulkhead-${own}$`, 'm'));
      assert.match(workflow, new RegExp(`^ {2}group: bulkhead-${own}-\\$`, 'm'));
      assert.match(workflow, new RegExp(`^ {10}category: bulkhead-${own}$`, 'm'));
      assert.ok(workflow.includes(`startswith("<!-- bulkhead-${own} diff -->")`));
      assert.equal(
        [...workflow.matchAll(/^ {6}FLEET: "?(.+?)"?$/gm)].every(
          ([, file]) => file === `${below}/fleet.yaml`,
        ),
        true,
      );
    }
    assert.equal(readFileSync(join(workflows, 'bulkhead.yaml'), 'utf8'), first);

    const again = await bulkhead('init', join(folder, 'fleets/second'));
    assert.equal(again.code, 2);
    assert.match(again.stderr, /\/bulkhead-second\.yaml\n/);
    assert.equal(readdirSync(workflows).length, 4);
  });

  test('the comment of a second fleet begins as its workflow looks for it', async () => {
    mkdirSync(join(folder, '.git'));
    await bulkhead('init', folder);
    const home = join(folder, 'second');
    await bulkhead('init', home);
    const workflow = readFileSync(join(folder, '.github/workflows/bulkhead-second.yaml'), 'utf8');
    const fleet = join(home, 'fleet.yaml');
    writeFileSync(
      join(folder, 'bulkhead-diff.md'),
      (await bulkhead('diff', fleet, fleet, '--format', 'markdown')).stdout,
    );
    const script = /^ +(sed -i .*)$/m.exec(workflow)![1]!;
    execFileSync('/bin/sh', ['-c', script], { cwd: folder });
    assert.match(
      readFileSync(join(folder, 'bulkhead-diff.md'), 'utf8'),
      /^<!-- bulkhead-second diff -->\n## Bulkhead: /,
    );
  });

  test('what it advises means the same to a shell, whatever the folder is called', async () => {
    for (const name of ['한글 폴더', "it's $(here)"]) {
      const { stdout } = await bulkhead('init', join(folder, name));
      const command = /^ {2}(bulkhead plan .+?) --out out/m.exec(stdout)![1]!;
      const printed = execFileSync('/bin/sh', ['-c', command.replace('bulkhead', 'printf "%s\\n"')], {
        encoding: 'utf8',
      });
      assert.equal(printed, `plan\n${join(folder, name, 'fleet.yaml')}\n`);
    }
  });

  test('what cannot be a fleet is refused before anything is written', async () => {
    for (const [argv, pattern] of [
      [['--name', 'a b'], /"a b" is no name/],
      [['--name', 'far-too-long-a-name'], /no fleet name/],
      [['--region', 'koreacentrl'], /no region koreacentrl.*did you mean koreacentral\?/],
      [['--apps', ''], /"" is no name/],
      [['--apps', 'app1,app2,app1'], /^bulkhead: --apps names app1 twice; name each app cluster once\n$/],
      [['--apps', 'mgmt'], /^bulkhead: --apps names mgmt, which every fleet has/],
      [['--apps', 'a1,null'], /^bulkhead: --apps: "null" is no name; .* other than null, true and false\n$/],
      [['--name', 'true'], /^bulkhead: --name: "true" is no name/],
      [['--apps', 'x: {}'], /"x: \{\}" is no name/],
      [['--environment', 'staging'], /demo, production/],
    ] as const) {
      const { code, stderr } = await bulkhead('init', folder, ...argv);
      assert.equal(code, 2, argv.join(' '));
      assert.match(stderr, pattern);
      assert.deepEqual(files(), []);
    }
  });

  test('a folder that cannot be written is exit 2, and leaves nothing behind', async () => {
    writeFileSync(join(folder, 'docs'), 'a file\n');
    const { code, stderr } = await bulkhead('init', folder);
    assert.equal(code, 2);
    assert.match(stderr, /^bulkhead: cannot write below/);
    assert.deepEqual(files(), ['docs']);
  });
});
