import assert from 'node:assert/strict';
import test from 'node:test';
import { withPrice } from '../../src/plan/priced-evidence.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import { type Plan, planFleet } from '../../src/plan/plan.ts';
import { renderFindings } from '../../src/report/findings-text.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { plainStyle } from '../../src/report/style.ts';

const ID = 'budget-is-enough';
const SMALL = `name: small
region: koreacentral
admins: [11111111-1111-1111-1111-111111111111]
operators: { ipRanges: [203.0.113.0/24] }
alerts: { email: platform@acme.example }
clusters: { mgmt: {}, app1: {} }
`;

function planOf(text: string): Plan {
  const load = loadFleetFile('fleet.yaml', new TextEncoder().encode(text));
  return planFleet(load, { environments, today: '2026-11-22', priceBook: builtInPriceBook });
}

function found(text: string): Plan['findings'] {
  return planOf(text).findings.filter(({ id }) => id === ID);
}

test('each environment is told of its own price', () => {
  const told = found(`${SMALL}budget: { monthlyUSD: 80 }\n`);
  assert.deepEqual(
    told.map(({ environment, severity, span }) => [environment, severity, span?.start.line]),
    [
      ['demo', 'warning', 7],
      ['production', 'warning', 7],
    ],
  );
  assert.notEqual(told[0]!.message, told[1]!.message);
  // Enough for the one and not for the other.
  assert.deepEqual(
    found(`${SMALL}budget: { monthlyUSD: 500 }\n`).map(({ environment }) => environment),
    ['production'],
  );
  assert.deepEqual(found(`${SMALL}environments: { demo: { budget: { monthlyUSD: 80 } } }\n`).length, 1);
});

test('a fleet that sleeps is compared with what it costs by its schedule', () => {
  const budget = 'budget: { monthlyUSD: 250 }';
  const awake = found(`${SMALL}environments: { demo: { ${budget} } }\n`);
  const asleep = found(
    `${SMALL}environments: { demo: { ${budget}, schedule: { awake: Mon-Fri 08:00-18:00 } } }\n`,
  );
  assert.deepEqual([awake.length, asleep.length], [1, 0]);
});

test('a waiver accepts it, and a region without prices leaves it open', () => {
  const waiver =
    'waivers: [{ invariant: budget-is-enough, reason: it is known, owner: us, expires: 2027-01-31 }]';
  const waived = found(`${SMALL}budget: { monthlyUSD: 80 }\n${waiver}\n`);
  assert.deepEqual(
    waived.map(({ waivedBy }) => waivedBy?.owner),
    ['us', 'us'],
  );
  const elsewhere = found(`${SMALL.replace('koreacentral', 'norwayeast')}budget: { monthlyUSD: 80 }\n`);
  assert.ok(elsewhere.length > 0 && elsewhere.every(({ isUndetermined }) => isUndetermined));
});

test('evidence without a price, or without a budget, is left as it is', () => {
  const evidence = { kind: 'fleet', budgets: [{ path: ['budget'], contacts: 1 }] } as const;
  assert.equal(withPrice(evidence, undefined), evidence);
  const { estimate } = planOf(SMALL).environments[0]!;
  assert.deepEqual(withPrice({ kind: 'fleet' }, estimate), { kind: 'fleet' });
});

test('every format tells of it, with its page', () => {
  const plan = planOf(`${SMALL}budget: { monthlyUSD: 80 }\n`);
  const { findings } = plan;
  const sources = new Map([['fleet.yaml', SMALL]]);
  const texts = {
    text: renderFindings(findings, sources, plainStyle),
    json: planJson(plan, new Set(['contract'])),
    sarif: renderSarif(findings, { version: '0.0.0', isComplete: true, exitCode: 0 }),
    markdown: renderMarkdown(plan, sources, new Set(['contract'])),
    junit: renderJunit(plan, 'error', true),
  };
  for (const [format, text] of Object.entries(texts)) {
    assert.ok(text.includes(ID), format);
    // Markdown escapes the dollar.
    assert.match(text, /the budget is .{1,6}80\.00 a month/, format);
  }
  assert.match(texts.sarif, /invariants\/budget-is-enough/);
  assert.match(texts.json, /invariants\/budget-is-enough/);
});
