import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../src/base/finding.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { codeBlock, codeMarkdown, inlineMarkdown } from '../../src/report/markdown-text.ts';
import { printable } from '../../src/report/style.ts';
import { anyFinding } from './any-finding.ts';
import { anyText } from './any-text.ts';
import { golden } from './golden.ts';
import { atlasText, planned } from './planned.ts';

const contract = new Set(['contract'] as const);
const none = new Map<string, string>();

function ofFindings(findings: readonly Finding[]): Plan {
  return { isSound: true, environments: [], findings };
}

const spot: Finding = {
  id: 'production-tier1-is-on-demand',
  alias: 'C3',
  severity: 'error',
  message: 'mgmt is Spot in production',
  path: ['tiers', '1', 'production'],
  span: { file: 'fleet.yaml', start: { line: 2, column: 6 }, end: { line: 2, column: 10 } },
  help: 'write `OnDemand`\nor ask @platform',
  adr: 'ADR-A01',
  environment: 'production',
};

test('a finding is a collapsible block with its line, its help and its page', () => {
  const sources = new Map([['fleet.yaml', 'tiers:\n  1: Spot # ```\n']]);
  assert.equal(
    renderMarkdown(ofFindings([spot]), sources, contract),
    golden(`
    <!-- bulkhead -->
    ## Bulkhead: 1 error

    <details open><summary><b>error</b> <code>production-tier1-is-on-demand</code> C3 (production): mgmt is Spot in production</summary>

    \`\`\`\`text
      --> fleet.yaml:2:6
       |
     2 |   1: Spot # \`\`\`
       |      ^^^^
    \`\`\`\`

    <b>help:</b> write <code>OnDemand</code><br>or ask @&#8203;platform

    decided in ADR-A01 · [more](https://bulkhead.dev/invariants/production-tier1-is-on-demand)

    </details>
    `),
  );
});

