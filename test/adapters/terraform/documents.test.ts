import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputValues, plannedChanges, stateResources } from '../../../src/adapters/terraform/documents.ts';
import { terraformEnvironment } from '../../../src/adapters/terraform/terraform.ts';

const resource = (name: string, actions: readonly string[], more: object = {}, mode = 'managed') => ({
  address: `azurerm_subnet.${name}`,
  type: 'azurerm_subnet',
  mode,
  change: { actions, ...more },
});

describe('a plan of Terraform', () => {
  it('is what it changes, with the fields that force a replacement', () => {
    const plan = {
      resource_changes: [
        resource('a', ['create']),
        resource('b', ['update']),
        resource('c', ['delete']),
        resource('d', ['delete', 'create'], {
          replace_paths: [['network_profile', 0, 'network_plugin'], ['name']],
        }),
        resource('e', ['create', 'delete'], { replace_paths: null }),
        resource('f', ['no-op'], { importing: { id: '/x' } }),
        resource('g', ['no-op']),
        resource('h', ['read'], {}, 'data'),
        resource('i', ['forget']),
      ],
      output_changes: { one: { actions: ['create'] } },
    };
    assert.deepEqual(
      plannedChanges(plan).map(({ address, action, replacedBy }) => [address, action, replacedBy]),
      [
        ['azurerm_subnet.a', 'create', []],
        ['azurerm_subnet.b', 'update', []],
        ['azurerm_subnet.c', 'delete', []],
        ['azurerm_subnet.d', 'replace', ['network_profile[0].network_plugin', 'name']],
        ['azurerm_subnet.e', 'replace', []],
        ['azurerm_subnet.f', 'import', []],
      ],
    );
  });

  it('counts outputs only where no resource changes', () => {
    const outputs = { one: { actions: ['update'] }, two: { actions: ['no-op'] } };
    assert.deepEqual(
      plannedChanges({ resource_changes: [resource('a', ['no-op'])], output_changes: outputs }),
      [{ address: 'output.one', type: 'output', action: 'update', replacedBy: [] }],
    );
    assert.deepEqual(plannedChanges({}), []);
  });
});

describe('a state of Terraform', () => {
  it('is its managed resources, those of modules included', () => {
    const state = {
      values: {
        root_module: {
          resources: [
            { address: 'a.one', mode: 'managed', values: { id: '/one' }, tainted: true },
            { address: 'data.a.two', mode: 'data', values: { id: '/two' } },
            { address: 'a.three', mode: 'managed', values: {} },
          ],
          child_modules: [
            { resources: [{ address: 'module.m.a.four', mode: 'managed', values: { id: '/four' } }] },
          ],
        },
      },
    };
    assert.deepEqual(stateResources(state), [
      { address: 'a.one', id: '/one', isTainted: true },
      { address: 'a.three', id: undefined, isTainted: false },
      { address: 'module.m.a.four', id: '/four', isTainted: false },
    ]);
    assert.deepEqual(stateResources({ format_version: '1.0' }), []);
  });

  it('has outputs by name', () => {
    assert.deepEqual(
      outputValues({ a: { value: [1], sensitive: false }, b: { value: 's', sensitive: true } }),
      {
        a: [1],
        b: 's',
      },
    );
  });
});

describe('the environment of Terraform', () => {
  it('asks nothing, and drops what would change the meaning of a command or log secrets', () => {
    const { PATH, ...rest } = terraformEnvironment({
      PATH: '/bin',
      ARM_TENANT_ID: 't',
      TF_CLI_ARGS_apply: '-destroy',
      TF_CLI_ARGS: '-x',
      TF_WORKSPACE: 'other',
      TF_LOG: 'trace',
      TF_LOG_PROVIDER: 'trace',
    });
    assert.equal(PATH, '/bin');
    assert.deepEqual(rest, {
      ARM_TENANT_ID: 't',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    });
    const named = terraformEnvironment({ TF_LOG: 'trace', TF_LOG_PATH: '/tmp/log' });
    assert.equal(named['TF_LOG'], 'trace');
  });
});
