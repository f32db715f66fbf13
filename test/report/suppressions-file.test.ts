import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { suppressionsOf } from '../../src/plan/suppressions.ts';
import { renderSuppressions } from '../../src/report/suppressions-file.ts';
import { atlas, platformOf } from '../support/fleets.ts';

const platform = platformOf(atlas(), 'production');

type Reason = { readonly check_ids: readonly string[]; readonly adr: string; readonly reason: string };
type Baseline = {
  readonly about: readonly string[];
  readonly reasons: readonly Reason[];
  readonly failed_checks: readonly {
    readonly file: string;
    readonly findings: readonly { readonly resource: string; readonly check_ids: readonly string[] }[];
  }[];
};

test('the baseline holds every suppression where Checkov looks for it, and a reason for each check', () => {
  const text = renderSuppressions(platform, 'checkov');
  assert.ok(text.endsWith('}\n'));
  const { about, reasons, failed_checks: files } = JSON.parse(text) as Baseline;
  assert.match(about[0]!, /fleet atlas, production/);
  const places = files.flatMap(({ file, findings }) =>
    findings.flatMap(({ resource, check_ids: ids }) => ids.map((id) => `${file} ${resource} ${id}`)),
  );
  const expected = suppressionsOf(platform, 'checkov').map(
    ({ file, resource, check }) => `/${file} ${resource} ${check}`,
  );
  assert.deepEqual(places, expected);
  const explained = new Set(reasons.flatMap(({ check_ids: ids }) => ids));
  const suppressed = new Set(suppressionsOf(platform, 'checkov').map(({ check }) => check));
  assert.deepEqual([...explained].toSorted(), [...suppressed].toSorted());
  for (const { adr, reason } of reasons) assert.ok(adr.startsWith('ADR-') && reason.endsWith('.'), reason);
});

test("Trivy's file names each check with its files, below any folder, and cites the decision", () => {
  const text = renderSuppressions(platform, 'trivy');
  const { misconfigurations } = parse(text) as {
    misconfigurations: { id: string; paths: string[]; statement: string }[];
  };
  assert.deepEqual(
    misconfigurations.map(({ id }) => id),
    ['AZU-0043', 'AZU-0065', 'AZU-0066', 'AZU-0067'],
  );
  for (const { paths, statement } of misconfigurations) {
    assert.deepEqual(paths, [
      '**/clusters/app1/cluster.tf',
      '**/clusters/app2/cluster.tf',
      '**/clusters/mgmt/cluster.tf',
    ]);
    assert.match(statement, /^ADR-A0[123]: /);
  }
  assert.match(text, /^# What Trivy \S+ is to be silent about in fleet atlas, production/);
});
