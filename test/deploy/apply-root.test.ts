import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { applyRoot } from '../../src/deploy/apply-root.ts';
import type { Change, RootFolder, Terraform } from '../../src/deploy/world.ts';
import { fakeClock } from './fake-world.ts';

const ROOT: RootFolder = { path: 'clusters/app1', folder: '/nowhere' };
const CLUSTER = 'azurerm_kubernetes_cluster.app1';
const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
const CONTEXT = { signal: new AbortController().signal, report: () => undefined };

type Stored = { address: string; id: string; isTainted: boolean };

/** A Terraform over an Azure of one cluster: what it plans follows from what is there and what it knows of. */
function world(start: { readonly isInAzure?: boolean; readonly state?: Stored }) {
  const log: string[] = [];
  let { isInAzure = false, state } = start;
  const change = (action: Change['action']): Change => ({
    address: CLUSTER,
    type: 'azurerm_kubernetes_cluster',
    action,
    replacedBy: [],
  });
  const terraform: Terraform = {
    version: async () => ({ program: 'terraform', version: '1.11.4' }),
    init: async () => void log.push('init'),
    plan: async () => {
      log.push('plan');
      const changes = !state ? [change('create')] : state.isTainted ? [change('replace')] : [];
      return { changes, planFile: 'p' };
    },
    apply: async () => {
      log.push('apply');
      if (!state && isInAzure) {
        throw new StepError(
          `Error: a resource with the ID "${ID}" already exists - to be managed via Terraform this resource needs ` +
            `to be imported into the State.\n\n  with ${CLUSTER},\n  on cluster.tf line 3`,
        );
      }
      [isInAzure, state] = [true, { address: CLUSTER, id: ID, isTainted: false }];
    },
    outputs: async () => ({}),
    resources: async () => (state ? [state] : []),
    untaint: async (_, address) => {
      log.push(`untaint ${address}`);
      state = { ...state!, isTainted: false };
    },
    import: async (_, address, id) => {
      log.push(`import ${address}`);
      state = { address, id, isTainted: false };
    },
  };
  return { terraform, log };
}

/** An Azure whose cluster is in these states, one after the other; the last one stays. */
const azure = (...states: readonly string[]) => {
  let looks = 0;
  const get = async () => {
    const provisioningState = states[Math.min((looks += 1), states.length) - 1];
    return { properties: { provisioningState } };
  };
  return { azure: { get }, clock: fakeClock() };
};
const agreed: Change[][] = [];
const approve = async (_: string, changes: readonly Change[]): Promise<void> =>
  void agreed.push([...changes]);

