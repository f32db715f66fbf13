import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/program.ts';
import { temporaryFolder } from './support/processes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ATLAS = readFileSync(join(root, 'examples', 'atlas', 'fleet.yaml'), 'utf8');
const hasGit = spawnSync('git', ['--version']).status === 0;
const skip = hasGit || process.env.CI !== undefined ? false : 'git is not here';

const CODE = `import { defineFleet } from 'bulkhead';
import { most } from './sizes.ts';
export default defineFleet({
  name: 'atlas', region: 'koreacentral', admins: ['11111111-1111-1111-1111-111111111111'],
  operators: { ipRanges: ['203.0.113.0/24'] },
  clusters: {
    mgmt: { tier: 1, user: { vmSizes: ['Standard_D2s_v3'], nodes: '1..3' } },
    app1: { tier: 2, user: { vmSizes: ['Standard_D2s_v3'], nodes: \`2..\${most}\` } },
  },
});
`;

async function diff(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const terminal = { stdout: stream('stdout'), stderr: stream('stderr'), env: { NO_COLOR: '1' } };
  const code = await run(['diff', ...argv], { ...terminal, today: '2026-11-22' });
  return { code, ...written };
}

/** A repository of one commit, and the fleet that its work tree has since. */
function repository(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string {
  const folder = realpathSync(temporaryFolder('diff').path);
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  };
  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=proof', '-c', 'user.email=proof@example.invalid'];
    const { status, stderr } = spawnSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  git('init', '--quiet', '--initial-branch=main');
  write(before);
  git('add', '.');
  git('commit', '--quiet', '--message=before');
  write(after);
  return folder;
}

describe('a diff against a revision of git', { skip }, () => {
  it('reads the fleet file as the revision has it, in a folder of the repository', async () => {
    const folder = repository(
      { 'platform/fleet.yaml': ATLAS },
      { 'platform/fleet.yaml': ATLAS.replace('replicas: 3', 'replicas: 4') },
    );
    const { code, stdout } = await diff('main', join(folder, 'platform/fleet.yaml'), '-e', 'demo');
    assert.equal(code, 0);
    assert.match(stdout, /Deployment storefront\/storefront[^\n]*\n +spec\.replicas: 3 -> 4/);
  });

  it('runs a fleet in TypeScript with the modules of the revision, and leaves the repository as it was', async () => {
    const folder = repository(
      { 'fleet.ts': CODE, 'sizes.ts': 'export const most = 5;\n' },
      { 'sizes.ts': 'export const most = 7;\n' },
    );
    const status = (): string =>
      spawnSync('git', ['-C', folder, 'status', '--porcelain'], { encoding: 'utf8' }).stdout;
    const before = status();
    const { code, stdout, stderr } = await diff('HEAD', join(folder, 'fleet.ts'), '-e', 'demo');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /max_count: 5 -> 7/);
    assert.equal(status(), before);
  });

  it('names what is no revision, a file that the revision has not, and an option in disguise', async () => {
    const folder = repository({ 'other.yaml': 'a: 1\n' }, { 'fleet.yaml': ATLAS });
    const file = join(folder, 'fleet.yaml');
    const unknown = await diff('nowhere', file);
    assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
    assert.match(unknown.stderr, /nowhere is no file, no folder and no commit/);
    assert.match((await diff('main', file)).stderr, /main has no file .*fleet\.yaml/);
    assert.match(
      (await diff('--', '--output=x', file)).stderr,
      /--output=x is no file, no folder and no commit/,
    );
  });
});
