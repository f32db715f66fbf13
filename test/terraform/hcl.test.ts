import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  attr,
  block,
  call,
  group,
  heredoc,
  raw,
  rawLines,
  ref,
  remark,
  template,
} from '../../src/terraform/block.ts';
import type { Block, Expression } from '../../src/terraform/block.ts';
import { renderHcl } from '../../src/terraform/hcl.ts';

/** The lines of one attribute `v` in a block without labels, less the block's own indentation. */
function lines(value: Expression): string[] {
  const text = renderHcl([block('locals', [], [attr('v', value)])]);
  return text
    .split('\n')
    .slice(1, -2)
    .map((line) => line.slice(2));
}

test('a resource reads as a person would have written it', () => {
  const subnet = block(
    'resource',
    ['azurerm_subnet', 'containers'],
    [
      attr('name', 'snet-containers'),
      attr('resource_group_name', ref('azurerm_resource_group.network.name')),
      attr('address_prefixes', ['10.4.0.0/24'], { beside: 'ADR-A02' }),
      attr('private_endpoint_network_policies', undefined),
      block(
        'delegation',
        [],
        [
          attr('name', 'aci'),
          block('service_delegation', [], [attr('name', 'Microsoft.ContainerInstance/containerGroups')]),
        ],
        'ADR-B01: container groups join no other subnet.',
      ),
      false,
    ],
  );
  assert.equal(
    renderHcl([remark('Written by Bulkhead.'), subnet, block('provider', ['azurerm'], [])]),
    `# Written by Bulkhead.

resource "azurerm_subnet" "containers" {
  name                = "snet-containers"
  resource_group_name = azurerm_resource_group.network.name
  address_prefixes    = ["10.4.0.0/24"] # ADR-A02

  # ADR-B01: container groups join no other subnet.
  delegation {
    name = "aci"

    service_delegation {
      name = "Microsoft.ContainerInstance/containerGroups"
    }
  }
}

provider "azurerm" {}
`,
  );
});

test('comments wrap, and set what they are about apart', () => {
  const cluster = block(
    'resource',
    ['azurerm_kubernetes_cluster', 'app1'],
    [
      remark(
        'checkov:skip=CKV_AZURE_170:ADR-A01 the demo runs the Free tier, which makes no promise of being up',
      ),
      attr('name', 'aks-app1'),
      attr('location', 'koreacentral'),
      attr(
        'sku_tier',
        'Free',
        'ADR-A01: a demo that sleeps for most of the week needs no uptime commitment; production needs it.',
      ),
      attr('dns_prefix', 'app1'),
      group(
        [attr('oidc_issuer_enabled', true), attr('workload_identity_enabled', true)],
        'ADR-A03: pods sign in with a token of their own.\n\nBoth or neither.',
      ),
      attr('zones', ['1'], { beside: 'short' }),
      attr('tags', { environment: 'demo' }, { beside: 'no room beside several lines' }),
    ],
  );
  assert.equal(
    renderHcl([cluster]),
    `resource "azurerm_kubernetes_cluster" "app1" {
  # checkov:skip=CKV_AZURE_170:ADR-A01 the demo runs the Free tier, which makes no promise of being up

  name     = "aks-app1"
  location = "koreacentral"

  # ADR-A01: a demo that sleeps for most of the week needs no uptime commitment; production needs
  # it.
  sku_tier = "Free"

  dns_prefix = "app1"

  # ADR-A03: pods sign in with a token of their own.
  #
  # Both or neither.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  zones = ["1"] # short

  # no room beside several lines
  tags = {
    environment = "demo"
  }
}
`,
  );
});

test('neighbouring comments beside attributes are aligned, and only those', () => {
  const rows = [
    attr('priority', 100, { beside: 'first' }),
    attr('access', 'Allow', { beside: 'second' }),
    attr('destination_address_prefix', '10.2.0.0/16'),
    attr('protocol', 'Udp', { beside: 'third' }),
  ];
  assert.equal(
    renderHcl([block('security_rule', [], rows)]),
    `security_rule {
  priority                   = 100     # first
  access                     = "Allow" # second
  destination_address_prefix = "10.2.0.0/16"
  protocol                   = "Udp" # third
}
`,
  );
});

test('objects align by key, quote what is no name, and leave out what is undefined', () => {
  const value = {
    for: 1,
    'app.kubernetes.io/name': 'atlas',
    비용: 'x',
    'e\u0301': 'x',
    gone: undefined,
    nested: { a: [], longer: {} },
    last: null,
  };
  assert.deepEqual(lines(value), [
    'v = {',
    '  "for"                    = 1',
    '  "app.kubernetes.io/name" = "atlas"',
    '  "비용"                     = "x"',
    '  "e\\u0301"                = "x"',
    '  nested = {',
    '    a      = []',
    '    longer = {}',
    '  }',
    '  last = null',
    '}',
  ]);
});

