import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  diagnosticText,
  parseEvent,
  plainErrorText,
  progressText,
} from '../../../src/adapters/terraform/events.ts';

/** As Terraform 1.11.4 said them, but for the name of the resource. */
const event = (type: string, hook: object): string =>
  JSON.stringify({
    '@level': 'info',
    '@message': 'as for people',
    '@module': 'terraform.ui',
    '@timestamp': '2026-11-22T20:44:18.496963Z',
    hook: {
      resource: { addr: 'azurerm_kubernetes_cluster.app1', module: '', resource_name: 'app1' },
      ...hook,
    },
    type,
  });

const progressOf = (line: string): string | undefined => {
  const parsed = parseEvent(line);
  return parsed && progressText(parsed);
};

describe('progress of Terraform', () => {
  const CASES: readonly (readonly [string, object, string | undefined])[] = [
    ['refresh_start', { id_key: 'id' }, 'azurerm_kubernetes_cluster.app1: reading'],
    ['apply_start', { action: 'create' }, 'azurerm_kubernetes_cluster.app1: creating'],
    [
      'apply_progress',
      { action: 'create', elapsed_seconds: 250 },
      'azurerm_kubernetes_cluster.app1: creating, 4m10s',
    ],
    [
      'apply_progress',
      { action: 'delete', elapsed_seconds: 60.9 },
      'azurerm_kubernetes_cluster.app1: destroying, 1m00s',
    ],
    [
      'apply_complete',
      { action: 'update', elapsed_seconds: 9 },
      'azurerm_kubernetes_cluster.app1: updated, 9s',
    ],
    ['apply_complete', { action: 'create', elapsed_seconds: 0 }, 'azurerm_kubernetes_cluster.app1: created'],
    [
      'apply_errored',
      { action: 'create', elapsed_seconds: 13 },
      'azurerm_kubernetes_cluster.app1: failed, 13s',
    ],
    ['refresh_complete', {}, undefined],
    ['provision_progress', { output: 'Executing' }, undefined],
  ];
  for (const [type, hook, text] of CASES) {
    it(`tells ${type} as ${text}`, () => assert.equal(progressOf(event(type, hook)), text));
  }

  it('tells the summary, what init does, and that another run holds the lock', () => {
    const said = (type: string, message: string) =>
      progressOf(JSON.stringify({ type, '@message': message, ui: '1.2' }));
    assert.equal(
      said('change_summary', 'Plan: 3 to add, 0 to change, 0 to destroy.'),
      'plan: 3 to add, 0 to change, 0 to destroy',
    );
    assert.equal(said('init_output', 'Initializing the backend...'), 'initializing the backend');
    assert.equal(said('init_output', '\n'), undefined);
    assert.equal(
      said('log', 'Acquiring state lock. This may take a few moments...'),
      'waiting for the lock of the state',
    );
    assert.equal(said('log', 'Stopping operation...'), undefined);
  });

  it('passes over lines that are no events', () => {
    for (const line of ['', 'Terraform v1.11.4', '{"type":', '{"level":1}', '[]', '{"type":3}']) {
      assert.equal(parseEvent(line), undefined, line);
    }
  });
});

describe('errors of Terraform', () => {
  it('keep its words, with the address and the place', () => {
    const text = diagnosticText({
      severity: 'error',
      summary: 'A resource with the ID "/subscriptions/1/x" already exists',
      detail: 'It needs to be imported.\n',
      address: 'azurerm_kubernetes_cluster.app1["a"]',
      range: { filename: 'main.tf', start: { line: 16 } },
    });
    assert.equal(
      text,
      [
        'A resource with the ID "/subscriptions/1/x" already exists',
        '  with azurerm_kubernetes_cluster.app1["a"],',
        '  on main.tf line 16',
        'It needs to be imported.',
      ].join('\n'),
    );
    assert.equal(
      diagnosticText({ severity: 'error', summary: 'operation canceled', detail: '' }),
      'operation canceled',
    );
  });

  it('lose the frame and what comes before them', () => {
    const framed = [
      'Acquiring state lock.',
      '╷',
      '│ Error: No such resource instance',
      '│ ',
      '│ There is none.',
      '╵',
      '',
    ];
    assert.equal(plainErrorText(framed.join('\n')), 'No such resource instance\nThere is none.');
    assert.equal(plainErrorText('killed\n'), 'killed');
    assert.equal(plainErrorText(''), '');
  });
});
