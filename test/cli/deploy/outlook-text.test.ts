import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farewellText, lossesText, outlookText } from '../../../src/cli/deploy/outlook-text.ts';
import type { Loss } from '../../../src/deploy/ask.ts';
import { ansiStyle, plainStyle } from '../../../src/report/style.ts';
import { change } from '../../deploy/fake-terraform.ts';

const REPLACED: Loss = {
  root: 'clusters/app1',
  change: change('azurerm_kubernetes_cluster.app1', 'replace', ['network_profile[0].pod_cidr', 'dns_prefix']),
};

describe('what would change', () => {
  it('is a line for each root', () => {
    const text = outlookText(
      [
        {
          root: 'foundation',
          kind: 'planned',
          changes: [
            change('azurerm_subnet.a', 'create'),
            change('azurerm_subnet.b', 'create'),
            change('azurerm_subnet.c', 'update'),
            change('azurerm_subnet.d', 'import'),
            change('azurerm_subnet.e', 'delete'),
          ],
        },
        { root: 'clusters/app1', kind: 'planned', changes: [REPLACED.change] },
        { root: 'clusters/app2', kind: 'planned', changes: [] },
        { root: 'clusters/app3', kind: 'expected', resources: 11 },
        { root: 'keeper', kind: 'unknown' },
      ],
      plainStyle,
    );
    assert.equal(
      text,
      `What would change

  foundation     2 to make, 1 to take over, 1 to change, 1 to destroy
  clusters/app1  1 to make anew
  clusters/app2  no change
  clusters/app3  11 to make
  keeper         not known until you may read its state: you are given the role first
`,
    );
  });

  it('has in red what takes something away', () => {
    const outlook = [{ root: 'clusters/app1', kind: 'planned', changes: [REPLACED.change] }] as const;
    assert.ok(outlookText(outlook, ansiStyle).includes('\u001b[31m1 to make anew\u001b[39m'));
    const [, , line = ''] = lossesText([REPLACED], ansiStyle).split('\n');
    assert.ok(
      line.startsWith('  \u001b[31mclusters/app1') && line.endsWith('cannot change in place\u001b[39m'),
    );
  });
});

describe('what would be lost', () => {
  it('is told by name, with the immutable fields that make it so', () => {
    const losses = [REPLACED, { root: 'foundation', change: change('azurerm_subnet.a["\u202e"]', 'delete') }];
    assert.equal(
      lossesText(losses, plainStyle),
      `What would be lost

  clusters/app1 azurerm_kubernetes_cluster.app1 is destroyed and made anew: network_profile[0].pod_cidr, dns_prefix cannot change in place
  foundation azurerm_subnet.a["\\u{202e}"] is destroyed
`,
    );
  });

  it('is counted beyond forty', () => {
    const many = Array.from({ length: 43 }, () => REPLACED);
    const text = lossesText(many, plainStyle);
    assert.equal(text.split('\n').length, 44);
    assert.match(text, /\n {2}and 3 more\n$/);
  });
});

describe('what goes', () => {
  it('is what there is, what dies and what remains', () => {
    const changes = [change('azurerm_subnet.a', 'delete')];
    const text = farewellText(
      {
        roots: [{ root: 'foundation', kind: 'planned', changes }],
        dies: ['app1: every volume in it'],
        remains: ['the vault kv-1'],
      },
      plainStyle,
    );
    assert.equal(
      text,
      `What goes

  foundation  1 resource

Data that nobody gets back

  app1: every volume in it

What remains

  the vault kv-1
`,
    );
  });
});