test('lists stay on a line while they fit', () => {
  // In `locals` the list starts in column 6; brackets, quotes, comma and space leave 86 of 100 for the texts.
  const fits = ['a'.repeat(44), 'b'.repeat(42)];
  assert.deepEqual(lines(fits), [`v = ["${fits[0]}", "${fits[1]}"]`]);
  assert.equal(lines(fits)[0]!.length, 98);
  assert.deepEqual(lines([`${fits[0]}a`, fits[1]!]), ['v = [', `  "${fits[0]}a",`, `  "${fits[1]}",`, ']']);
  assert.deepEqual(lines([[true, null], [{ a: 1 }]]), [
    'v = [',
    '  [true, null],',
    '  [',
    '    {',
    '      a = 1',
    '    },',
    '  ],',
    ']',
  ]);
});

test('calls open a last object on their own line', () => {
  assert.deepEqual(lines(call('jsonencode', { a: 1 })), ['v = jsonencode({', '  a = 1', '})']);
  assert.deepEqual(lines(call('merge', ref('local.tags'), { a: 1 })), [
    'v = merge(local.tags, {',
    '  a = 1',
    '})',
  ]);
  assert.deepEqual(lines(call('merge', { a: 1 }, {})), [
    'v = merge(',
    '  {',
    '    a = 1',
    '  },',
    '  {}',
    ')',
  ]);
  assert.deepEqual(lines(call('substr', call('sha256', 'x'), 0, 8)), ['v = substr(sha256("x"), 0, 8)']);
  assert.deepEqual(lines(call('timestamp')), ['v = timestamp()']);
});

test('templates take values in, and are unwrapped when they hold nothing else', () => {
  assert.deepEqual(lines(template`aks-${ref('var.name')}-${2}`), ['v = "aks-${var.name}-2"']);
  assert.deepEqual(lines(template`${ref('var.name')}`), ['v = var.name']);
  assert.deepEqual(lines(template`${''}`), ['v = ""']);
  assert.deepEqual(lines(template`a${'${b}'}`), ['v = "a$${b}"']);
  assert.deepEqual(lines(template`$${ref('var.price')}`), ['v = "\\u0024${var.price}"']);
  assert.deepEqual(lines(template`x ${raw('{}')}`), ['v = "x ${ {} }"']);
  assert.deepEqual(lines(template`x ${raw('-var.a')}`), ['v = "x ${(-var.a)}"']);
});

test('heredocs drop the indentation of the source', () => {
  const query = heredoc`
    Perf
    | where Computer == "${ref('var.node')}"
      and Path has "\${" and Rate has "%{"

    EOT
  `;
  assert.deepEqual(lines(query), [
    'v = <<-EOT_',
    '  Perf',
    '  | where Computer == "${var.node}"',
    '    and Path has "$${" and Rate has "%%{"',
    '',
    '  EOT',
    'EOT_',
  ]);
});

test('heredocs that cannot be written as such are quoted', () => {
  assert.deepEqual(lines(heredoc`a${'\u001b'}`), ['v = "a\\u001b\\n"']);
  assert.deepEqual(lines(heredoc`$${ref('var.price')}`), ['v = "\\u0024${var.price}\\n"']);
  assert.deepEqual(lines(heredoc`${'\u0301'}`), ['v = "\u0301\\n"']);
  assert.deepEqual(lines([heredoc`a`]), ['v = ["a\\n"]']);
  assert.deepEqual(lines(heredoc`  `), ['v = ""']);
});

test('malformed names are refused where they are written', () => {
  assert.throws(() => attr('1st', 1), /attribute "1st" is no valid HCL name/);
  assert.throws(() => block('resource', ['a b'], []), /label of resource "a b"/);
  assert.throws(() => ref('var.a == 1'), /reference/);
  assert.throws(() => ref('var.a["${b}"]'), /reference/);
  assert.throws(() => call('a b'), /function/);
  assert.throws(() => raw('a\nb'), /one trimmed line/);
  assert.throws(() => block('x', [], [attr('a', 1), group([attr('a', 2)])]), /x has the attribute a twice/);
  assert.throws(() => lines(Number.NaN), /NaN cannot be written in HCL/);
});

test('references may have indices and splats', () => {
  for (const text of ['var.a[0].b', 'local.m["a/b.c"].id', 'module.x[*].id', 'string', 'each.value']) {
    assert.deepEqual(lines(ref(text)), [`v = ${text}`]);
  }
});

