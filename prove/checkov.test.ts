import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { environments } from '../src/fleet/fleet.ts';
import type { Platform } from '../src/model/platform.ts';
import { suppressionsOf } from '../src/plan/suppressions.ts';
import { renderSuppressions } from '../src/report/suppressions-file.ts';
import { synthesizeTerraform } from '../src/terraform/tree.ts';
import { atlas, type FleetData, platformOf } from '../test/support/fleets.ts';
import { runProgram, temporaryFolder } from './support/processes.ts';
import { exampleFleets, randomFleets } from './support/example-fleets.ts';
import { pathOf, provenBy } from './support/tools.ts';

/** What a fleet file chooses against the defaults, and Checkov is right to speak of. */
const LEFT_TO_CHECKOV = [
  'CKV_AZURE_4', // logs: { dailyCapGB: 0 }
  'CKV_AZURE_168', // maxPods below 50
  'CKV_AZURE_170', // sku: Free in production
  'CKV_AZURE_189', // a demo without operator ranges
  // registry: { sku: Premium }, which stays public, as CI pushes from outside, and quarantines nothing
  'CKV_AZURE_139',
  'CKV_AZURE_166',
];

type Subject = { readonly name: string; readonly platform: Platform; readonly isExample: boolean };

function subjects(name: string, data: FleetData, isExample: boolean): readonly Subject[] {
  return environments.map((environment) => ({
    name: `${name}/${environment}`,
    platform: platformOf(data, environment),
    isExample,
  }));
}

const examples = [...exampleFleets].flatMap(([name, data]) => subjects(name, data, true));
const others = [
  ...randomFleets(6).flatMap((data, index) => subjects(`random-${index}`, data, false)),
  ...subjects(
    'unusual',
    atlas({
      registry: { sku: 'Premium' },
      network: { ...(atlas()['network'] as object), apiServer: 'private' },
      secrets: { sync: 'csi' },
      keeper: { run: 'none' },
      operators: { ipRanges: [] },
      observability: { logs: { dailyCapGB: 0 } },
      clusters: {
        mgmt: { sku: 'Premium', system: { vmSize: 'Standard_D4s_v5' } },
        app1: { sku: 'Free', user: { vmSizes: ['Standard_D2s_v3'], maxPods: 30 } },
        app2: {},
      },
    }),
    false,
  ),
];

type FailedCheck = { readonly check_id: string; readonly resource: string; readonly file_path: string };
type Report = {
  readonly summary: { readonly failed: number; readonly skipped: number; readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly FailedCheck[] };
};

describe('Checkov is silent about what is decided, and about nothing else', provenBy('checkov'), () => {
  const temporary = temporaryFolder('checkov');
  after(() => temporary.remove());
  before(() => {
    for (const { name, platform } of [...examples, ...others]) {
      for (const [path, content] of synthesizeTerraform(platform)) {
        write(join(temporary.path, 'fleets', name, path), content);
      }
    }
  });

  async function scan(folder: string, ...options: string[]): Promise<Report> {
    const args = ['-d', folder, '--framework', 'terraform', '--skip-download', '--compact', '--quiet'];
    const { stdout, stderr } = await runProgram(pathOf('checkov'), [...args, ...options, '-o', 'json'], {
      cwd: temporary.path,
      // Whatever it would fetch, it cannot: the verdict is of the program that is installed.
      env: { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
      timeoutSeconds: 600,
    });
    assert.ok(stdout.startsWith('{'), stderr || stdout);
    return JSON.parse(stdout) as Report;
  }

  test('every failure on an example has a reason, and every reason a failure', async () => {
    const { summary, results } = await scan(join(temporary.path, 'fleets'));
    assert.equal(summary.parsing_errors, 0);
    const failed = new Set(
      results.failed_checks.map(({ file_path: file, resource, check_id: id }) => `${file} ${resource} ${id}`),
    );
    const suppressed = new Set<string>();
    for (const { name, platform, isExample } of [...examples, ...others]) {
      const own = suppressionsOf(platform, 'checkov').map(
        ({ file, resource, check }) => `/${name}/${file} ${resource} ${check}`,
      );
      for (const key of own) suppressed.add(key);
      const unused = own.filter((key) => !failed.has(key));
      assert.deepEqual(unused, [], `${name}: suppressed, and Checkov has nothing to say there`);
      const unexplained = [...failed].filter((key) => key.startsWith(`/${name}/`) && !own.includes(key));
      const left = isExample ? [] : LEFT_TO_CHECKOV;
      assert.deepEqual(
        unexplained.filter((key) => !left.includes(key.split(' ')[2]!)),
        [],
        `${name}: no reason is known`,
      );
      if (isExample) console.log(`checkov: ${own.length} failures on ${name}, each with a reason`);
    }
    const ids = [...failed].filter((key) => !suppressed.has(key)).map((key) => key.split(' ')[2]!);
    assert.deepEqual([...new Set(ids)].toSorted(), LEFT_TO_CHECKOV.toSorted());
  });

  for (const { name, platform } of examples.filter((subject) => subject.name.startsWith('atlas/'))) {
    test(`with the file that is written for ${name} no failure is left`, async () => {
      const baseline = join(temporary.path, `${name}.baseline`);
      write(baseline, renderSuppressions(platform, 'checkov'));
      const options = ['--baseline', baseline, '--output-baseline-as-skipped'];
      const { summary } = await scan(join(temporary.path, 'fleets', name), ...options);
      const skipped = suppressionsOf(platform, 'checkov').length;
      assert.deepEqual([summary.failed, summary.skipped], [0, skipped]);
    });
  }

  test('a suppression that is taken out brings its failure back', async () => {
    const { name, platform } = examples[0]!;
    const [first] = suppressionsOf(platform, 'checkov');
    const baseline = JSON.parse(renderSuppressions(platform, 'checkov')) as {
      failed_checks: { findings: { check_ids: string[] }[] }[];
    };
    assert.equal(baseline.failed_checks[0]?.findings[0]?.check_ids.shift(), first?.check);
    const file = join(temporary.path, 'short.baseline');
    write(file, JSON.stringify(baseline));
    const { results } = await scan(join(temporary.path, 'fleets', name), '--baseline', file);
    assert.deepEqual(
      results.failed_checks.map(({ check_id: id, resource }) => [id, resource]),
      [[first?.check, first?.resource]],
    );
  });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