describe('applying a root', () => {
  it('applies what was agreed to, and finds nothing to do the second time', async () => {
    const { terraform, log } = world({});
    const first = await applyRoot(ROOT, { terraform, ...azure('Succeeded') }, approve, CONTEXT);
    assert.deepEqual(first, { isChanged: true, note: '1 change' });
    const second = await applyRoot(ROOT, { terraform, ...azure('Succeeded') }, approve, CONTEXT);
    assert.deepEqual(second, { isChanged: false, note: 'no change' });
    assert.deepEqual(log, ['init', 'plan', 'apply', 'init', 'plan']);
  });

  it('applies nothing without agreement', async () => {
    const { terraform, log } = world({});
    const refuse = async (): Promise<void> => {
      throw new StepError('not agreed');
    };
    await assert.rejects(
      applyRoot(ROOT, { terraform, ...azure('Succeeded') }, refuse, CONTEXT),
      /not agreed/,
    );
    assert.ok(!log.includes('apply'));
  });

  it('keeps a cluster whose creation was cut off and has succeeded since', async () => {
    const { terraform, log } = world({
      isInAzure: true,
      state: { address: CLUSTER, id: ID, isTainted: true },
    });
    const { isChanged } = await applyRoot(ROOT, { terraform, ...azure('Succeeded') }, approve, CONTEXT);
    assert.equal(isChanged, false);
    assert.deepEqual(log, ['init', `untaint ${CLUSTER}`, 'plan']);
  });

  it('waits for a cluster that Azure is still creating, and keeps it when that succeeds', async () => {
    const { terraform, log } = world({
      isInAzure: true,
      state: { address: CLUSTER, id: ID, isTainted: true },
    });
    const said: string[] = [];
    const context = { ...CONTEXT, report: (text: string) => void said.push(text) };
    const creating = azure('Creating', 'Creating', 'Succeeded');
    const { isChanged } = await applyRoot(ROOT, { terraform, ...creating }, approve, context);
    assert.equal(isChanged, false);
    assert.deepEqual(log, ['init', `untaint ${CLUSTER}`, 'plan']);
    assert.match(said[0]!, /Azure is still creating it/);
  });

  it('asks before it makes a failed one anew, whenever it failed', async () => {
    for (const states of [['Failed'], ['Creating', 'Failed']]) {
      const { terraform } = world({ isInAzure: true, state: { address: CLUSTER, id: ID, isTainted: true } });
      agreed.length = 0;
      await applyRoot(ROOT, { terraform, ...azure(...states) }, approve, CONTEXT);
      assert.deepEqual(
        agreed.map((changes) => changes.map(({ action }) => action)),
        [['replace']],
      );
    }
  });

  it('plans nothing when it is stopped while Azure creates', async () => {
    const { terraform, log } = world({
      isInAzure: true,
      state: { address: CLUSTER, id: ID, isTainted: true },
    });
    const stop = new AbortController();
    const context = { signal: stop.signal, report: () => stop.abort(new Error('stopped')) };
    await assert.rejects(applyRoot(ROOT, { terraform, ...azure('Creating') }, approve, context), /stopped/);
    assert.deepEqual(log, ['init']);
  });

  it('imports what a killed apply made and the state never got', async () => {
    const { terraform, log } = world({ isInAzure: true });
    const { isChanged } = await applyRoot(ROOT, { terraform, ...azure('Succeeded') }, approve, CONTEXT);
    assert.equal(isChanged, true);
    assert.deepEqual(log, ['init', 'plan', 'apply', `import ${CLUSTER}`, 'plan']);
  });

  it('imports no cluster before Azure has created it', async () => {
    const { terraform, log } = world({ isInAzure: true });
    const context = { ...CONTEXT, report: (text: string) => void log.push(text.replace(/^.*: /, '')) };
    await applyRoot(ROOT, { terraform, ...azure('Creating', 'Succeeded') }, approve, context);
    assert.deepEqual(log, [
      'init',
      'plan',
      'apply',
      'Azure is still creating it, waiting for the end',
      'is in Azure already, importing it',
      `import ${CLUSTER}`,
      'plan',
    ]);
  });

  it('imports each of several under the address that its own error names', async () => {
    const { terraform } = world({ isInAzure: true });
    const diagnostics = [
      'Quota exceeded\n  with azurerm_subnet.first,\n  on network.tf line 3\ncode="QuotaExceeded"\n\nask for more',
      ...['app1', 'app2'].map(
        (name) =>
          `A resource with the ID "/subscriptions/s/${name}" already exists - to be managed via Terraform this ` +
          `resource needs to be imported into the State.\n  with azurerm_subnet.all["${name}"],\n  on network.tf line 9`,
      ),
      'an association between "/subscriptions/s/subnet" and "/subscriptions/s/group" already exists - to be managed ' +
        'via Terraform this association needs to be imported into the State.\n  with ' +
        'azurerm_subnet_network_security_group_association.app1,\n  on security.tf line 208',
      'A resource with the ID "/subscriptions/s/nameless" already exists, and nothing says where',
    ];
    const imported: string[] = [];
    const broken: Terraform = {
      ...terraform,
      apply: async () => {
        if (imported.length === 0) {
          throw new StepError(`terraform apply of clusters/app1 failed:\n${diagnostics.join('\n\n')}`);
        }
      },
      import: async (_, address, id) => void imported.push(`${address} ${id}`),
    };
    await applyRoot(ROOT, { terraform: broken, ...azure('Succeeded') }, approve, CONTEXT);
    assert.deepEqual(imported, [
      'azurerm_subnet.all["app1"] /subscriptions/s/app1',
      'azurerm_subnet.all["app2"] /subscriptions/s/app2',
      'azurerm_subnet_network_security_group_association.app1 /subscriptions/s/subnet',
    ]);
  });

  it('gives up after a bounded number of imports', async () => {
    const { terraform, log } = world({ isInAzure: true });
    const forgetful = { ...terraform, import: async () => void log.push('import') };
    const lost = applyRoot(ROOT, { terraform: forgetful, ...azure('Succeeded') }, approve, CONTEXT);
    await assert.rejects(lost, /already exists/);
    assert.ok(log.filter((entry) => entry === 'import').length <= 20);
  });
});