/** Reads a quoted HCL string without values in it, as the language's specification says. */
function decodeQuoted(quoted: string): string {
  assert.match(quoted, /^".*"$/s);
  const inside = quoted.slice(1, -1);
  const tokens =
    inside.match(/\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\[nrt"\\]|\$\$\{|%%\{|[$%](?!\{)|[^"\\$%\n]/gsu) ?? [];
  assert.equal(tokens.join(''), inside, 'holds nothing that is not a legal token');
  return tokens.map(decodeToken).join('');
}

function decodeToken(token: string): string {
  if (/^\\[uU]/.test(token)) return String.fromCodePoint(Number.parseInt(token.slice(2), 16));
  if (token === '$${' || token === '%%{') return token.slice(1);
  const named: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\t': '\t' };
  return token.startsWith('\\') ? (named[token] ?? token.slice(1)) : token;
}

const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('${', '%{', '$', '%', '{', '}', '"', '\\', '\n', '\r', '\t', '\0', '\u202e', '#', '='),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('snet-app1', '한글', 'é', 'e\u0301', '👨‍👩‍👧', 'EOT', ' '),
    ),
    { maxLength: 10 },
  )
  .map((pieces) => pieces.join(''));

test('any string comes back from its quoted form', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const [line, ...more] = lines(text);
      assert.deepEqual(more, []);
      assert.equal(decodeQuoted(line!.slice('v = '.length)), text);
    }),
    { numRuns: 500 },
  );
});

test('any key comes back from its quoted form', () => {
  fc.assert(
    fc.property(hostileText, (key) => {
      const row = lines(Object.fromEntries([[key, 1]]))[1]!.trim();
      const printed = row.slice(0, -' = 1'.length);
      const isBare = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(printed);
      assert.equal(isBare ? printed : decodeQuoted(printed), key);
    }),
  );
});

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,12}$/);

const expression: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    hostileText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(ref('var.a'), raw('a - b'), call('jsonencode', { a: [1] })),
    hostileText.map((text) => template`a${text}-${ref('var.b')}`),
    hostileText.map((text) => heredoc`${text} ${ref('var.b')}`),
    fc.array(tie('any'), { maxLength: 5 }),
    fc
      .array(fc.tuple(hostileText, tie('any')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
    fc.array(tie('any'), { maxLength: 3 }).map((args) => call('concat', ...args)),
  ),
})).any;

const comment = fc.option(
  fc.oneof(
    hostileText,
    hostileText.map((beside) => ({ beside })),
  ),
  {
    nil: undefined,
  },
);

const nested: fc.Arbitrary<Block> = fc.letrec<{ block: Block }>((tie) => ({
  block: fc
    .record({
      type: name,
      labels: fc.array(name, { maxLength: 2 }),
      rows: fc.uniqueArray(fc.tuple(name, expression, comment), { maxLength: 5, selector: ([key]) => key }),
      blocks: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('block'), { maxLength: 3 })),
      why: fc.option(hostileText, { nil: undefined }),
    })
    .map(({ type, labels, rows, blocks, why }) => {
      return block(type, labels, [...rows.map((row) => attr(...row)), ...blocks], why);
    }),
})).block;

/** What is left without heredocs, strings and comments: the structure. */
function structureOf(text: string): string {
  return text.replace(/<<-(EOT_*)\n[^]*?\n *\1(?=\n)|"(?:[^"\\\n]|\\.)*"|#.*$/gm, '');
}

test('any document is balanced, tidy, and the same each time', () => {
  fc.assert(
    fc.property(fc.array(nested, { minLength: 1, maxLength: 3 }), (blocks) => {
      const text = renderHcl(blocks);
      assert.equal(renderHcl(blocks), text);
      assert.ok(text.endsWith('}\n') && !text.endsWith('\n\n'));
      assert.doesNotMatch(text, /[ \t]$/m);
      assert.doesNotMatch(text, /[^\P{Cc}\n\t]/u);
      const structure = structureOf(text);
      for (const [open, close] of ['{}', '[]', '()'] as const) {
        assert.equal(structure.split(open!).length, structure.split(close!).length);
      }
    }),
  );
});

test('an expression of several lines stands as it was written, and on one line within another', () => {
  const loop = rawLines('alltrue([', '  for one in var.all : one', '])');
  assert.deepEqual(lines(loop), ['v = alltrue([', '  for one in var.all : one', '])']);
  assert.deepEqual(lines({ inner: loop }), [
    'v = {',
    '  inner = alltrue([',
    '    for one in var.all : one',
    '  ])',
    '}',
  ]);
  assert.deepEqual(lines(template`all: ${loop}`), ['v = "all: ${alltrue([ for one in var.all : one ])}"']);
});

test('raw HCL of several lines is refused where a line is none, or hangs', () => {
  for (const wrong of [['one'], ['[', ''], ['[ ', ']'], [' [', ']'], ['[', 'a\nb']]) {
    assert.throws(() => rawLines(...wrong), /not trimmed/);
  }
});