test('C1 to C5 come first, with a verdict for each environment; the price comes when it is asked for', () => {
  const { plan, sources } = planned(atlasText);
  const text = renderMarkdown(plan, sources, contract);
  assert.match(text, /^<!-- bulkhead -->\n## Bulkhead on atlas: 7 warnings\n\n\| {2}\| must hold \|/);
  for (const row of [
    /^\| C1 \| \[The .*\]\(.*\) \| ADR-A01 \| held in 5 places \| held in 5 places \|$/m,
    /^\| C5 /m,
  ])
    assert.match(text, row);
  assert.match(text, /^Of \d+ other invariants, demo: \d+ held, 4 broken; production: \d+ held, 1 broken;/m);
  assert.doesNotMatch(text, /Price/);
  const withPrice = renderMarkdown(plan, sources, new Set(['contract', 'cost']));
  assert.ok(withPrice.startsWith(text));
  assert.match(
    withPrice,
    /^\| {2}\| demo \| production \| production adds \|\n\| --- \| ---: \| ---: \| ---: \|$/m,
  );
  assert.match(withPrice, /^\| Spot nodes \| \$\d+\.\d\d \| \$\d+\.\d\d \| -\$\d+\.\d\d \|$/m);
  assert.match(withPrice, /^\| \*\*total, at least\*\* \| /m);
});

test('the gravest findings come first, waived ones last', () => {
  const waivedBy = { owner: '@ops', reason: 'a|b', expires: '2027-01-31' };
  const findings: Finding[] = [
    { ...spot, waivedBy },
    { ...spot, severity: 'note' },
    { ...spot, severity: 'warning' },
    spot,
  ];
  const text = renderMarkdown(ofFindings(findings), none, contract);
  const kinds = [...text.matchAll(/<b>(error|warning|note|waived)<\/b>/g)].map(([, kind]) => kind);
  assert.deepEqual(kinds, ['error', 'warning', 'note', 'waived']);
  assert.match(text, /^Waived by @&#8203;ops until 2027-01-31: a&#124;b$/m);
  assert.equal(text.split('<details open>').length, 2);
});

test('the line that holds a secret is not repeated in a comment', () => {
  const repo = 'https://ci:hunter2-hunter2@github.com/acme/platform.git';
  const { plan, sources } = planned(
    `name: small\nregion: koreacentral\ngitops: { repo: '${repo}' }\nclusters: { mgmt: {} }\n`,
  );
  const found = plan.findings.filter(({ id }) => id === 'secrets-in-key-vault');
  assert.ok(found.length > 0);
  const comment = renderMarkdown(ofFindings(found), sources, contract);
  assert.doesNotMatch(comment, /hunter2/);
  assert.match(comment, /<code>fleet\.yaml:\d+:\d+<\/code>/);
});

test('a long list is cut at what a comment can hold, and says what is left', () => {
  const { plan, sources } = planned(atlasText);
  const findings = Array.from({ length: 3000 }, (_, index): Finding => ({
    ...spot,
    severity: index % 2 === 0 ? 'warning' : 'error',
  }));
  const text = renderMarkdown({ ...plan, findings }, sources, new Set(['contract', 'cost']));
  assert.ok(text.length <= 65_536 && text.length > 60_000, `${text.length}`);
  const shown = text.split('<details').length - 1;
  const [, errors, warnings] = /no room for more: (\d+) errors, (\d+) warnings\./.exec(text)!;
  assert.equal(shown + Number(errors) + Number(warnings), 3000);
  assert.equal(warnings, '1500');
  assert.match(text, /### Price/);
  const huge = renderMarkdown(ofFindings([{ ...spot, help: 'x'.repeat(70_000) }]), none, contract);
  assert.match(huge, /^No room for 1 error\. /m);
});

test('what people wrote formats, links and notifies nothing', () => {
  const shown = {
    'a | b': 'a &#124; b',
    '@acme/ops #12 GH-12': '@&#8203;acme/ops #&#8203;12 GH&#8203;-12',
    '<img src=x>': '&#60;img src=x&#62;',
    '[a](https://b)': '&#91;a&#93;(https:&#8203;//b)',
    'www.b.example *x* _y_ a_b': 'www&#8203;.b.example &#42;x&#42; &#95;y&#95; a_b',
    'write `a|b@c` now': 'write <code>a&#124;b&#64;c</code> now',
    'one ` alone': 'one &#96; alone',
    '`a` and `b': '<code>a</code> and &#96;b',
    '#1; &amp; \\*': '#&#8203;1; &#38;amp; &#92;&#42;',
    'line\nbreak': 'line&#92;nbreak',
  };
  for (const [text, expected] of Object.entries(shown)) assert.equal(inlineMarkdown(text), expected);
});

/** What a reader of the page sees. */
function seen(markdown: string): string {
  return markdown
    .replaceAll(/<\/?code>/g, '')
    .replaceAll('&#8203;', '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** Everything that could act, once our own tags and entities are taken away. */
const ACTIVE = /[&<>"\\`*[\]~|$\n]|[@#](?!\u{200b})|:\/\/|\bwww\./iu;

const hostile = fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'`@#[](<>&|*_~$:/\\!w.a1\n') }));

test('any text is shown as it is and does nothing', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const inline = inlineMarkdown(text);
      const bare = inline
        .replaceAll(/<code>.*?<\/code>/g, 'x')
        .replaceAll('&#8203;', '\u{200b}')
        .replaceAll(/&#\d+;/g, 'x');
      assert.doesNotMatch(bare, ACTIVE);
      assert.equal(seen(inline).replaceAll('`', ''), printable(text).replaceAll('`', ''));
      assert.equal(seen(codeMarkdown(text)), printable(text));
      assert.doesNotMatch(codeMarkdown(text).replaceAll(/<\/?code>|&#\d+;/g, ''), /[&<>"\\`*[\]~|$@#\n]/);
    }),
    { numRuns: 500 },
  );
});

test('a code block ends where it should, and nowhere else', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n') }), (text) => {
      const lines = codeBlock('text', text).trimEnd().split('\n');
      const fence = lines.at(-1)!;
      assert.match(fence, /^`{3,}$/);
      assert.ok(lines.slice(1, -1).every((line) => !line.includes(fence)));
      assert.equal(lines.slice(1, -1).join('\n'), text.trimEnd());
    }),
  );
});

test('any findings make a comment that holds, with as many blocks as findings', () => {
  const sources = new Map([['fleet.yaml', atlasText]]);
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 5 }), (findings) => {
      const text = renderMarkdown(ofFindings(findings), sources, contract);
      assert.ok(text.length <= 65_536);
      const outside = text.replaceAll(/^(`{3,})text\n[\s\S]*?^\1$/gm, '');
      assert.equal(outside.match(/<details/g)?.length ?? 0, findings.length);
      assert.equal(outside.match(/^<\/details>$/gm)?.length ?? 0, findings.length);
      assert.doesNotMatch(outside, /@(?!&#8203;)/);
    }),
    { numRuns: 100 },
  );
});
