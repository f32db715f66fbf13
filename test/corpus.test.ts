import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { builtInPriceBook } from '../src/catalog/price-book.ts';
import { invariants } from '../src/contract/invariants/index.ts';
import { environments } from '../src/fleet/fleet.ts';
import { loadFleetFile } from '../src/fleet/load.ts';
import { type Plan, planFleet } from '../src/plan/plan.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { diffPlans } from '../src/plan/diff/plan-diff.ts';
import { renderDiffMarkdown } from '../src/report/diff-markdown.ts';
import { renderDiff } from '../src/report/diff-text.ts';
import { renderCostLines } from '../src/report/cost-text.ts';
import { renderFindings } from '../src/report/findings-text.ts';
import { renderExplanations, renderPlan } from '../src/report/plan-text.ts';
import { redacted } from '../src/base/redaction.ts';
import { plainStyle } from '../src/report/style.ts';
import { type EvidenceCase, type EvidenceResult, judgeCase } from './support/evidence-case.ts';

/**
 * Golden files, read by people in reviews. `npm run bless` rewrites them; the difference is then the change.
 *
 *   findings/<id>/<case>.yaml   a fleet; <case>.out what is said of it under this id; no .out: nothing is
 *   plans/<example>.out         what `plan` prints of an example, its defaults and the lines of its bill
 *   evidence/<case>.yaml        plans, a tree or a snapshot; .out what is said of it, or what holds where all is sound
 *   diffs/<case>.yaml           a fleet in place of examples/atlas; .out and .md what `diff` prints of it
 *   trees/<example>/<env>/      every file that is synthesised from it
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const corpus = join(root, 'corpus');
const isBlessing = process.env.BLESS === '1';

function planOf(
  path: string,
  name: string,
): { readonly plan: Plan; readonly sources: ReadonlyMap<string, string> } {
  const load = loadFleetFile(name, readFileSync(path));
  const plan = planFleet(load, { environments, today: '2026-11-22', priceBook: builtInPriceBook });
  return { plan, sources: redacted(new Map([[name, load.document.text]]), plan.findings) };
}

function assertGolden(path: string, actual: string): void {
  if (isBlessing) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `${path.slice(root.length)} is missing: run npm run bless and read it`);
  assert.equal(
    actual,
    readFileSync(path, 'utf8'),
    `${path.slice(root.length)} differs: npm run bless shows how`,
  );
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

const findings = join(corpus, 'findings');
for (const path of filesBelow(findings).filter((name) => name.endsWith('.yaml'))) {
  test(`corpus: findings/${path}`, () => {
    const id = dirname(path);
    const { plan, sources } = planOf(join(findings, path), basename(path));
    const own = plan.findings.filter((finding) => finding.id === id);
    const golden = join(findings, path.replace(/\.yaml$/, '.out'));
    if (own.length > 0) return assertGolden(golden, renderFindings(own, sources, plainStyle));
    if (isBlessing) rmSync(golden, { force: true });
    assert.ok(
      !existsSync(golden),
      `nothing is said of ${path}, and ${golden.slice(root.length)} expects something`,
    );
  });
}

for (const example of readdirSync(join(root, 'examples'))) {
  const { plan, sources } = planOf(join(root, 'examples', example, 'fleet.yaml'), `${example}.yaml`);

  test(`corpus: plans/${example}`, () => {
    const text = [
      renderPlan(plan, sources, plainStyle),
      renderExplanations(plan.environments, plainStyle),
      renderCostLines(plan.environments, plainStyle),
    ];
    assertGolden(join(corpus, 'plans', `${example}.out`), text.join('\n'));
  });

  test(`corpus: trees/${example}`, () => {
    for (const { environment, platform } of plan.environments) {
      const folder = join(corpus, 'trees', example, environment);
      const tree = synthesize(platform);
      if (isBlessing) rmSync(folder, { recursive: true, force: true });
      for (const [path, content] of tree) assertGolden(join(folder, path), content);
      assert.deepEqual(filesBelow(folder), [...tree.keys()].toSorted(), 'the golden tree has no other file');
    }
  });
}

const evidence = join(corpus, 'evidence');
for (const path of filesBelow(evidence).filter((name) => name.endsWith('.yaml'))) {
  test(`corpus: evidence/${path}`, () => {
    const result = judgeCase(parse(readFileSync(join(evidence, path), 'utf8')) as EvidenceCase);
    assertGolden(join(evidence, path.replace(/\.yaml$/, '.out')), evidenceText(result));
  });
}

/** What is broken; where nothing is, what holds in each kind of evidence: what cannot be said is in neither. */
function evidenceText({ checks, findings, sources }: EvidenceResult): string {
  const told = findings.filter(({ isUndetermined }) => !isUndetermined);
  if (told.length > 0) return renderFindings(told, sources, plainStyle);
  return checks
    .map(({ title, contract }) => {
      const ids = contract.results
        .filter(({ verdict }) => verdict === 'held')
        .map(({ invariant }) => `  ${invariant.id}\n`);
      return `${title}, held:\n${ids.join('')}`;
    })
    .join('\n');
}

test('corpus: every invariant has a golden that breaks it and one that does not', () => {
  const goldens = filesBelow(corpus).filter((path) => /^(findings|evidence)\/.*\.(out|yaml)$/.test(path));
  const broken = new Set<string>();
  const silent = new Set<string>();
  for (const path of goldens) {
    const text = readFileSync(join(corpus, path), 'utf8');
    if (path.endsWith('.out')) {
      for (const [, id] of text.matchAll(/^(?:error|warning|note)\[(.+?)\]/gm)) broken.add(id!);
      for (const [, id] of text.matchAll(/^ {2}([a-z0-9-]+)$/gm)) silent.add(id!);
    } else if (path.startsWith('findings/') && !goldens.includes(path.replace(/yaml$/, 'out'))) {
      silent.add(basename(dirname(path)));
    }
  }
  const ids = invariants.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id) => !broken.has(id)),
    [],
    'nothing below corpus breaks these',
  );
  assert.deepEqual(
    ids.filter((id) => !silent.has(id)),
    [],
    'nothing below corpus is sound by these',
  );
});

const diffs = join(corpus, 'diffs');
const atlas = planOf(join(root, 'examples', 'atlas', 'fleet.yaml'), 'atlas.yaml');
for (const path of filesBelow(diffs).filter((name) => name.endsWith('.yaml'))) {
  test(`corpus: diffs/${path}`, () => {
    const { plan, sources } = planOf(join(diffs, path), path);
    const diff = diffPlans(atlas.plan, plan);
    const golden = join(diffs, path.replace(/\.yaml$/, ''));
    assertGolden(`${golden}.out`, renderDiff(diff, sources, plainStyle));
    assertGolden(`${golden}.md`, renderDiffMarkdown(diff, sources));
  });
}
