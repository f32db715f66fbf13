import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { planJson } from '../../src/report/plan-json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderClosing, renderPlan } from '../../src/report/plan-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { planned } from '../report/planned.ts';
import { atlas, type FleetData } from '../support/fleets.ts';

const OWN = {
  subscription: '7a3c4d1e-1111-4222-8333-444455556666',
  tenant: '8b3c4d1e-1111-4222-8333-444455556666',
};

/** What the plan of a fleet notes, each line with the environments that it names. */
function noted(change: FleetData, without: readonly string[] = []): string[] {
  const data = Object.fromEntries(
    Object.entries(atlas({ azure: OWN, ...change })).filter(([key]) => !without.includes(key)),
  );
  const { plan } = planned(stringify(data));
  return (plan.notes ?? []).map(({ environments, message }) =>
    environments ? `${environments.join()}: ${message}` : message,
  );
}

test('a fleet that says where it is applied and read from leaves nothing open', () => {
  assert.deepEqual(noted({}), []);
  assert.equal(planned(stringify(atlas({ azure: OWN }))).plan.notes, undefined);
});

test('what an apply needs and the file leaves open is noted, with what stands there', () => {
  assert.deepEqual(noted({}, ['azure', 'gitops']), [
    'azure.subscription and azure.tenant are not written: Terraform asks whoever applies',
    'gitops.repo is not written: the tree names https://example.invalid/replace-me.git, where Argo CD finds nothing',
  ]);
  assert.deepEqual(noted({ azure: { tenant: OWN.tenant } }), [
    'azure.subscription is not written: Terraform asks whoever applies',
  ]);
});

test('an id of zeros is a placeholder that somebody left', () => {
  const id = '00000000-0000-0000-0000-000000000000';
  assert.deepEqual(noted({ azure: { ...OWN, subscription: id } }), [
    `azure.subscription is ${id}, a placeholder: nothing can be applied there`,
  ]);
});

test('what one environment says is open in the other alone', () => {
  const { environments, gitops, ...rest } = atlas({ azure: OWN });
  const demo = { ...(environments as { demo: object }).demo, gitops };
  const data = { ...rest, environments: { ...(environments as object), demo } };
  const { plan } = planned(stringify(data));
  assert.deepEqual(
    plan.notes?.map((note) => note.environments),
    [['production']],
  );
});

test('text, JSON and Markdown show it, and it is no finding', () => {
  const { gitops: _, ...data } = atlas({ azure: OWN });
  const { plan, sources } = planned(stringify(data));
  const line = 'gitops.repo is not written: the tree names https://example.invalid/replace-me.git';
  assert.ok(renderPlan(plan, sources, plainStyle).includes(`\n\n  note: ${line}`));
  assert.doesNotMatch(renderClosing(plan, plainStyle), /note/);
  const { notes, findings } = JSON.parse(planJson(plan, new Set(['platform']))) as {
    notes: { paths: string[]; message: string }[];
    findings: object[];
  };
  assert.deepEqual(notes[0]?.paths, ['gitops.repo']);
  assert.doesNotMatch(JSON.stringify(findings), /gitops\.repo/);
  assert.doesNotMatch(planJson(plan, new Set(['contract'])), /"notes"/);
  assert.match(
    renderMarkdown(plan, sources, new Set(['notes'])),
    /^- \*\*note\*\*: gitops\.repo is not written/m,
  );
  assert.doesNotMatch(renderMarkdown(plan, sources, new Set(['contract'])), /gitops\.repo/);
});

test('of a file that is not sound nothing is noted: its findings come first', () => {
  const { plan } = planned('name: atlas\nregion: koreacentral\nclusters: { mgmt: { teir: 1 } }\n');
  assert.equal(plan.notes, undefined);
});
