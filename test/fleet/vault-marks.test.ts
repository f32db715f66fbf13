import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redacted } from '../../src/base/redaction.ts';
import { loadFleetCode } from '../../src/fleet/load.ts';
import { fleetIn } from '../../src/fleet/load.ts';
import { renderFindings } from '../../src/report/findings-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { load, told } from './told.ts';

const HEAD = 'name: atlas\nregion: koreacentral\nclusters: { mgmt: {} }\n';
const VALUE = 'hunter2-is-my-password';

function printed(text: string): string {
  const { findings, document } = load(text);
  return renderFindings(findings, redacted(new Map([['fleet.yaml', document.text]]), findings), plainStyle);
}

test('a mark says whether a secret is generated, and how long it is', () => {
  const loaded = load(`${HEAD}secrets:
  vault:
    b: { generate: true }
    a: { generate: true, length: 64 }
    c: {}
    d: { generate: false }
environments: { production: { secrets: { vault: { b: { generate: false }, e: { length: 20 } } } } }
`);
  assert.deepEqual(loaded.findings, []);
  const demo = fleetIn(loaded, 'demo')!;
  assert.deepEqual(demo.fleet.secrets, {
    sync: 'external-secrets',
    vault: [
      { name: 'a', isGenerated: true, length: 64 },
      { name: 'b', isGenerated: true, length: 32 },
      { name: 'c' },
      { name: 'd', isGenerated: false },
    ],
  });
  assert.deepEqual(
    demo.explanations.filter(({ path }) => path[1] === 'vault').map(({ path, value }) => [...path, value]),
    [['secrets', 'vault', 'b', 'length', '32']],
  );
  assert.deepEqual(fleetIn(loaded, 'production')!.fleet.secrets.vault.slice(1), [
    { name: 'b', isGenerated: false },
    { name: 'c' },
    { name: 'd', isGenerated: false },
    { name: 'e', length: 20 },
  ]);
});

test('names and lengths have bounds', () => {
  assert.deepEqual(
    told(`${HEAD}secrets:
  vault:
    db_password: {}
    a: { length: 15 }
    b: { length: 257 }
    c: { generate: yes, lenght: 20 }
`),
    [
      '6:5-6:16 fleet/value "db_password" is no Key Vault secret name | use 1 to 127 of A-Z, a-z, 0-9 and -',
      '7:18-7:20 fleet/value length must be at least 16, not 15 | Letters and digits of a generated value, 16 to 256. Default: 32.',
      '8:18-8:21 fleet/value length must be at most 256, not 257 | Letters and digits of a generated value, 16 to 256. Default: 32.',
      '9:8-9:37 fleet/unknown-key secrets.vault.c has no key "lenght"; it would have no effect | did you mean length?',
      '9:20-9:23 fleet/type generate must be true or false, not a text | write true or false, without quotes',
    ],
  );
});

test('the secret that somebody writes in place of a mark is in no report', () => {
  const entries = [
    `vault: { db: ${VALUE} }`,
    `vault: { db: { value: ${VALUE} } }`,
    `vault:\n    db:\n      value: ${VALUE}\n      length: 20`,
    `vault: { db: { value: ${VALUE},\n      length: 20 } }`,
    `vault: { db: { generate: ${VALUE} } }`,
    `vault: { db: [${VALUE}] }`,
    `vault: { db_1: ${VALUE} }`,
    `vault: [{ db: ${VALUE} }]`,
    `vault: ${VALUE}`,
    `vault: { db: { length: 20, nested: { deep: ${VALUE} } }, other: { length: 3 } }`,
    `vault: { db: |\n      ${VALUE}\n    }`,
    `vault:\n    db: |\n      ${VALUE}\n    other: { length: 3 }`,
  ];
  for (const entry of entries) {
    const inner = `secrets:\n  ${entry}\n`;
    const nested = inner.replaceAll('\n', '\n    ').trimEnd();
    for (const text of [`${HEAD}${inner}`, `${HEAD}environments:\n  demo:\n    ${nested}\n`]) {
      const report = printed(text);
      assert.match(report, /fleet\//, text);
      assert.doesNotMatch(report, /hunter2/, `${text}\n${report}`);
      assert.doesNotMatch(JSON.stringify(load(text).findings), /hunter2/, text);
    }
  }
});

test('nor in a report of a fleet in TypeScript', () => {
  const vault = { db: VALUE };
  const text = `export default { name: 'atlas', region: 'koreacentral', clusters: { mgmt: {} },\n  secrets: { vault: { db: '${VALUE}' } } };\n`;
  const value = { name: 'atlas', region: 'koreacentral', clusters: { mgmt: {} }, secrets: { vault } };
  const { findings, document } = loadFleetCode('fleet.ts', new TextEncoder().encode(text), {
    kind: 'value',
    value,
  });
  const sources = redacted(new Map([['fleet.ts', document.text]]), findings);
  const report = renderFindings(findings, sources, plainStyle);
  assert.match(report, /db must be a map, not a text/);
  assert.doesNotMatch(report, /hunter2/);
});
